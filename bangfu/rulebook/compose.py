"""Writes the query that judges many rules over one computed fact view.

Each distinct condition is written once; a rule's verdict is the AND of its conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bangfu.rulebook.check import Parameter
from bangfu.rulebook.dialects import DUCKDB, Dialect
from bangfu.rulebook.engine import sql_text
from bangfu.rulebook.places import range_sql
from bangfu.rulebook.rules import Rule
from bangfu.rulebook.views import View
from bangfu.rulebook.writer import write_condition


@dataclass(frozen=True)
class Ready:
    """A rule with the parameters of a day: the SQL of its conditions, and of the place where it holds."""

    rule: Rule
    conditions: tuple[str, ...]
    place: str

    @property
    def verdict(self) -> str:
        """The rule's verdict as one SQL expression."""
        return " AND ".join(self.conditions)


def make_ready(
    rule: Rule,
    view: View,
    parameters: dict[str, Parameter],
    gives_way_to: Sequence[str] = (),
    dialect: Dialect = DUCKDB,
) -> Ready:
    """The rule as SQL. `gives_way_to` are the places inside its own where another rule of the code holds."""
    conditions = tuple(
        write_condition(condition.when, view.families, parameters, dialect).sql for condition in rule.conditions
    )
    place = [range_sql(rule.place), *(f"NOT {range_sql(other)}" for other in gives_way_to)]
    return Ready(rule, conditions, " AND ".join(place))


def rows_sql(ready: Sequence[Ready], view: View, table: str, dialect: Dialect) -> str:
    """One row per subject and rule whose verdict is true or unknown; what is false is left out.

    Columns: subject (the view's key), person, division, code, file, verdict (BOOLEAN, NULL = unknown), unknown (the
    names of the conditions that are unknown, with commas between them; '' where the verdict is true).
    """
    numbers: dict[str, str] = {}
    for each in ready:
        for sql in (*each.conditions, each.place):
            numbers.setdefault(sql, f"cond_{len(numbers)}")
    judged = ", ".join(f"{sql} AS {name}" for sql, name in numbers.items())
    inner = f"SELECT {view.key} AS subject, person, division, {judged} FROM {table}"  # noqa: S608 - from checked trees
    return dialect.spread(inner, ("subject", "person", "division"), [_branch(each, numbers) for each in ready])


def _branch(ready: Ready, numbers: dict[str, str]) -> tuple[dict[str, str], str]:
    names = [numbers[sql] for sql in ready.conditions]
    verdict = f"({' AND '.join(names)})"
    unknown = ", ".join(
        f"CASE WHEN {name} IS NULL THEN {sql_text(condition.name)} END"
        for name, condition in zip(names, ready.rule.conditions, strict=True)
    )
    columns = {
        "code": sql_text(ready.rule.code),
        "file": sql_text(ready.rule.file),
        "verdict": verdict,
        "unknown": f"concat_ws(',', {unknown})",
    }
    return columns, f"({verdict} IS NOT FALSE AND {numbers[ready.place]})"


def values_sql(ready: Sequence[Ready], view: View, table: str) -> str:
    """Subjects for which any of the rules is true, with the columns that their conditions read and those they show.

    Columns: subject, then the view's own by name, each once.
    """
    columns = dict.fromkeys(name for each in ready for name in each.rule.columns())
    anyone = " OR ".join(f"({each.verdict} AND {each.place})" for each in ready)
    return f"SELECT {', '.join([f'{view.key} AS subject', *columns])} FROM {table} WHERE {anyone}"  # noqa: S608


def wide_sql(ready: Ready, view: View, table: str, where: str) -> str:
    """All conditions of one rule for the rows that `where` picks: the proof behind a verdict."""
    columns = "".join(f", {name} AS value_{number}" for number, name in enumerate(ready.rule.columns()))
    judged = "".join(f", {sql} AS cond_{number}" for number, sql in enumerate(ready.conditions))
    return (
        f"SELECT {view.key} AS subject, ({ready.verdict}) AS verdict{judged}{columns} "  # noqa: S608
        f"FROM {table} WHERE {where} AND {ready.place} ORDER BY {view.key}"
    )
