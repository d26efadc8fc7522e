"""The only door through which pages get uploads. This room lies below that of users: they are asked, not imported."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bangfu.intake.models import Batch


def visible_batches(user: Any) -> QuerySet[Batch]:
    """The uploads of offices whose division lies inside the user's duties of today; none without a duty.

    Who moved to another place leaves the uploads made there behind.
    """
    scope = Q(pk__in=())
    for low, high in user.ranges():
        scope |= Q(division__gte=low, division__lt=high)
    return Batch.objects.filter(scope).select_related("by")


def get_batch(user: Any, key: int) -> Batch:
    """The upload with that key. Raises Http404 where the user may not see it."""
    return get_object_or_404(visible_batches(user), pk=key)


def require_writer(user: Any) -> Any:
    """The user, when some duty of today lets them change facts. Raises PermissionDenied."""
    if not user.may_write():
        raise PermissionDenied
    return user
