"""Who can be given work: the colleagues of a user."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.timezone import localdate

from bangfu.accounts.models import Role, User

_HELPERS_LIMIT = 200


def helpers_for(user: User) -> Sequence[User]:
    """Who may be given work: the user, then others with a writing duty of today inside the user's duties."""
    today, reach = localdate(), Q(pk__in=())
    for low, high in user.ranges():
        reach |= Q(duties__division__gte=low, duties__division__lt=high)
    term = Q(duties__valid_to__isnull=True) | Q(duties__valid_to__gt=today)
    others = (
        User.objects.filter(reach & term, duties__valid_from__lte=today, is_active=True)
        .exclude(duties__role__in=(Role.SUPERVISOR, Role.AUDITOR))
        .exclude(pk=user.pk)
        .distinct()
        .order_by("name", "pk")
    )
    return [user, *others[:_HELPERS_LIMIT]]
