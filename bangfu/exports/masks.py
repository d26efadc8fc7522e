"""How much of a person's number a file shows (house.md 5, policy.md F9)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ID, PHONE, ACCOUNT = "id", "phone", "account"
ENDS, LAST4, WHOLE = "ends", "last4", "whole"
MASKS: Mapping[str, Promise] = {
    ENDS: _("Beginning and last four"),
    LAST4: _("Last four only"),
    WHOLE: _("Whole: needs a second person"),
}
_BEGINNING = {ID: 6, PHONE: 3, ACCOUNT: 4}
_LAST = 4


def masked(number: str, kind: str, mask: str) -> str:
    """The number as the mask lets it be seen; what is too short to be cut so is hidden whole, "" stays."""
    if mask == WHOLE or not number:
        return number
    beginning = _BEGINNING[kind] if mask == ENDS else 0
    hidden = len(number) - beginning - _LAST
    if hidden < _LAST:
        return "*" * len(number)
    return number[:beginning] + "*" * hidden + number[-_LAST:]
