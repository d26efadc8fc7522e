"""Small drawings of a round as numbers for SVG."""

from dataclasses import dataclass
from decimal import Decimal

from bangfu.placements.fairness import ATTENTION

_AXIS, _PIXELS_A_POINT, _LONGEST, _GAP = 66, 8, 30, 4


@dataclass(frozen=True)
class Difference:
    """A bar to the left or right of an axis at x = 66 of a drawing 132 wide, with its figure beside it."""

    x: float
    width: float
    colour: str
    words: str
    words_x: float
    is_left: bool


def difference(points: Decimal, verdict: str) -> Difference:
    """The bar of a group's distance from all, in percentage points; very long ones are cut, the figure is not."""
    width = min(abs(float(points)) * _PIXELS_A_POINT, _LONGEST)
    is_left = points < 0
    colour = "f-a" if verdict == ATTENTION else "f-n" if is_left else "f-b2"
    sign = "−" if is_left else "+" if points > 0 else ""
    edge = -width - _GAP if is_left else width + _GAP
    return Difference(
        x=_AXIS - width if is_left else _AXIS, width=width, colour=colour, words=f"{sign}{abs(points)}",
        words_x=_AXIS + edge, is_left=is_left,
    )  # fmt: skip
