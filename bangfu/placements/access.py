"""The only door through which pages get offers and rounds of matching."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import User
from bangfu.divisions.ranges import county_of
from bangfu.placements.models import Offer, Round


def visible_offers(user: Viewer) -> QuerySet[Offer]:
    """Offers to persons whose case lies inside the user's duties of today; none without a duty."""
    return Offer.objects.filter(inside(user, "case__division"))


def get_offer(user: Viewer, key: int) -> Offer:
    """The offer with that key. Raises Http404 where there is none inside the user's duties."""
    return get_object_or_404(visible_offers(user).select_related("case__person", "post__employer"), pk=key)


def visible_rounds(user: Viewer) -> QuerySet[Round]:
    """Rounds of the counties inside the user's duties, and of the county in which a duty lies."""
    scope = inside(user)
    if isinstance(user, User):
        scope |= Q(division__in={county_of(duty.division) for duty in user.duties_today} - {""})
    return Round.objects.filter(scope)


def get_round(user: Viewer, key: int) -> Round:
    """The round with that key. Raises Http404 where there is none that the user may see."""
    return get_object_or_404(visible_rounds(user), pk=key)
