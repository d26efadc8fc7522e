"""Inserting many rows at once without a model object for each: half the time of a large import was spent on those."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

from bangfu.core.keys import new_keys

Row = Mapping[str, Any]
_PLAIN = (models.CharField, models.BooleanField, models.BinaryField, models.IntegerField)


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
    columns = [_column(field, rows, common) for field in table.concrete_fields if not field.primary_key]
    names = [table.pk.column, *(field.column for field in table.concrete_fields if not field.primary_key)]
    quote = connection.ops.quote_name
    listed, marks = ", ".join(quote(name) for name in names), ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {quote(table.db_table)} ({listed}) VALUES ({marks})"  # noqa: S608  names of our own tables
        cursor.executemany(sql, list(zip(keys, *columns, strict=True)))


def _column(field: models.Field[Any, Any], rows: Sequence[Row], common: Row) -> list[Any]:
    """The values of one column, ready for the database; equal values are prepared once."""
    name = field.attname
    default = common[name] if name in common else _default(field)
    if not any(name in row for row in rows):
        return [_ready(field, default)] * len(rows)
    values = [row.get(name, default) for row in rows]
    if isinstance(field, _PLAIN):
        return values
    if isinstance(field, models.JSONField):
        return [_ready(field, value) for value in values]
    prepared: dict[Any, Any] = {}
    for value in values:
        if value not in prepared:
            prepared[value] = _ready(field, value)
    return [prepared[value] for value in values]


def _ready(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


def _default(field: models.Field[Any, Any]) -> Any:
    """The field's default: "" for text that may be empty, None for what may be null."""
    return field.get_default()
