"""What single change would turn a rule's answer for one subject: other values are tried, and the rule itself judges.

There is no second logic to keep in step: the values at which a condition may turn are read off its tree, put one at a
time into the subject's row, and judged by the same SQL in one go. A change is one of a column of the fact view; two
columns that move together (age and day of birth) are two changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from bangfu.rulebook.allowed import COMPARE
from bangfu.rulebook.check import Parameter, parse
from bangfu.rulebook.compose import Ready
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.evaluate import json_ready
from bangfu.rulebook.families import DATE, DECIMAL, INTEGER, TRUTH
from bangfu.rulebook.functions import OWN
from bangfu.rulebook.views import View, fill
from bangfu.rulebook.writer import write

Steps = Mapping[str, Any]
STEPS: Steps = {INTEGER: 1, DECIMAL: Decimal("0.01"), DATE: timedelta(days=1)}
"""The least by which a value of a family can differ."""

# Where a call of one of our functions stands beside a value {2}: the SQL of the argument at which both are equal.
# {0} and {1} are the arguments.
_YEARS = "({2}) * 12"
INVERSES: Mapping[tuple[str, int], str] = {
    ("days_between", 0): "({1} - CAST({2} AS INTEGER))",
    ("days_between", 1): "({0} + CAST({2} AS INTEGER))",
    ("full_years", 0): OWN["months_from"].duckdb.format("{1}", f"(-{_YEARS})"),
    ("full_years", 1): OWN["months_from"].duckdb.format("{0}", f"({_YEARS})"),
    ("months_from", 0): OWN["months_from"].duckdb.format("{2}", "(-({1}))"),
}


@dataclass(frozen=True)
class Change:
    """One column with another value, fit for JSON, and the verdict that the rule would then give."""

    column: str
    value: Any
    verdict: bool | None


def single_changes(
    engine: Engine,
    ready: Ready,
    view: View,
    table: str,
    subject: int,
    day: date,
    codes: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Change, ...]:
    """The single changes that make the rule true of the subject, or no longer true where it is true.

    `codes` names what a column of codes may hold. Of a number or a day the value nearest to the present one is given,
    of a missing one each value at which the answer turns. () where no single change does it.
    """  # fmt: skip
    families, bound = view.families, ready.rule.bind(day)
    listed = ", ".join(view.columns)
    found = engine.rows(f"SELECT {listed} FROM {table} WHERE {view.key} = {int(subject)}")  # noqa: S608
    if not found:
        return ()
    row = dict(zip(view.columns, found[0], strict=True))
    edges: list[tuple[str, str]] = []
    tried = _Tried(row, families, {view.key, "day", "person", "division"})
    for condition in ready.rule.conditions:
        tree = parse(condition.when)
        for name in condition.columns:
            tried.truths(name)
            if name in (codes or {}):
                tried.add(name, (codes or {})[name])
        for name, values in _named(tree, ready, day):
            tried.add(name, values)
        edges += _edges(tree, families, bound)
    if edges:
        asked = ", ".join(sql for _name, sql in edges)
        query = f"SELECT {asked} FROM {table} WHERE {view.key} = {int(subject)}"  # noqa: S608 - from checked trees
        for (name, _sql), value in zip(edges, engine.rows(query)[0], strict=True):
            tried.around(name, value)
    return _judge(engine, ready, view, tried)


class _Tried:
    """The values to try, each once: (column, value) in the order in which they were found."""

    def __init__(self, row: Mapping[str, Any], families: Mapping[str, str], fixed: Iterable[str]) -> None:
        self.row = row
        self.families = families
        self.fixed = frozenset(fixed)
        self.values: dict[tuple[str, Any], None] = {}

    def add(self, name: str, values: Iterable[Any]) -> None:
        for value in values:
            if name not in self.fixed and value != self.row[name]:
                self.values[name, value] = None

    def truths(self, name: str) -> None:
        if self.families[name] == TRUTH:
            self.add(name, (True, False))

    def around(self, name: str, value: Any) -> None:
        """The value at which a condition turns, and its neighbours."""
        family = self.families[name]
        if value is None:
            return
        if family not in STEPS:
            self.add(name, [value])
            return
        step = STEPS[family]
        if family == DECIMAL:
            value = Decimal(value).quantize(step)
        elif family == INTEGER:
            value = int(value)
        if family == DATE:  # a shift by months lands up to three days off, because it stops at the end of a month
            self.add(name, [value + days * step for days in range(-3, 4)])
        else:
            self.add(name, [each for each in (value - step, value, value + step) if each >= 0])


def _judge(engine: Engine, ready: Ready, view: View, tried: _Tried) -> tuple[Change, ...]:
    rows = [dict(tried.row)]  # the first is the subject as it stands
    rows += [{**tried.row, name: value} for name, value in tried.values]
    for number, row in enumerate(rows):
        row[view.key] = number
    fill(engine, view, "tried", rows)
    try:
        judged = engine.rows(
            f"SELECT {view.key}, ({ready.verdict}) FROM tried ORDER BY {view.key}"  # noqa: S608 - from checked trees
        )
    finally:
        engine.drop("tried")
    is_true = judged[0][1] is True
    turned = {pair: verdict for pair, (_key, verdict) in zip(tried.values, judged[1:], strict=True)}
    flips = [pair for pair, verdict in turned.items() if (verdict is True) != is_true]
    chosen = _nearest(flips, tried)
    return tuple(Change(name, json_ready({name: value})[name], turned[name, value]) for name, value in chosen)


def _nearest(flips: Sequence[tuple[str, Any]], tried: _Tried) -> Iterator[tuple[str, Any]]:
    """Of numbers and days the value nearest to the present one; of a missing one those next to a value that fails."""
    for name in dict.fromkeys(name for name, _value in flips):
        values = [value for each, value in flips if each == name and value is not None]
        if (name, None) in flips:
            yield name, None
        family, present = tried.families[name], tried.row[name]
        if family not in STEPS or not values:
            yield from ((name, value) for value in values)
        elif present is not None:
            yield name, min(values, key=lambda value: abs(value - present))
        else:
            step, fails = STEPS[family], {value for each, value in tried.values if each == name} - set(values)
            edges = [value for value in sorted(values) if {value - step, value + step} & fails]
            yield from ((name, value) for value in (edges or sorted(values)[:1]))


def _named(tree: exp.Expr, ready: Ready, day: date) -> Iterator[tuple[str, list[Any]]]:
    """Values that a condition names beside a column: members of lists, beginnings of texts, NULL."""
    for node in tree.walk():
        name = _column(node.this) if isinstance(node.this, exp.Expr) else None
        if name is None:
            continue
        if isinstance(node, exp.In):
            field = node.args.get("field")
            if isinstance(field, exp.Placeholder):
                parameter = ready.rule.parameters[str(field.this)]
                yield name, list(parameter.on(ready.rule.code, day).value)
            else:
                yield name, [each.this for each in node.expressions if isinstance(each, exp.Literal) and each.is_string]
        elif isinstance(node, exp.StartsWith) and isinstance(node.expression, exp.Literal):
            yield name, [node.expression.this]
        elif isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            yield name, [None]


def _edges(
    tree: exp.Expr, families: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> Iterator[tuple[str, str]]:
    """(column, SQL of the value beside it) for every comparison of a column, or of our functions of one."""
    for node in tree.walk():
        if isinstance(node, exp.Between):
            sides = [(node.this, node.args["low"]), (node.this, node.args["high"])]
        elif type(node) in COMPARE:
            sides = [(node.this, node.expression), (node.expression, node.this)]
        else:
            continue
        for side, other in sides:
            for name, sql in _turning(side, other, families, parameters):
                if not any(_column(each) == name for each in other.walk()):
                    yield name, sql


def _turning(
    side: exp.Expr, other: exp.Expr, families: Mapping[str, str], parameters: Mapping[str, Parameter]
) -> Iterator[tuple[str, str]]:
    def sql_of(node: exp.Expr) -> str:
        return write(node, families, parameters).sql

    name = _column(side)
    try:
        if name is not None:
            yield name, sql_of(other)
        elif isinstance(side, exp.Anonymous):
            arguments = side.expressions
            for place, argument in enumerate(arguments):
                inverse, inner = INVERSES.get((str(side.this), place)), _column(argument)
                if inverse is not None and inner is not None:
                    yield inner, inverse.format(*(sql_of(each) for each in arguments), sql_of(other))
    except RuleError:
        return  # a side that stands only inside its own comparison, such as a list


def _column(node: Any) -> str | None:
    """The name of a column that stands alone, None for anything else."""
    while isinstance(node, exp.Paren):
        node = node.this
    return str(node.this.this) if isinstance(node, exp.Column) else None
