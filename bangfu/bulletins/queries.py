"""The month's figures of a division, computed from a snapshot of the lake."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb
from django.conf import settings

from bangfu.bulletins.models import Target
from bangfu.divisions.ranges import prefix_of
from bangfu.lake.snapshots import connect, days, snapshot
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.figures import Figure, figure_rows, figures, moment_day
from bangfu.rulebook.rules import Rule

TARGET = "I2"
BASE = "I1"


class NoSnapshotError(Exception):
    """There is no night yet whose snapshot could answer."""


@dataclass(frozen=True)
class Bulletin:
    """The figures of a division and month by code; `as_of` is the day of the snapshot they come from."""

    division: str
    month: date
    as_of: date
    rules: dict[str, Rule]
    figures: dict[str, Figure]
    target: Target | None

    @property
    def is_final(self) -> bool:
        """Whether the snapshot was made on the last day of the month or later."""
        return self.as_of >= moment_day("month_end", self.month)

    def completion(self) -> Decimal | None:
        """I2: persons at work against the year's target, in percent with one decimal; None without a target."""
        if self.target is None or not self.target.value or BASE not in self.figures:
            return None
        share = Decimal(self.figures[BASE].numerator) * 100 / self.target.value
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)

    def as_json(self) -> dict[str, Any]:
        """What `bangfu bulletin --json` prints."""
        answer = {code: figure.as_json() for code, figure in self.figures.items()}
        base = self.figures.get(BASE)
        if base is not None:
            share = self.completion()
            answer[TARGET] = {
                "value": None if share is None else float(share),
                "numerator": int(base.numerator),
                "denominator": self.target.value if self.target else None,
                "unknown": 0,
            }
        ordered = sorted(answer, key=natural)
        return {
            "division": self.division,
            "month": f"{self.month:%Y-%m}",
            "as_of": self.as_of.isoformat(),
            "figures": {code: answer[code] for code in ordered},
        }


def natural(code: str) -> tuple[int, str]:
    """Sorts I2 before I10."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return int(digits or 0), code


def bulletin(division: str, month: date) -> Bulletin:
    """The figures of a division and all below it. Raises NoSnapshotError before the first night."""
    day = snapshot_for(month)
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, day)
        found = _figures(connection, division, month)
    last = moment_day("month_end", month)
    rules = {rule.code: rule for rule in rulebook().indicators_of(division, last)}
    target = Target.objects.filter(division=division, year=month.year, indicator=TARGET).first()
    return Bulletin(division, month.replace(day=1), day, rules, found, target)


def _figures(connection: duckdb.DuckDBPyConnection, division: str, month: date) -> dict[str, Figure]:
    return figures(connection, rulebook(), division, month)


def rows_behind(code: str, division: str, month: date, part: str) -> list[int]:
    """The keys behind a part of a figure, from the same snapshot."""
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, snapshot_for(month))
        return figure_rows(connection, rulebook(), code, division, month, part)


def snapshot_for(month: date) -> date:
    """The snapshot of the month's last day, else the first one after it, else the latest there is."""
    made = days(settings.LAKE)
    if not made:
        raise NoSnapshotError
    last = moment_day("month_end", month)
    later = [day for day in made if day >= last]
    return min(later) if later else max(made)


def is_within(division: str, inner: str) -> bool:
    """Whether the division `inner` lies in `division`."""
    return inner.startswith(prefix_of(division))
