"""The only door through which pages get cases."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.models import Case


def visible_cases(user: Viewer) -> QuerySet[Case]:
    """Cases inside the user's duties of today; none without a duty."""
    return Case.objects.filter(inside(user))


def get_case(user: Viewer, key: int) -> Case:
    """The case with that key. Raises Http404 where there is none inside the user's duties."""
    rows = Case.objects.filter(inside(user, person="person"))
    return get_object_or_404(rows.select_related("person", "helper"), pk=key)
