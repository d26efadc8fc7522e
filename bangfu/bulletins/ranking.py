"""The divisions below one, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bangfu.bulletins.queries import BASE, compare, targets
from bangfu.divisions.models import Division
from bangfu.divisions.queries import children_of
from bangfu.rulebook.figures import Figure

RATE = "I5"
FEWEST = 20
"""Divisions with fewer persons able to work are shown but not ranked: one person would move the rate too far."""
_BAR = 120


@dataclass(frozen=True)
class Place:
    """One division: its rank (None for not ranked), persons at work, rate, and how wide its bar of 120 is."""

    division: Division
    rank: int | None
    at_work: Figure
    rate: Figure
    width: str
    share: Decimal | None


def ranking(division: str, month: date, *, kept_only: bool = False) -> list[Place] | None:
    """The divisions one level below by falling employment rate; equal rates share a rank.

    None where `kept_only` and the figures are not computed yet. Raises NoSnapshotError before the first night.
    """
    below = children_of(division)
    if not below:
        return []
    found = compare([row.code for row in below], month, (BASE, RATE), kept_only=kept_only)
    if found is None:
        return None
    goals = targets([row.code for row in below], month.year)
    rows = [row for row in below if {BASE, RATE} <= found[row.code].keys()]
    rows.sort(key=lambda row: (not _is_ranked(found[row.code]), -_rate(found[row.code]), row.code))
    ranks = _ranks([found[row.code] for row in rows])
    return [
        Place(
            row, rank, found[row.code][BASE], found[row.code][RATE],
            f"{min(float(_rate(found[row.code])), 100.0) * _BAR / 100:.1f}",
            _share(found[row.code][BASE], goals[row.code].value if row.code in goals else None),
        )
        for row, rank in zip(rows, ranks, strict=True)
    ]  # fmt: skip


def _is_ranked(figures: dict[str, Figure]) -> bool:
    return figures[RATE].value is not None and (figures[RATE].denominator or 0) >= FEWEST


def _rate(figures: dict[str, Figure]) -> Decimal:
    return Decimal(figures[RATE].value or 0)


def _ranks(rows: Sequence[dict[str, Figure]]) -> list[int | None]:
    ranks: list[int | None] = []
    for at, row in enumerate(rows):
        if not _is_ranked(row):
            ranks.append(None)
        elif at and _rate(row) == _rate(rows[at - 1]):
            ranks.append(ranks[-1])
        else:
            ranks.append(at + 1)
    return ranks


def _share(figure: Figure, target: int | None) -> Decimal | None:
    if not target:
        return None
    return (Decimal(figure.numerator) * 100 / target).quantize(Decimal("0.1"), ROUND_HALF_UP)
