"""The month's figures of a division, computed from a snapshot of the lake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache

from bangfu.bulletins.models import Target
from bangfu.lake.manifest import MANIFEST
from bangfu.lake.snapshots import connect, days, snapshot
from bangfu.monitoring.rules import rulebook, rules_stamp
from bangfu.rulebook.figures import Figure, figure_rows, figures, moment_day
from bangfu.rulebook.rules import Rule

_KEPT = 24 * 3600

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
            "rules": {code: self.rules[code].applied for code in ordered if code in self.rules},
        }


def natural(code: str) -> tuple[int, str]:
    """Sorts I2 before I10."""
    digits = "".join(sign for sign in code if sign.isdigit())
    return int(digits or 0), code


def bulletin(division: str, month: date) -> Bulletin:
    """The figures of a division and all below it. Raises NoSnapshotError before the first night."""
    day = snapshot_for(month)
    found = _kept("figures", day, (division, month), lambda: _figures(day, division, [month])[0])
    last = moment_day("month_end", month)
    rules = {rule.code: rule for rule in rulebook().indicators_of(division, last)}
    target = targets([division], month.year).get(division)
    return Bulletin(division, month.replace(day=1), day, rules, found, target)


def targets(divisions: Sequence[str], year: int) -> dict[str, Target]:
    """The targets of these divisions for persons at work in a year; one query."""
    rows = Target.objects.filter(division__in=divisions, year=year, indicator=TARGET)
    return {row.division: row for row in rows}


def months_back(month: date, count: int) -> list[date]:
    """The first days of `count` months up to and with that of `month`, oldest first."""
    number = month.year * 12 + month.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(number - count + 1, number + 1)]


def history(division: str, month: date, *, months: int = 12, kept_only: bool = False) -> list[tuple[date, int]] | None:
    """Persons at work at the end of each month up to `month`, by what the month's snapshot knows of the past.

    Months before the first with anybody at work are left out. None where `kept_only` and it would first have to
    be computed (about 0.1 s a month). Raises NoSnapshotError before the first night.
    """
    day, back = snapshot_for(month), months_back(month, months)
    found = _kept(
        "history", day, (division, month, months),
        lambda: [_count(one) for one in _figures(day, division, back, [BASE])], only=kept_only,
    )  # fmt: skip
    if found is None:
        return None
    first = next((at for at, number in enumerate(found) if number), len(found))
    return list(zip(back, found, strict=True))[first:]


def _count(found: dict[str, Figure]) -> int:
    return int(found[BASE].numerator) if BASE in found else 0


def compare(
    divisions: Sequence[str], month: date, codes: Sequence[str], *, kept_only: bool = False
) -> dict[str, dict[str, Figure]] | None:
    """Some figures of several divisions, by division; None where `kept_only` and they are not computed yet."""
    day = snapshot_for(month)
    return _kept(
        "compare", day, (*divisions, month, *codes), lambda: _compared(day, divisions, month, codes), only=kept_only
    )


def _compared(day: date, divisions: Sequence[str], month: date, codes: Sequence[str]) -> dict[str, dict[str, Figure]]:
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, day)
        return {code: figures(connection, rulebook(), code, month, codes, known=day) for code in divisions}


def _figures(
    day: date, division: str, months: Sequence[date], codes: Sequence[str] | None = None
) -> list[dict[str, Figure]]:
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, day)
        return [figures(connection, rulebook(), division, month, codes, known=day) for month in months]


def rows_behind(code: str, division: str, month: date, part: str) -> list[int]:
    """The keys behind a part of a figure, from the same snapshot; rising."""
    day = snapshot_for(month)
    return _kept("rows", day, (code, division, month, part), lambda: _rows(day, code, division, month, part))


def _rows(day: date, code: str, division: str, month: date, part: str) -> list[int]:
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, day)
        return figure_rows(connection, rulebook(), code, division, month, part, known=day)


def _kept(what: str, day: date, about: Sequence[object], compute: Callable[[], Any], *, only: bool = False) -> Any:
    """What was computed before from the same snapshot and the same rules, else computed now and kept.

    None where `only` what is kept is asked for and there is nothing. A night run again writes another manifest
    and so begins anew.
    """
    manifest = (settings.LAKE / day.isoformat() / MANIFEST).stat()
    stamp = (settings.LAKE, day, manifest.st_mtime_ns, manifest.st_ino, rules_stamp(), *about)
    key = f"bulletins.{what}.{sha256(repr(stamp).encode()).hexdigest()}"
    found = cache.get(key)
    if found is None and not only:
        found = compute()
        cache.set(key, found, _KEPT)
    return found


def snapshot_for(month: date) -> date:
    """The snapshot of the month's last day, else the first one after it, else the latest there is."""
    made = days(settings.LAKE)
    if not made:
        raise NoSnapshotError
    last = moment_day("month_end", month)
    later = [day for day in made if day >= last]
    return min(later) if later else max(made)
