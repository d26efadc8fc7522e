"""Dated numbers of a rule: each value has the day from which it holds and the source that says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bangfu.rulebook.check import Parameter as Bound
from bangfu.rulebook.engine import sql_text
from bangfu.rulebook.errors import ParameterNotDatedError, _
from bangfu.rulebook.families import DATE, DECIMAL, INTEGER, TEXT
from bangfu.rulebook.reading import Lines, Node, read_source

TYPES = ("count", "money", "ratio", "day", "code", "list")
_FAMILIES = {"count": INTEGER, "money": DECIMAL, "ratio": DECIMAL, "day": DATE, "code": TEXT, "list": TEXT}
NAME = r"[a-z][a-z0-9_]{0,39}"
MONEY = r"(0|[1-9][0-9]{0,9})\.[0-9]{2}"
RATIO = r"(0|[1-9][0-9]{0,3})\.[0-9]{2,4}"
MOST = 100_000  # days, months, times: a date shifted further could leave the calendar of an engine in silence


@dataclass(frozen=True)
class DatedValue:
    """A value, the first day on which it holds, and where that is laid down, in both languages."""

    since: date
    value: Any
    source: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """A named number of a rule. `values` are in the order of their days; the last one that began holds."""

    name: str
    type: str
    values: tuple[DatedValue, ...]

    def on(self, rule: str, day: date) -> DatedValue:
        """The value that holds on the day; ParameterNotDatedError before the first one."""
        begun = [value for value in self.values if value.since <= day]
        if not begun:
            raise ParameterNotDatedError(rule, self.name, day)
        return begun[-1]

    def bound(self, rule: str, day: date) -> Bound:
        """The value of the day as the writer of SQL wants it."""
        return self._bound(self.on(rule, day).value)

    def sample(self) -> Bound:
        """Any value, to check the conditions when the file is loaded."""
        return self._bound(self.values[0].value)

    def tried(self, text: str, day: date) -> Parameter:
        """The same parameter with another value from the day on, as somebody typed it; RuleError where it is none."""
        entry = Lines(0, {})
        entry["value"] = _typed(self.type, text.strip())
        value = _value(Node(entry, "", self.name), self.type)
        return Parameter(self.name, self.type, (DatedValue(day, value, {}),))

    def _bound(self, value: Any) -> Bound:
        return Bound(_FAMILIES[self.type], _literal(self.type, value), self.type == "list")


def _typed(kind: str, text: str) -> Any:
    if kind == "count" and text.isascii() and text.isdigit():
        return int(text[:20])
    if kind == "day":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _literal(kind: str, value: Any) -> str:
    if kind == "count":
        return str(value)
    if kind in ("money", "ratio"):
        digits = value.replace(".", "")
        return f"CAST({value} AS DECIMAL({len(digits)},{len(value.split('.')[1])}))"
    if kind == "day":
        return f"DATE '{value.isoformat()}'"
    if kind == "code":
        return sql_text(value)
    return f"({', '.join(sql_text(item) for item in value)})"


def read_parameters(rule: Node) -> dict[str, Parameter]:
    """The parameters of a rule file; an empty mapping where it has none."""
    if not rule.has("parameters"):
        rule.optional("parameters")
        return {}
    found = {}
    for name, node in rule.nodes("parameters"):
        if not re.fullmatch(NAME, name):
            raise node.wrong("", _("a parameter's name is lower case with underscores"))
        kind = node.choice("type", TYPES)
        values = []
        for entry in node.listed("values"):
            values.append(DatedValue(entry.day("from"), _value(entry, kind), read_source(entry)))
            entry.finish()
        node.finish()
        days = [value.since for value in values]
        if days != sorted(set(days)):
            raise node.wrong("values", _("the days must rise from one value to the next"))
        found[name] = Parameter(name, kind, tuple(values))
    return found


def _value(entry: Node, kind: str) -> Any:
    value = entry.raw("value")
    if kind == "count":
        if type(value) is int and 0 <= value <= MOST:
            return value
        raise entry.wrong("value", _("must be a whole number from 0 to %(most)s"), most=MOST)
    if kind == "day":
        return entry.day("value")
    if kind == "list":
        listed = entry.texts("value")
        if listed:
            return listed
        raise entry.wrong("value", _("must be a list of texts"))
    if not isinstance(value, str):
        raise entry.wrong("value", _("must be text in quotes"))
    pattern = {"money": MONEY, "ratio": RATIO}.get(kind)
    if pattern is not None and not re.fullmatch(pattern, value):
        example = '"500.00"' if kind == "money" else '"0.50"'
        raise entry.wrong("value", _("must be text such as %(example)s"), example=example)
    return value
