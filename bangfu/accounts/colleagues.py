"""Who can be given work: the colleagues of a user."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.timezone import localdate

from bangfu.accounts.models import User
from bangfu.accounts.roles import OFFICERS
from bangfu.divisions.queries import within

_HELPERS_LIMIT = 200


def helpers_for(user: User) -> Sequence[User]:
    """Who may be given work: the user, then others with a writing duty of today inside the user's duties."""
    today, reach = localdate(), within(user.ranges(), "duties__division")
    term = Q(duties__valid_to__isnull=True) | Q(duties__valid_to__gt=today)
    others = (
        User.objects.filter(
            reach & term,
            duties__valid_from__lte=today,
            duties__waiting=False,
            duties__role__in=OFFICERS,
            is_active=True,
        )
        .exclude(pk=user.pk)
        .distinct()
        .order_by("name", "pk")
    )
    return [user, *others[:_HELPERS_LIMIT]]
