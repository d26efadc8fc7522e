"""Fact views: the tables that rules speak about. One SQL text and one page of column documentation each.

The SQL is the house's own and reviewed; it asks the lake's tables about the day written as `:day`. A view may
stand on another one (`uses`). Column documentation says for each column its type and what NULL means.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from bangfu.rulebook.engine import Engine
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.families import family_of
from bangfu.rulebook.narrow import narrowed
from bangfu.rulebook.reading import Node, read_name, read_yaml

_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(12,2)": pa.decimal128(12, 2),
}
CLOSURES = ("person", "household", "population")
_ALWAYS = ("day", "person", "division")
_NO_TABLES: Mapping[str, str] = {}

Needs = Mapping[str, frozenset[str]]
"""The columns that are asked for, by the name of the view."""


@dataclass(frozen=True)
class ViewColumn:
    """A column of a fact view: type, what it means in both languages, what NULL means ("never" = no NULL).

    `unit` is that of a number that counts or measures, None for all else. `comes_from` names the columns of the
    lake that it is computed from ("jobs.wage"); () = the day asked about, or the rows themselves.
    """

    type: str
    name: Mapping[str, str]
    unknown: str
    unit: Mapping[str, str] | None = None
    comes_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """A fact view: one row per value of `key` on a day.

    `closure` says what must be known to compute a row: the person's own facts, the household's, or all.
    """

    name: str
    about: str
    key: str
    closure: str
    uses: tuple[str, ...]
    columns: Mapping[str, ViewColumn]
    sql: str

    @property
    def families(self) -> dict[str, str]:
        """The family of each column, as conditions are checked by it."""
        return {name: family_of(column.type) or "" for name, column in self.columns.items()}


def load_views(folder: Path) -> dict[str, View]:
    """All fact views of a folder: NAME.sql beside NAME.yaml. RuleError where one lacks the other."""
    views = {path.stem: _load_view(path) for path in sorted(folder.glob("*.yaml"))}
    alone = sorted({path.stem for path in folder.glob("*.sql")} - set(views))
    if alone:
        raise RuleError(_("has no column documentation"), f"facts/{alone[0]}.sql")
    for view in views.values():
        for used in view.uses:
            if used not in views or views[used].uses:
                raise RuleError(
                    _("uses %(view)s, which is no view of lake tables"), f"facts/{view.name}.yaml", view=used
                )
    return views


def _load_view(path: Path) -> View:
    node = read_yaml(path, f"facts/{path.name}")
    if node.text("view") != path.stem:
        raise node.wrong("view", _("must be the name of the file"))
    columns = {}
    for name, column in node.nodes("columns"):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise column.wrong("", _("a column's name is lower case with underscores"))
        columns[name] = _read_column(name, column)
    key = node.text("key")
    for wanted in (key, "day", "person", "division"):
        if wanted not in columns:
            raise node.wrong("columns", _("lacks %(column)s"), column=wanted)
    closure = node.choice("closure", CLOSURES)
    uses = node.texts("uses")
    about = node.text("about")
    node.finish()
    text = path.with_suffix(".sql")
    if not text.exists():
        raise RuleError(_("has no SQL beside it"), f"facts/{path.name}")
    return View(path.stem, about, key, closure, uses, columns, text.read_text(encoding="utf-8"))


def _read_column(name: str, column: Node) -> ViewColumn:
    kind = column.text("type")
    if family_of(kind) is None:
        raise column.wrong("type", _("no such type: %(type)s"), type=kind)
    sources = column.texts("from")
    for source in sources:
        if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", source):
            raise column.wrong("from", _("names columns of the lake, such as jobs.wage"))
    if not sources and name != "day":
        raise column.wrong("from", _("is missing"))
    unit = read_name(column, "unit") if column.has("unit") else column.optional("unit")
    if unit is None and kind.startswith("DECIMAL"):
        raise column.wrong("unit", _("is missing"))
    found = ViewColumn(kind, {"zh": column.text("zh"), "en": column.text("en")}, column.text("unknown"), unit, sources)
    column.finish()
    return found


def table_name(view: str, day: date, columns: Collection[str] | None = None) -> str:
    """The name of the computed view of a day; of some of its columns only, a name of their own (None = all)."""
    name = f"{view}_{day:%Y%m%d}"
    if columns is None:
        return name
    return f"{name}_{hashlib.sha256(' '.join(sorted(columns)).encode()).hexdigest()[:10]}"


def needs(views: Mapping[str, View], wanted: Mapping[str, Collection[str]]) -> Needs:
    """What must be computed so that these columns of these views can be: their keys too, and the columns of the views
    that they stand on, found by name in what is left of their text."""
    found = {name: _known(views[name], {*columns, *_ALWAYS}) for name, columns in wanted.items()}
    for name, columns in list(found.items()):
        for used in views[name].uses:
            named = re.findall(r"\w+", narrowed(views[name].sql, columns))
            found[used] = found.get(used, frozenset()) | _known(views[used], {*named, *_ALWAYS})
    return found


def only(view: View, columns: Collection[str]) -> View:
    """The view as if it had no other columns than these."""
    return replace(view, columns={name: known for name, known in view.columns.items() if name in columns})


def _known(view: View, names: Collection[str]) -> frozenset[str]:
    return frozenset(name for name in view.columns if name in names or name == view.key)


def view_sql(
    view: View, day: date, columns: frozenset[str] | None = None, tables: Mapping[str, str] = _NO_TABLES
) -> str:
    """The text of a view for a day, of some of its columns only (None = all). `tables` names the computed tables of
    the views that it uses; one not named there is that of all its columns."""
    text = view.sql if columns is None else narrowed(view.sql, columns)
    sql = re.sub(r":day\b", f"DATE '{day.isoformat()}'", text)
    for used in view.uses:
        sql = re.sub(rf"\b{used}\b", tables.get(used, table_name(used, day)), sql)
    return sql


def compute(engine: Engine, views: Mapping[str, View], name: str, day: date, asked: Needs | None = None) -> str:
    """Computes a view of a day once per engine and returns the name of the table that holds it.

    With `asked` (see `needs`) only those columns are computed, unless a table that has them is there. An engine shows
    one snapshot for all its life, so a computed view stays right.
    """
    view, columns = views[name], None if asked is None else asked[name]
    whole = table_name(name, day)
    if columns is not None:
        there = whole if engine.holds(whole) else engine.covering(whole, columns)
        if there is not None:
            return there
    table = table_name(name, day, columns)
    if not engine.holds(table):
        tables = {used: compute(engine, views, used, day, asked) for used in view.uses}
        sql = engine.dialect.view(view_sql(view, day, columns, tables))
        kept = {column: known.type for column, known in only(view, columns or view.columns).columns.items()}
        engine.keep(table, sql, kept)
        engine.note_columns(table, kept)
    return table


def forget(engine: Engine, names: Iterable[str], day: date) -> None:
    """Drops computed views of a day, so that the engine may be shown other facts."""
    for name in names:
        for table in engine.held():
            if table.startswith(table_name(name, day)):
                engine.drop(table)


def fill(engine: Engine, view: View, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Makes a table shaped like a view from plain rows: what a row does not name is NULL, keys are numbered.

    RuleError for a column that the view does not have.
    """
    for row in rows:
        strange = sorted(set(row) - set(view.columns))
        if strange:
            raise RuleError(_("the fact view has no column %(column)s"), column=strange[0])
    columns = {}
    for name, column in view.columns.items():
        values = [row.get(name, number if name == view.key else None) for number, row in enumerate(rows, 1)]
        if column.type.startswith("DECIMAL"):
            values = [None if value is None else Decimal(str(value)) for value in values]
        columns[name] = pa.array(values, _ARROW[column.type])
    engine.show(table, pa.table(columns))
