"""Inserting many rows at once without a model object for each: half the time of a large import was spent on those."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from django.db import connection, models

from bangfu.core.keys import new_keys

Row = Mapping[str, Any]
_PLAIN = (models.CharField, models.BooleanField, models.BinaryField, models.IntegerField, models.ForeignKey)
"""Fields whose values the database takes as they are; all our foreign keys are whole numbers."""
_CHUNK = 5000
_ROWS = 100
"""Rows of one statement on SQLite: more take no less time."""


def insert_rows(model: type[models.Model], rows: Sequence[Row], shared: Row | None = None) -> None:
    """Insert rows given by attribute name; rows that do not name their key get fresh ones.

    `shared` are values that all rows have unless a row says otherwise; what neither says takes the field's
    default. Call it inside the transaction of an action. The constraints of the table judge, as always.
    """
    if not rows:
        return
    table = model._meta
    key = table.pk.attname
    keys = [row[key] for row in rows] if key in rows[0] else new_keys(len(rows))
    common = dict(shared or {})
    present: set[str] = set()
    for row in rows:
        present.update(row)
    fields = [field for field in table.concrete_fields if not field.primary_key]
    constant = {field.column: _constant(field, common) for field in fields if field.attname not in present}
    varying = {field.column: _column(field, rows, common) for field in fields if field.attname in present}
    said = {name: value for name, value in constant.items() if value is not None}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, table.db_table, said, {table.pk.column: keys, **varying})
        else:
            _insert(cursor, table.db_table, said, {table.pk.column: keys, **varying})


def _copy(cursor: Any, table: str, said: Row, varying: Mapping[str, Sequence[Any]]) -> None:
    """By COPY: a line a row. What all rows share is put into words once, not once a row."""
    from psycopg.adapt import PyFormat, Transformer  # only where PostgreSQL is

    quote, words = connection.ops.quote_name, Transformer(cursor.connection)
    shared = tuple(bytes(words.get_dumper(value, PyFormat.TEXT).dump(value)).decode() for value in said.values())
    listed = ", ".join(quote(name) for name in (*varying, *said))
    with connection.wrap_database_errors, cursor.copy(f"COPY {quote(table)} ({listed}) FROM STDIN") as copy:
        for line in zip(*varying.values(), strict=True):
            copy.write_row((*line, *shared))


def _insert(cursor: Any, table: str, said: Row, varying: Mapping[str, Sequence[Any]]) -> None:
    """By statements of a hundred rows, then of one: by ones alone it takes twice as long. Inside a savepoint, where
    each larger statement takes SQLite longer than the one before, by ones.

    What all rows share stands written out, as the database itself writes it as a literal: binding it took a third of
    the time.
    """
    quote, literals = connection.ops.quote_name, ()
    if said:
        cursor.execute(f"SELECT {', '.join(['quote(%s)'] * len(said))}", list(said.values()))
        literals = tuple(str(literal).replace("%", "%%") for literal in cursor.fetchone())
    listed = ", ".join(quote(name) for name in (*varying, *said))
    marks = f"({', '.join((*(['%s'] * len(varying)), *literals))})"
    sql = f"INSERT INTO {quote(table)} ({listed}) VALUES "  # noqa: S608  our own tables, quoted values
    values = list(chain.from_iterable(zip(*varying.values(), strict=True)))
    width, start = len(varying), 0
    for rows in (1,) if any(connection.savepoint_ids) else (_ROWS, 1):
        step = rows * width
        end = len(values) - (len(values) - start) % step
        if end > start:
            lines = (values[at : at + step] for at in range(start, end, step))
            cursor.executemany(sql + ", ".join([marks] * rows), lines)
        start = end


def select_in(
    model: type[models.Model], wanted: Sequence[str], by: str, values: Sequence[Any], where: str = ""
) -> Iterator[tuple[Any, ...]]:
    """The columns `wanted` of the rows whose column `by` is one of the values; for thousands of values at once, which
    a query set takes longer to prepare than the database to answer. Columns and `where` are our own SQL."""
    quote = connection.ops.quote_name
    listed = ", ".join(quote(name) for name in wanted)
    also = f" AND {where}" if where else ""
    with connection.cursor() as cursor:
        for start in range(0, len(values), _CHUNK):
            part = list(values[start : start + _CHUNK])
            marks = ", ".join(["%s"] * len(part))
            test = "= ANY(%s)" if connection.vendor == "postgresql" else f"IN ({marks})"
            given = [part] if connection.vendor == "postgresql" else part
            table = quote(model._meta.db_table)
            sql = f"SELECT {listed} FROM {table} WHERE {quote(by)} {test}{also}"  # noqa: S608  names of our own tables
            cursor.execute(sql, given)
            yield from cursor.fetchall()


def _constant(field: models.Field[Any, Any], common: Row) -> Any:
    """The value that all rows have of a column, ready for the database; None is what a column left out holds."""
    value = common[field.attname] if field.attname in common else _default(field)
    return None if value is None else _ready(field, value)


def _column(field: models.Field[Any, Any], rows: Sequence[Row], common: Row) -> list[Any]:
    """The values of one column, ready for the database; equal values are prepared once."""
    name = field.attname
    default = common[name] if name in common else _default(field)
    values = [row.get(name, default) for row in rows]
    if isinstance(field, _PLAIN):
        return values
    if isinstance(field, models.JSONField):
        return [_ready(field, value) for value in values]
    prepared = {value: _ready(field, value) for value in set(values)}
    return [prepared[value] for value in values]


def _ready(field: models.Field[Any, Any], value: Any) -> Any:
    if type(value) is date and field.get_internal_type() == "DateField":
        return connection.ops.adapt_datefield_value(value)  # days of birth are many: the field would parse each anew
    return field.get_db_prep_save(value, connection)


def _default(field: models.Field[Any, Any]) -> Any:
    """The field's default: "" for text that may be empty, None for what may be null."""
    return field.get_default()
