"""The only door through which pages get offers."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.placements.models import Offer


def visible_offers(user: Viewer) -> QuerySet[Offer]:
    """Offers to persons whose case lies inside the user's duties of today; none without a duty."""
    return Offer.objects.filter(inside(user, "case__division"))


def get_offer(user: Viewer, key: int) -> Offer:
    """The offer with that key. Raises Http404 where there is none inside the user's duties."""
    return get_object_or_404(visible_offers(user).select_related("case__person", "post__employer"), pk=key)
