"""Fact views: the tables that rules speak about. One SQL text and one page of column documentation each.

The SQL is the house's own and reviewed; it asks the lake's tables about the day written as `:day`. A view may
stand on another one (`uses`). Column documentation says for each column its type and what NULL means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.families import family_of
from bangfu.rulebook.reading import read_yaml

CLOSURES = ("person", "household", "population")


@dataclass(frozen=True)
class ViewColumn:
    """A column of a fact view: type, what it means in both languages, what NULL means ("never" = no NULL)."""

    type: str
    name: Mapping[str, str]
    unknown: str


@dataclass(frozen=True)
class View:
    """A fact view: one row per value of `key` on a day.

    `closure` says what must be known to compute a row: the person's own facts, the household's, or all.
    """

    name: str
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
    views = {}
    for path in sorted(folder.glob("*.yaml")):
        view = _load_view(path)
        views[view.name] = view
    alone = sorted({path.stem for path in folder.glob("*.sql")} - set(views))
    if alone:
        raise RuleError("has no column documentation", f"facts/{alone[0]}.sql")
    for view in views.values():
        for used in view.uses:
            if used not in views or views[used].uses:
                raise RuleError(f"uses {used}, which is no view of lake tables", f"facts/{view.name}.yaml")
    return views


def _load_view(path: Path) -> View:
    node = read_yaml(path, f"facts/{path.name}")
    if node.text("view") != path.stem:
        raise node.wrong("view", "must be the name of the file")
    columns = {}
    for name, column in node.nodes("columns"):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise column.wrong("", "a column's name is lower case with underscores")
        kind = column.text("type")
        if family_of(kind) is None:
            raise column.wrong("type", f"no such type: {kind}")
        columns[name] = ViewColumn(kind, {"zh": column.text("zh"), "en": column.text("en")}, column.text("unknown"))
        column.finish()
    key = node.text("key")
    for wanted in (key, "day", "person", "division"):
        if wanted not in columns:
            raise node.wrong("columns", f"lacks {wanted}")
    closure = node.choice("closure", CLOSURES)
    uses = node.texts("uses")
    node.text("about")
    node.finish()
    text = path.with_suffix(".sql")
    if not text.exists():
        raise RuleError("has no SQL beside it", f"facts/{path.name}")
    return View(path.stem, key, closure, uses, columns, text.read_text(encoding="utf-8"))


def table_name(view: str, day: date) -> str:
    """The name of the computed view of a day."""
    return f"{view}_{day:%Y%m%d}"


def view_sql(view: View, day: date) -> str:
    """The text of a view for a day. Views it uses are named by their computed tables of the same day."""
    sql = re.sub(r":day\b", f"DATE '{day.isoformat()}'", view.sql)
    for used in view.uses:
        sql = re.sub(rf"\b{used}\b", table_name(used, day), sql)
    return sql


def compute(connection: duckdb.DuckDBPyConnection, views: Mapping[str, View], name: str, day: date) -> str:
    """Computes a view of a day once per connection and returns the name of the table that holds it.

    A connection shows one snapshot for all its life, so a computed view stays right.
    """
    table = table_name(name, day)
    known = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = ?", [table]
    ).fetchall()
    if known[0][0] == 0:
        for used in views[name].uses:
            compute(connection, views, used, day)
        sql = view_sql(views[name], day)
        connection.execute(f"CREATE TEMP TABLE {table} AS {sql}").fetchall()
    return table


def forget(connection: duckdb.DuckDBPyConnection, names: Iterable[str], day: date) -> None:
    """Drops computed views of a day, so that the connection may be shown other facts."""
    for name in names:
        connection.execute(f"DROP TABLE IF EXISTS {table_name(name, day)}").fetchall()
