"""Judges signals and quality rules over a snapshot, a million rows at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.compose import Ready, make_ready, reasons_sql, rows_sql
from bangfu.rulebook.rules import QUALITY, SIGNAL, Rule
from bangfu.rulebook.views import View, compute


@dataclass(frozen=True)
class Found:
    """One rule that is true of one subject.

    `subject` is the key of the rule's view (a person, household or leg); `person` whom to turn to, None where
    the view knows nobody. `values` are the facts it rests on, fit for JSON: dates and money as text. `version` names
    the text that was applied: where a place has its own rule of the code, that one.
    """

    code: str
    about: str
    subject: int
    person: int | None
    division: str | None
    values: dict[str, Any] = field(compare=False)
    version: str


@dataclass(frozen=True)
class Judged:
    """What the rules said on a day.

    `found` are the true ones. `rows` also holds those that stay unknown: code, file, subject, person,
    division, verdict (NULL = unknown), unknown (names of the unknown conditions, with commas).
    """

    day: date
    found: tuple[Found, ...]
    rows: pa.Table

    def unknown(self) -> Counter[tuple[str, str]]:
        """How many subjects each rule leaves open, by (code, condition that is unknown)."""
        counted: Counter[tuple[str, str]] = Counter()
        open_rows = self.rows.filter(self.rows["verdict"].is_null())
        groups = open_rows.group_by(["code", "unknown"]).aggregate([([], "count_all")])
        for row in groups.to_pylist():
            for name in row["unknown"].split(","):
                counted[row["code"], name] += row["count_all"]
        return counted


def evaluate_signals(connection: duckdb.DuckDBPyConnection, book: Rulebook, day: date) -> Judged:
    """All signals valid on the day, over the snapshot that the connection shows."""
    return evaluate(connection, book, day, (SIGNAL,))


def evaluate_quality(connection: duckdb.DuckDBPyConnection, book: Rulebook, day: date) -> Judged:
    """All data-quality rules valid on the day, over the snapshot that the connection shows."""
    return evaluate(connection, book, day, (QUALITY,))


def evaluate(connection: duckdb.DuckDBPyConnection, book: Rulebook, day: date, kinds: Sequence[str]) -> Judged:
    """The rules of these kinds that are valid on the day; none of them gives an empty answer.

    ParameterNotDatedError where a valid rule has a parameter without a value on that day.
    """
    return judge(connection, prepare(book, day, kinds))


@dataclass(frozen=True)
class Prepared:
    """Rules of a day as SQL, by the view that they are about."""

    book: Rulebook
    day: date
    ready: dict[str, tuple[Ready, ...]]


def prepare(book: Rulebook, day: date, kinds: Sequence[str]) -> Prepared:
    """Writes the SQL of the rules of these kinds that are valid on the day; may be kept as long as the rules stay.

    ParameterNotDatedError where a valid rule has a parameter without a value on that day.
    """
    rules = [rule for rule in book.rules if rule.kind in kinds and rule.is_valid(day)]
    views = sorted({rule.about for rule in rules})
    return Prepared(
        book, day, {name: tuple(ready_rule(book, rule, day) for rule in rules if rule.about == name) for name in views}
    )


def judge(connection: duckdb.DuckDBPyConnection, prepared: Prepared) -> Judged:
    """What the rules say of everybody whose facts the connection shows."""
    tables: list[pa.Table] = []
    found: list[Found] = []
    for name, ready in prepared.ready.items():
        view = prepared.book.views[name]
        table = compute(connection, prepared.book.views, name, prepared.day)
        rows = connection.sql(rows_sql(ready, view, table)).to_arrow_table()
        tables.append(rows)
        found += _true_ones(connection, ready, view, table, rows)
    return Judged(prepared.day, tuple(found), pa.concat_tables(tables) if tables else _no_rows())


def ready_rule(book: Rulebook, rule: Rule, day: date) -> Ready:
    """The rule as SQL for the day, without the places where a deeper rule of its code holds."""
    return make_ready(rule, book.views[rule.about], rule.bind(day), book.places_inside(rule, day))


def _true_ones(
    connection: duckdb.DuckDBPyConnection, ready: Sequence[Ready], view: View, table: str, rows: pa.Table
) -> list[Found]:
    true_rows = rows.filter(rows["verdict"].fill_null(False)).sort_by([("file", "ascending"), ("subject", "ascending")])
    by_file: dict[str, list[dict[str, Any]]] = {}
    for row in true_rows.to_pylist():
        by_file.setdefault(row["file"], []).append(row)
    found = []
    for each in ready:
        if each.rule.file not in by_file:
            continue
        answer = connection.sql(reasons_sql(each, view, table)).to_arrow_table().to_pylist()
        reasons = {row.pop("subject"): json_ready(row) for row in answer}
        for row in by_file[each.rule.file]:
            subject, rule = row["subject"], each.rule
            found.append(
                Found(
                    rule.code, view.name, subject, row["person"], row["division"], reasons[subject], rule.version,
                )
            )  # fmt: skip
    return found


def json_ready(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON can hold them: dates and times in ISO form, money as text, None as it is."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _no_rows() -> pa.Table:
    texts = {name: pa.string() for name in ("code", "file", "division", "unknown")}
    schema = pa.schema({**texts, "subject": pa.int64(), "person": pa.int64(), "verdict": pa.bool_()})
    return schema.empty_table()
