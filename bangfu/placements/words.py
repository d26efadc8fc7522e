"""Offers, and why a case found too few of them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.core.matching.certificate import FEW_ELIGIBLE_POSTS, NO_ELIGIBLE_POST, PRICED_OUT
from bangfu.placements.models import Offer, OfferState, Shortage

BADGES = {
    OfferState.PROPOSED: ("", "circle-dashed"), OfferState.ACCEPTED: ("st-green", "check"),
    OfferState.THINKING: ("st-amber", "clock"), OfferState.REFUSED: ("", "x"),
    OfferState.UNREACHABLE: ("st-red", "phone"), OfferState.HIRED: ("st-green", "user-check"),
    OfferState.FELL_THROUGH: ("st-line", "x"),
}  # fmt: skip
_POINT = 600  # score of one point out of 100 (bangfu.core.matching.fit)


@dataclass(frozen=True)
class StateShown:
    """The state of an offer as a badge: class, icon, words."""

    colour: str
    symbol: str
    words: str


def state_shown(offer: Offer, today: date) -> StateShown:
    """The state of an offer today; a proposal past its hold has lapsed."""
    if offer.state == OfferState.PROPOSED and offer.holds_until < today:
        return StateShown("st-line", "history", _("Lapsed"))
    colour, symbol = BADGES[OfferState(offer.state)]
    return StateShown(colour, symbol, str(OfferState(offer.state).label))


def points_of(offer: Offer) -> int:
    """The points of an offer, 0 to 100, rounded half up."""
    return int((Decimal(offer.score) / _POINT).quantize(Decimal(1), ROUND_HALF_UP))


def shortage_words(shortage: Shortage) -> str:
    """Why a case has fewer than three offers."""
    if shortage.reason == NO_ELIGIBLE_POST:
        return _("No open vacancy fits: none is within reach, pays enough and asks no more than the person has.")
    if shortage.reason == FEW_ELIGIBLE_POSTS:
        return (
            ngettext(
                "Only %d vacancy fits; it was offered.", "Only %d vacancies fit; all were offered.", shortage.found
            )
            % shortage.found
        )
    if shortage.reason == PRICED_OUT:
        return _("More vacancies fit, but their places were offered to others for whom they are worth more.")
    return shortage.reason


def percent(share: float) -> str:
    """A certified gap in percent with two decimals, rounded up so that it never looks better than it is."""
    return str((Decimal(str(share)) * 100).quantize(Decimal("0.01"), ROUND_CEILING))


def fingerprint(digest: str) -> str:
    """The first and last four characters of a checksum."""
    return f"{digest[:4]}…{digest[-4:]}"


def certified(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What the certificate card shows."""
    return {
        **{name: certificate[name] for name in (
            "value", "bound", "rounds", "bids", "pairs_scored", "eligible_pairs", "posts", "capacity",
            "offers_over_capacity",
        )},
        "gap": percent(certificate["gap"]), "eps": int(certificate["eps"]),
        "inputs": fingerprint(certificate["inputs_sha256"]), "offers_sum": fingerprint(certificate["offers_sha256"]),
        "verified": bool(certificate.get("verified")),
    }  # fmt: skip
