"""Judges signals and quality rules over a snapshot, a million rows at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.compose import Ready, make_ready, rows_sql, values_sql
from bangfu.rulebook.dialects import DUCKDB, Dialect
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.rules import QUALITY, SIGNAL, Rule
from bangfu.rulebook.views import Needs, View, compute, needs


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


def evaluate_signals(engine: Engine, book: Rulebook, day: date) -> Judged:
    """All signals valid on the day, over the snapshot that the engine shows."""
    return evaluate(engine, book, day, (SIGNAL,))


def evaluate_quality(engine: Engine, book: Rulebook, day: date) -> Judged:
    """All data-quality rules valid on the day, over the snapshot that the engine shows."""
    return evaluate(engine, book, day, (QUALITY,))


def evaluate(engine: Engine, book: Rulebook, day: date, kinds: Sequence[str], *, about: str = "") -> Judged:
    """The rules of these kinds that are valid on the day; none of them gives an empty answer. `about` names the only
    fact view that is asked, "" for all.

    ParameterNotDatedError where a valid rule has a parameter without a value on that day.
    """
    prepared = prepare(book, day, kinds, engine.dialect)
    if about:
        prepared = replace(prepared, ready={name: rows for name, rows in prepared.ready.items() if name == about})
    return judge(engine, prepared)


@dataclass(frozen=True)
class Prepared:
    """Rules of a day as SQL, by the view that they are about."""

    book: Rulebook
    day: date
    ready: dict[str, tuple[Ready, ...]]

    def needs(self) -> Needs:
        """The columns of views that these rules read or show."""
        return needs(
            self.book.views,
            {name: {column for each in ready for column in each.rule.columns()} for name, ready in self.ready.items()},
        )


def prepare(book: Rulebook, day: date, kinds: Sequence[str], dialect: Dialect = DUCKDB) -> Prepared:
    """Writes the SQL of the rules of these kinds that are valid on the day; may be kept as long as the rules stay.

    ParameterNotDatedError where a valid rule has a parameter without a value on that day.
    """
    rules = [rule for rule in book.rules if rule.kind in kinds and rule.is_valid(day)]
    views = sorted({rule.about for rule in rules})
    return Prepared(
        book,
        day,
        {name: tuple(ready_rule(book, rule, day, dialect) for rule in rules if rule.about == name) for name in views},
    )


def verdicts(engine: Engine, prepared: Prepared, asked: Needs | None = None) -> Iterator[pa.Table]:
    """What is true or unknown of everybody whose facts the engine shows, a table a view: the `rows` of Judged; `asked`
    as there."""
    for name, ready in prepared.ready.items():
        table = compute(engine, prepared.book.views, name, prepared.day, asked)
        yield engine.arrow(rows_sql(ready, prepared.book.views[name], table, engine.dialect))


def judge(engine: Engine, prepared: Prepared, asked: Needs | None = None) -> Judged:
    """What the rules say of everybody whose facts the engine shows. `asked`: only these columns of the views are
    computed, as Prepared.needs gives them; None = all, for others to use too."""
    tables: list[pa.Table] = []
    found: list[Found] = []
    for name, ready in prepared.ready.items():
        view = prepared.book.views[name]
        table = compute(engine, prepared.book.views, name, prepared.day, asked)
        rows = engine.arrow(rows_sql(ready, view, table, engine.dialect))
        tables.append(rows)
        found += _true_ones(engine, ready, view, table, rows)
    return Judged(prepared.day, tuple(found), pa.concat_tables(tables) if tables else _no_rows())


def ready_rule(book: Rulebook, rule: Rule, day: date, dialect: Dialect = DUCKDB) -> Ready:
    """The rule as SQL for the day, without the places where a deeper rule of its code holds."""
    return make_ready(rule, book.views[rule.about], rule.bind(day), book.places_inside(rule, day), dialect)


def _true_ones(engine: Engine, ready: Sequence[Ready], view: View, table: str, rows: pa.Table) -> list[Found]:
    true_rows = rows.filter(rows["verdict"].fill_null(False))
    if not true_rows.num_rows:
        return []
    values = engine.arrow(values_sql(ready, view, table))
    found = []
    for each in ready:
        rule = each.rule
        mine = true_rows.filter(pc.equal(true_rows["file"], rule.file)).sort_by("subject")
        at = pc.index_in(mine["subject"], values["subject"].combine_chunks())
        reasons = _by_row({name: values[name].take(at) for name in rule.columns()})
        whose = (mine[name].to_pylist() for name in ("subject", "person", "division"))
        found += [
            Found(rule.code, view.name, subject, person, division, reason, rule.version)
            for subject, person, division, reason in zip(*whose, reasons, strict=True)
        ]
    return found


def _by_row(columns: Mapping[str, pa.ChunkedArray]) -> Iterator[dict[str, Any]]:
    """The rows of columns, fit for JSON: what Arrow can write as text at once is."""
    names, values = tuple(columns), []
    for column in columns.values():
        kind = column.type
        if pa.types.is_date(kind) or pa.types.is_decimal(kind):
            values.append(column.cast(pa.string()).to_pylist())
        elif pa.types.is_timestamp(kind):
            values.append([_plain(value) for value in column.to_pylist()])
        else:
            values.append(column.to_pylist())
    return (dict(zip(names, row, strict=True)) for row in zip(*values, strict=True))


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
