"""What a rule file holds: conditions or figures, dated parameters, its place and term, and its cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bangfu.rulebook.check import Parameter as BoundParameter
from bangfu.rulebook.check import Written
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.parameters import Parameter, read_parameters
from bangfu.rulebook.places import division_range
from bangfu.rulebook.reading import Node, read_name, read_source
from bangfu.rulebook.views import View
from bangfu.rulebook.writer import write_condition

SIGNAL, QUALITY, ALARM, SCREEN = "signal", "quality", "alarm", "screen"
CLEARING, INDICATOR = "clearing", "indicator"
KINDS = (SIGNAL, QUALITY, ALARM, SCREEN, CLEARING, INDICATOR)
OPENING = (SIGNAL, QUALITY)
"""Kinds whose rules say what they open; alarms and the screen open findings of their own."""
GRADED = (*OPENING, ALARM, SCREEN)
"""Kinds whose rules say how urgent it is."""
UNKNOWN = "unknown"
SEVERITIES = ("urgent", "high", "normal")
VALUES = ("count", "percent", "money", "difference", "growth")
MOMENTS = ("month_end", "previous_month_end", "last_year_end")
OPENS = ("case", "finding")
CODE = r"[A-Za-z][A-Za-z0-9_]{0,59}"
CONDITION = r"[a-z][a-z0-9_]{0,59}"
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"


@dataclass(frozen=True)
class Condition:
    """A named condition of a rule: its text, its words for people, the columns of the view it reads."""

    name: str
    when: str
    words: Mapping[str, str]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The numerator or denominator of an indicator; `columns` are those of the view that it reads.

    Its rows are those where `when` is true at `moment`; the figure counts distinct values of the indicator's
    `counts`, or adds up the column `sum`. `within` = only rows of the denominator count.
    """

    when: str
    moment: str
    within: bool
    sum: str | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fix:
    """What sets the facts right where only one answer can be right: columns of one group of facts, and its words."""

    group: str
    values: Mapping[str, str | bool]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule file. `place` None = the whole country; `valid_to` None = open, otherwise the last day.

    `version` is the beginning of the SHA-256 of the file, so that an answer can name the text it rests on.
    """

    code: str
    kind: str
    name: Mapping[str, str]
    source: Mapping[str, str]
    place: str | None
    valid_from: date
    valid_to: date | None
    about: str
    parameters: Mapping[str, Parameter]
    cases: tuple[Mapping[str, Any], ...]
    file: str
    version: str = ""
    conditions: tuple[Condition, ...] = ()
    shows: tuple[str, ...] = ()
    opens: str = "finding"
    severity: str = "normal"
    advice: Mapping[str, str] | None = None
    fix: Fix | None = None
    value: str = "count"
    counts: str = ""
    numerator: Part | None = None
    denominator: Part | None = None

    def is_valid(self, day: date) -> bool:
        """True on the days of the rule's term, first and last day included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def bind(self, day: date) -> dict[str, BoundParameter]:
        """The parameters as they stand on the day; ParameterNotDatedError before the first value of one."""
        return {name: parameter.bound(self.code, day) for name, parameter in self.parameters.items()}

    @property
    def applied(self) -> dict[str, str | None]:
        """What an answer says of the text that gave it: its file and version, and its place (None = everywhere)."""
        return {"file": self.file, "version": self.version, "place": self.place}

    def columns(self) -> tuple[str, ...]:
        """The columns that its conditions read and those it shows beside them, each once."""
        used = [column for condition in self.conditions for column in condition.columns]
        return tuple(dict.fromkeys((*used, *self.shows)))

    def reads(self, view: View) -> tuple[str, ...]:
        """All columns of its view that the rule uses in any way, each once."""
        parts = [part for part in (self.numerator, self.denominator) if part is not None]
        used = [column for part in parts for column in part.columns]
        return tuple(name for name in view.columns if name in {*used, *self.columns(), self.counts})


def read_rule(node: Node, views: Mapping[str, View]) -> Rule:
    """A rule from its file; RuleError with file, path and reason where anything in it is not right."""
    code = node.text("code")
    if not re.fullmatch(CODE, code):
        raise node.wrong("code", _("letters, digits and underscores"))
    kind = node.choice("kind", KINDS)
    about = node.choice("about", tuple(views))
    valid = node.node("valid")
    common: dict[str, Any] = {
        "code": code,
        "kind": kind,
        "name": read_name(node, "name"),
        "source": read_source(node),
        "place": _place(node),
        "valid_from": valid.day("from"),
        "valid_to": valid.day("to") if valid.has("to") else valid.optional("to"),
        "about": about,
        "parameters": read_parameters(node),
        "cases": tuple(_case(case, kind) for case in node.listed("cases")),
        "file": node.file,
    }
    valid.finish()
    if common["valid_to"] is not None and common["valid_to"] < common["valid_from"]:
        raise valid.wrong("to", _("lies before the first day"))
    samples = {name: parameter.sample() for name, parameter in common["parameters"].items()}
    reader = _Reader(node, views[about], samples)
    rest = reader.indicator() if kind == INDICATOR else reader.conditions()
    node.finish()
    unused = sorted(set(samples) - reader.used)
    if unused:
        raise node.wrong("parameters", _("no condition uses %(names)s"), names=", ".join(unused))
    return Rule(**common, **rest)


def _place(node: Node) -> str | None:
    if not node.has("place"):
        node.optional("place")
        return None
    place = node.text("place")
    try:
        division_range(place)
    except ValueError as fault:
        raise node.wrong("place", _("a division code has 12 digits")) from fault
    return place


def _case(node: Node, kind: str) -> Mapping[str, Any]:
    """A case as it stands in the file, its shape checked; what it says is checked when it is run."""
    answer = node.node("answer")
    if kind == INDICATOR:
        month = node.text("month")
        if not re.fullmatch(MONTH, month):
            raise node.wrong("month", _("must be a month such as 2026-06"))
        for key in ("given", "at_previous_month_end", "at_last_year_end"):
            if node.has(key) and node.content[key] != []:
                node.listed(key)
        node.raw("given")
        for key in ("at_previous_month_end", "at_last_year_end"):
            node.optional(key)
        for key in ("value", "numerator"):
            answer.any_of(key, int, str, type(None))
        for key in ("denominator", "unknown"):
            if answer.has(key):
                answer.any_of(key, int)
            answer.optional(key)
    else:
        node.node("given")
        node.day("day")
        if answer.any_of("verdict", bool, str) not in (True, False, UNKNOWN):
            raise answer.wrong("verdict", _("must be one of %(options)s"), options="true, false, unknown")
        answer.texts("unknown")
        answer.texts("fails")
    answer.finish()
    node.finish()
    return node.content


class _Reader:
    """Reads and checks the SQL texts of one rule against its view and its parameters."""

    def __init__(self, node: Node, view: View, samples: Mapping[str, BoundParameter]) -> None:
        self.node = node
        self.view = view
        self.samples = samples
        self.used: set[str] = set()

    def written(self, node: Node) -> Written:
        try:
            written = write_condition(node.text("when"), self.view.families, self.samples)
        except RuleError as refusal:
            if refusal.file:
                raise
            raise refusal.at(node.file, f"{node.path}.when", node.line("when")) from refusal
        self.used |= set(written.parameters)
        return written

    def conditions(self) -> dict[str, Any]:
        found = []
        for name, node in self.node.nodes("conditions"):
            if not re.fullmatch(CONDITION, name):
                raise node.wrong("", _("a condition's name is lower case with underscores"))
            words = {"zh": node.text("zh"), "en": node.text("en")}
            found.append(Condition(name, node.text("when"), words, self.written(node).columns))
            node.finish()
        if not found:
            raise self.node.wrong("conditions", _("must hold at least one"))
        shows = self.node.texts("shows")
        for column in shows:
            if column not in self.view.columns:
                raise self.node.wrong("shows", _("the fact view has no column %(column)s"), column=column)
        kind = self.node.content.get("kind")
        graded: dict[str, Any] = {}
        if kind in OPENING:
            graded["opens"] = self.node.choice("opens", OPENS)
        if kind in GRADED:
            graded["severity"] = self.node.choice("severity", SEVERITIES)
        return {
            "conditions": tuple(found),
            "shows": shows,
            **graded,
            "advice": read_name(self.node, "advice"),
            "fix": self.fix() if kind == QUALITY else None,
        }

    def fix(self) -> Fix | None:
        """The fix of a quality rule, None where people must find out what is right."""
        if not self.node.has("fix"):
            return None
        node = self.node.node("fix")
        values = dict(node.node("set").content)
        if not values or not all(isinstance(value, str | bool) for value in values.values()):
            raise node.wrong("set", _("must give texts or truths by column"))
        found = Fix(node.text("group"), values, {"zh": node.text("zh"), "en": node.text("en")})
        node.finish()
        return found

    def indicator(self) -> dict[str, Any]:
        value = self.node.choice("value", VALUES)
        counts = self.node.text("counts") if self.node.has("counts") else self.view.key
        self.node.optional("counts")
        if counts not in self.view.columns or self.view.columns[counts].type != "BIGINT":
            raise self.node.wrong("counts", _("must be a key column of the view"))
        denominator = None if value == "count" else self.part("denominator")
        numerator = self.part("numerator")
        if numerator.within and (denominator is None or denominator.moment != numerator.moment):
            raise self.node.wrong("numerator.within", _("needs a denominator of the same moment"))
        if denominator is not None and (denominator.within or denominator.sum):
            raise self.node.wrong("denominator", _("counts rows of its own"))
        if (numerator.sum is not None) != (value == "money"):
            raise self.node.wrong("numerator.sum", _("belongs to a money figure, and to no other"))
        return {"value": value, "counts": counts, "numerator": numerator, "denominator": denominator}

    def part(self, key: str) -> Part:
        node = self.node.node(key)
        written = self.written(node)
        moment = node.choice("moment", MOMENTS) if node.has("moment") else "month_end"
        within = node.choice("within", ("denominator",)) if node.has("within") else None
        column = node.text("sum") if node.has("sum") else None
        for name in ("moment", "within", "sum"):
            node.optional(name)
        if column is not None and self.view.families.get(column) != "decimal":
            raise node.wrong("sum", _("must be a money column of the view"))
        node.finish()
        columns = (*written.columns, *((column,) if column else ()))
        return Part(node.text("when"), moment, within is not None, column, columns)
