"""The figures of the bulletin, and the rows behind each of them.

Formulas are those of the indicator files. Percentages have one decimal and money two, rounded half up (away
from zero); a denominator of 0 gives None, printed as a dash.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.dialects import Dialect
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.places import range_sql
from bangfu.rulebook.rules import Part, Rule
from bangfu.rulebook.views import Needs, compute, needs
from bangfu.rulebook.writer import write_condition

NUMERATOR, DENOMINATOR, UNKNOWN = "numerator", "denominator", "unknown"
PARTS = (NUMERATOR, DENOMINATOR, UNKNOWN)
_When = tuple[date, date]  # a day of the month, and the day up to which facts are known


@dataclass(frozen=True)
class Figure:
    """One figure. `value` None = nothing to divide by; `denominator` None = a plain count.

    `unknown` counts the subjects of whom nobody knows whether they belong in it; `counts` names the key that
    is counted (person, leg, household …).
    """

    code: str
    kind: str
    counts: str
    value: int | Decimal | None
    numerator: int | Decimal
    denominator: int | None
    unknown: int

    def as_json(self) -> dict[str, int | float | None]:
        """value, numerator, denominator and unknown as JSON numbers."""
        return {
            "value": _number(self.value),
            "numerator": _number(self.numerator),
            "denominator": self.denominator,
            "unknown": self.unknown,
        }


def _number(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def moment_day(moment: str, month: date, known: date = date.max) -> date:
    """The day on whose end a part of a figure is counted, for the month in which `month` lies: no later than `known`,
    the day up to which facts are known, while the month runs."""
    if moment == "previous_month_end":
        return month.replace(day=1) - timedelta(days=1)
    if moment == "last_year_end":
        return date(month.year - 1, 12, 31)
    return min(known, month.replace(day=monthrange(month.year, month.month)[1]))


def figures(
    engine: Engine,
    book: Rulebook,
    division: str | None,
    month: date,
    codes: Sequence[str] | None = None,
    *,
    known: date = date.max,
) -> dict[str, Figure]:
    """All indicators (or those of `codes`) of a division and a month, over the engine's snapshot.

    `division` None = all rows, also those without a division. `month` is any day of the month; rules and
    parameters are those of its last day. `known` is the day of the snapshot: a month that still runs is counted at
    its end, for what the future brings is not known.
    """
    last = moment_day("month_end", month)
    rules = [r for r in book.indicators_of(division, last) if codes is None or r.code in codes]
    wanted: dict[tuple[str, date], dict[str, str]] = {}
    for rule in rules:
        for part in PARTS:
            aggregate = _aggregate(book, rule, part, (month, known), engine.dialect)
            if aggregate is not None:
                day, sql = aggregate
                wanted.setdefault((rule.about, day), {})[f"{rule.code}_{part}"] = sql
    answers: dict[str, Any] = {}
    for (about, day), aggregates in wanted.items():
        table = compute(engine, book.views, about, day, _needs(book, rules, (month, known), day))
        asked = ", ".join(f"{sql} AS {name}" for name, sql in aggregates.items())
        query = f"SELECT {asked} FROM {table} WHERE {range_sql(division)}"  # noqa: S608 - from checked trees
        answers |= engine.arrow(query).to_pylist()[0]
    return {rule.code: _figure(rule, answers) for rule in rules}


def _needs(book: Rulebook, rules: Sequence[Rule], when: _When, day: date) -> Needs:
    """The columns that these indicators read on a day, of all their views at once: some stand on others."""
    read: dict[str, set[str]] = {}
    for rule in rules:
        for part in (rule.numerator, rule.denominator):
            if part is not None and moment_day(part.moment, *when) == day:
                read.setdefault(rule.about, set()).update(part.columns, [rule.counts])
    return needs(book.views, read)


def figure_rows(
    engine: Engine,
    book: Rulebook,
    code: str,
    division: str | None,
    month: date,
    part: str,
    *,
    known: date = date.max,
) -> list[int]:
    """The keys behind a figure's numerator, denominator or unknown rows, each once, rising.

    Their number is the figure's own number (for money: the rows that were added up). [] for the denominator
    of a plain count. The key is the figure's `counts`.
    """
    rule = book.indicator(code, division, moment_day("month_end", month))
    chosen = _rows_of(book, rule, part, (month, known), engine.dialect)
    if chosen is None:
        return []
    day, condition = chosen
    table = compute(engine, book.views, rule.about, day, _needs(book, [rule], (month, known), day))
    rows = engine.rows(
        f"SELECT DISTINCT {rule.counts} FROM {table} "  # noqa: S608 - from checked trees
        f"WHERE {range_sql(division)} AND {condition} AND {rule.counts} IS NOT NULL ORDER BY {rule.counts}"
    )
    return [row[0] for row in rows]


def _rows_of(book: Rulebook, rule: Rule, part: str, when: _When, dialect: Dialect) -> tuple[date, str] | None:
    """The day and the condition that pick the rows of a part; None where the figure has no such part."""
    numerator, denominator = _condition(book, rule, rule.numerator, when, dialect), None
    if rule.denominator is not None:
        denominator = _condition(book, rule, rule.denominator, when, dialect)
    if part == DENOMINATOR:
        return None if denominator is None else (denominator[0], f"({denominator[1]})")
    day, sql = numerator
    unknown = f"({sql}) IS NULL"
    if denominator is not None and denominator[0] == day:
        if rule.numerator is not None and rule.numerator.within:
            sql = f"{sql} AND {denominator[1]}"
        unknown = f"({sql}) IS NULL OR ({denominator[1]}) IS NULL"
    if part == NUMERATOR:
        return day, f"({sql})"
    if part == UNKNOWN:
        return day, f"({unknown})"
    raise ValueError(f"a figure has no part {part}")


def _condition(book: Rulebook, rule: Rule, part: Part | None, when: _When, dialect: Dialect) -> tuple[date, str]:
    assert part is not None  # the loader gives every indicator one
    view = book.views[rule.about]
    bound = rule.bind(moment_day("month_end", when[0]))
    return moment_day(part.moment, *when), write_condition(part.when, view.families, bound, dialect).sql


def _aggregate(book: Rulebook, rule: Rule, part: str, when: _When, dialect: Dialect) -> tuple[date, str] | None:
    chosen = _rows_of(book, rule, part, when, dialect)
    if chosen is None:
        return None
    day, condition = chosen
    if part == NUMERATOR and rule.numerator is not None and rule.numerator.sum is not None:
        total = f"CAST(sum({rule.numerator.sum}) FILTER (WHERE {condition}) AS DECIMAL(18,2))"
        return day, f"COALESCE({total}, CAST(0 AS DECIMAL(18,2)))"
    counted = "*" if rule.counts == book.views[rule.about].key else f"DISTINCT {rule.counts}"
    return day, f"count({counted}) FILTER (WHERE {condition})"


def _figure(rule: Rule, answers: dict[str, Any]) -> Figure:
    numerator = answers[f"{rule.code}_{NUMERATOR}"]
    denominator = answers.get(f"{rule.code}_{DENOMINATOR}")
    value = figure_value(rule.value, numerator, denominator)
    unknown = answers[f"{rule.code}_{UNKNOWN}"]
    return Figure(rule.code, rule.value, rule.counts, value, numerator, denominator, unknown)


def figure_value(kind: str, numerator: int | Decimal, denominator: int | None) -> int | Decimal | None:
    """The value printed: see the kinds of values in rules/README.md."""
    if kind == "count":
        return numerator
    if denominator is None or (denominator == 0 and kind != "difference"):
        return None
    if kind == "difference":
        return numerator - denominator
    if kind == "money":
        return (Decimal(numerator) / denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)
    part = numerator - denominator if kind == "growth" else numerator
    return (Decimal(part) * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
