"""Reading offers."""

from bangfu.placements.models import Offer


def offers_of(case: int) -> list[Offer]:
    """All offers made in a case, the newest round first and in it the best score first."""
    rows = Offer.objects.filter(case=case).select_related("post__employer")
    return list(rows.order_by("-offered_on", "-score", "id"))
