"""The mapping files of outside lists: what a list is, who sends it, and what each of its columns fills.

One file of rules/feeds/ describes one kind of list; a further kind needs no program, as long as what it says fits the
few fields of a line (FIELDS).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.reading import Node, read_name, read_source, read_yaml

FOLDER = "feeds"
COMPLETENESS = "weights/feeds.yaml"
PERSON, UNIT = "person", "unit"
MONTH, DAY = "month", "day"
EVERY = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
MOST_DAYS = 365
ENCODINGS = ("utf-8", "gb18030")
FIELDS = {
    "id_number": "id_number", "uscc": "uscc", "month": "month", "begins_on": "day", "ends_on": "day",
    "amount": "money", "number": "count", "status": "code", "detail": "code",
    "name": "name", "born_on": "day", "sex": "sex", "place": "place",
}  # fmt: skip
"""The fields of a line, each with the type that its column must have."""
FINDERS = ("name", "born_on", "sex", "place")
"""Fields that only serve to find the person of a line without a usable ID number; nothing of them is kept of it."""
_NAMED = frozenset({"name", "born_on"})
"""What such a line must say at least."""
KEYS = {PERSON: "id_number", UNIT: "uscc"}
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


@dataclass(frozen=True)
class FeedColumn:
    """A column of a list: the headings it goes by, the official one first, and the field of a line that it fills.

    A line whose `required` cell is empty or unreadable is a bad one; of any other column such a cell is left empty.
    FINDERS fill nothing: they find the person where the ID number is missing or cannot be used.
    `codes` gives for each word that a file may hold what is kept of it; empty for columns of another type.
    """

    field: str
    type: str
    name: Mapping[str, str]
    headings: tuple[str, ...]
    required: bool
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Due:
    """When a list is expected: for every so many months, so many days after the end of its period."""

    months: int
    days: int
    source: Mapping[str, str]


@dataclass(frozen=True)
class FeedKind:
    """A kind of outside list. `about` says whose lines are kept: of persons on the register, or of units that are named
    there. `period` is the month of which a list speaks, or the day as of which it holds. `words` has each code that a
    line may hold, in both languages."""

    code: str
    name: Mapping[str, str]
    sender: Mapping[str, str]
    source: Mapping[str, str]
    tells: Mapping[str, str]
    about: str
    period: str
    due: Due
    encodings: tuple[str, ...]
    columns: tuple[FeedColumn, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    file: str = ""

    @property
    def key(self) -> str:
        """The field by which a line finds its person or unit."""
        return KEYS[self.about]

    @cached_property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """The headings by the field they fill."""
        return {column.field: column.headings for column in self.columns}

    @cached_property
    def may_link(self) -> bool:
        """Whether a line without a usable ID number is looked for by name and day of birth."""
        return self.headings.keys() >= _NAMED and self.key not in self.required

    @cached_property
    def ways(self) -> tuple[frozenset[str], ...]:
        """The sets of fields of which a file must have one, so that it can be used; the better way first."""
        by_key = (self.required | {self.key},) if self.key in self.headings else ()
        return (*by_key, self.required | _NAMED) if self.may_link else by_key

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields without which a file cannot be used."""
        return frozenset(column.field for column in self.columns if column.required)


def load_feed_kinds(folder: Path) -> dict[str, FeedKind]:
    """All kinds of list of a folder of rules, by code, in the order of the files' names.

    RuleError names file, line, key and reason of the first thing that is not right.
    """
    kinds, faults = read_feed_kinds(folder)
    if faults:
        raise faults[0]
    return kinds


def read_feed_kinds(folder: Path) -> tuple[dict[str, FeedKind], list[RuleError]]:
    """The kinds that can be used, and what is wrong with the others, one fault a file."""
    kinds: dict[str, FeedKind] = {}
    faults = []
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        try:
            node = read_yaml(path, f"{FOLDER}/{path.name}")
            kind = _kind(node)
            if kind.code != path.stem:
                raise node.wrong("code", _("differs from the name of the file"))
        except RuleError as fault:
            faults.append(fault)
        else:
            kinds[kind.code] = kind
    return kinds, faults


def _kind(node: Node) -> FeedKind:
    code = node.text("code")
    if not _CODE.fullmatch(code):
        raise node.wrong("code", _("must be small letters, digits and underscores"))
    about = node.choice("about", (PERSON, UNIT))
    columns = tuple(_column(inner, name, node.node("columns")) for name, inner in node.nodes("columns"))
    kind = FeedKind(
        code=code, name=read_name(node, "name"), sender=read_name(node, "sender"), source=read_source(node),
        tells=read_name(node, "tells"), about=about, period=node.choice("period", (MONTH, DAY)), due=_due(node),
        encodings=_encodings(node), columns=columns, words=_words(node, columns), file=node.file,
    )  # fmt: skip
    _check_columns(kind, node)
    node.finish()
    return kind


def _due(node: Node) -> Due:
    inner = node.node("due")
    every = inner.choice("every", tuple(EVERY))
    days = inner.any_of("days", int)
    if not 0 < days <= MOST_DAYS:
        raise inner.wrong("days", _("must lie between 1 and 365"))
    due = Due(EVERY[every], days, read_source(inner))
    inner.finish()
    return due


def _encodings(node: Node) -> tuple[str, ...]:
    names = node.texts("encodings")
    if not names or not set(names) <= set(ENCODINGS):
        raise node.wrong("encodings", _("must be one of %(options)s"), options=", ".join(ENCODINGS))
    return names


def _column(inner: Node, name: str, parent: Node) -> FeedColumn:
    if name not in FIELDS:
        raise parent.wrong(name, _("must be one of %(options)s"), options=", ".join(FIELDS))
    kind = inner.choice("type", (FIELDS[name],))
    headings = inner.texts("headings")
    if not headings:
        raise inner.wrong("headings", _("is missing"))
    codes: dict[str, str] = {}
    if kind == "code":
        codes = _codes(inner)
    column = FeedColumn(
        name, kind, read_name(inner, "name"), headings, inner.optional("required") is True, codes
    )  # fmt: skip
    inner.finish()
    return column


def _codes(inner: Node) -> dict[str, str]:
    """What is kept of each word that a file may hold: `codes: {paying: ["1", 正常缴费]}`."""
    node, found = inner.node("codes"), dict[str, str]()
    for kept in node.content:
        for said in node.texts(kept):
            if said in found:
                raise node.wrong(kept, _("%(word)s stands for two codes"), word=said)
            found[said] = kept
    if not found:
        raise inner.wrong("codes", _("is missing"))
    return found


def _words(node: Node, columns: tuple[FeedColumn, ...]) -> dict[str, dict[str, str]]:
    used = sorted({kept for column in columns for kept in column.codes.values()})
    if not used and not node.has("words"):
        return {}
    inner = node.node("words")
    words = {kept: read_name(inner, kept) for kept in used}
    inner.finish()
    return words


def _check_columns(kind: FeedKind, node: Node) -> None:
    if kind.about == UNIT and kind.headings.keys() & set(FINDERS):
        raise node.wrong("columns", _("name, birth, sex and place are of persons"))
    if kind.key not in kind.required and not kind.may_link:
        if kind.about == PERSON:
            raise node.wrong("columns", _("must hold id_number, required, or name and born_on"))
        raise node.wrong("columns", _("must hold %(field)s, required"), field=kind.key)
    seen: dict[str, str] = {}
    for column in kind.columns:
        for heading in column.headings:
            if heading in seen:
                raise node.node("columns").wrong(column.field, _("%(word)s stands for two columns"), word=heading)
            seen[heading] = column.field


@dataclass(frozen=True)
class Completeness:
    """What a list is compared by: `held` are the parts (lost, of) by the day from which each holds, rising; so many bad
    lines of a list are kept."""

    held: tuple[tuple[date, Fraction], ...]
    bad_lines_kept: int
    source: Mapping[str, str]

    def is_short(self, lines: int, before: int, on: date) -> bool:
        """Whether a list of so many lines lost too many of the lines that the one before had; never before the first
        day of the rule."""
        parts = [part for since, part in self.held if since <= on]
        return bool(parts) and before > 0 and before - lines >= before * parts[-1]


def load_completeness(folder: Path) -> Completeness:
    """The rule of `folder`/weights/feeds.yaml. Raises RuleError."""
    node = read_yaml(folder / COMPLETENESS, COMPLETENESS)
    node.text("code")
    read_name(node, "name")
    parts = []
    for inner in node.listed("held"):
        lost, whole = inner.any_of("lost", int), inner.any_of("of", int)
        if not 0 < lost <= whole:
            raise inner.wrong("lost", _("must be a part of the whole"))
        parts.append((inner.day("from"), Fraction(lost, whole)))
        inner.finish()
    kept = node.any_of("bad_lines_kept", int)
    rule = Completeness(tuple(sorted(parts)), kept, read_source(node))
    node.finish()
    return rule
