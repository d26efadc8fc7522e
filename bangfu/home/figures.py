"""Small drawings as numbers for SVG: the dots of the 131 package, the bar of a score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bangfu.cases.choices import ServiceKind
from bangfu.core.package import Progress

_FIRST, _STEP, _GAP = 7, 12, 6
_DOTS_SHOWN = 3  # of each item; the words beside the dots give the whole count
PIXELS_A_POINT = 2.4
NARROWEST_WITH_FIGURE = 6  # points


@dataclass(frozen=True)
class Dots:
    """Dots of a package: (x, filled) each, the width of the drawing, and the same in words."""

    dots: Sequence[tuple[int, bool]]
    width: int
    words: str


@dataclass(frozen=True)
class Slice:
    """One part of a score: its code, points (whole) out of how many, where it is drawn and how wide."""

    code: str
    words: str
    points: int
    of: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where the figure stands."""
        return self.x + self.width / 2

    @property
    def is_wide(self) -> bool:
        """Whether the figure fits into the slice."""
        return self.points >= NARROWEST_WITH_FIGURE


def package_dots(progress: Sequence[Progress]) -> Dots:
    """One dot for each service that the package asks, filled when it was given; a gap between kinds."""
    dots, x = [], _FIRST
    for item in progress:
        for number in range(min(item.min_count, _DOTS_SHOWN)):
            dots.append((x, number < item.counted))
            x += _STEP
        x += _GAP
    names = service_names()
    words = ", ".join(
        f"{names[item.service_type]} {min(item.counted, item.min_count)}/{item.min_count}" for item in progress
    )
    return Dots(dots, x - _GAP - _STEP + _FIRST, words)


def service_names() -> dict[str, str]:
    """The kinds of service in the reader's language."""
    return {kind.value: str(kind.label) for kind in ServiceKind}


def part_names() -> dict[str, str]:
    """The parts of a score, in the order in which they are drawn."""
    return {
        "skill": _("Skills and experience"), "wage": _("Wage"), "distance": _("Distance"),
        "preference": _("Wishes"), "priority": _("Priority"),
    }  # fmt: skip


def score_bar(parts: Sequence[Mapping[str, Any]]) -> tuple[list[Slice], int]:
    """The slices of a score and its total, in whole points that add up: the largest remainders are rounded up."""
    whole = [part["points"] // 100 for part in parts]
    total = round(sum(part["points"] for part in parts) / 100)
    by_rest = sorted(range(len(parts)), key=lambda at: -(parts[at]["points"] % 100))
    for at in by_rest[: max(total - sum(whole), 0)]:
        whole[at] += 1
    names, slices, x = part_names(), [], 0.0
    for part, points in zip(parts, whole, strict=True):
        width = points * PIXELS_A_POINT
        of = part["of"] // 100
        slices.append(Slice(part["code"], names.get(part["code"], part["code"]), points, of, x, max(width - 1, 0)))
        x += width
    return slices, total
