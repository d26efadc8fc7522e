"""The only door through which pages get entries of the record of deeds."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer
from bangfu.accounts.models import User
from bangfu.accounts.roles import AUDITING
from bangfu.audit.models import Entry
from bangfu.divisions.queries import within


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    """What was done by those whose duty lies in the auditor's range, or at a place inside it, or by the system.

    Raises PermissionDenied for who does not audit.
    """
    if not isinstance(user, User) or not user.may_audit():
        raise PermissionDenied
    scope = Q(by__isnull=True, division="")
    for low, high in user.ranges_as(AUDITING):
        scope |= Q(place__gte=low, place__lt=high) | Q(division__gte=low, division__lt=high)
    return Entry.objects.filter(scope)


def get_entry(user: Viewer, key: int) -> Entry:
    """The entry with that key. Raises Http404 where there is none that the user may see."""
    return get_object_or_404(visible_entries(user).select_related("by"), pk=key)


def audited_users(user: Viewer) -> QuerySet[User]:
    """Whose deeds an auditor may read: users with a duty, now or before, inside the auditor's range."""
    if not isinstance(user, User) or not user.may_audit():
        raise PermissionDenied
    return (
        User.objects.filter(within(user.ranges_as(AUDITING), "duties__division"))
        .distinct()
        .order_by("office", "name", "pk")
    )
