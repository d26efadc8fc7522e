"""The rows of the register as the lake wants them: how they are asked for, and how an answer is typed.

Apart from the drivers that read whole registers, so that a process that asks about a few persons does not load them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from bangfu.lake.tables import MONEY, Column, Source

ZONE_SHIFT = timedelta(hours=8)  # Asia/Shanghai, without summer time since 1992; the register is younger

ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    MONEY: pa.decimal128(12, 2),
}
_MOST_FEN = 10**12 - 1
WRAPS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "BIGINT": "CAST({} AS INTEGER)",
        "INTEGER": "CAST({} AS INTEGER)",
        "BOOLEAN": "CAST({} AS INTEGER)",
        MONEY: "CAST(round(({}) * 100) AS INTEGER)",
        "VARCHAR": "CAST({} AS TEXT)",
        "DATE": "CAST({} AS TEXT)",
        "TIMESTAMP": "CAST({} AS TEXT)",
    },
    "postgresql": {
        "BIGINT": "({})::bigint",
        "INTEGER": "({})::integer",
        "BOOLEAN": "({})::boolean",
        MONEY: "round(({}) * 100)::bigint",
        "VARCHAR": "({})::text",
        "DATE": "({})::date",
        "TIMESTAMP": "(({}) AT TIME ZONE INTERVAL '+08:00')",
    },
}
"""How a value of each type is asked for, by database."""


class RegisterError(ValueError):
    """The register cannot be read as it is described. `table` and `column` name the place."""

    code = "register_unreadable"

    def __init__(self, reason: str, table: str = "", column: str = "") -> None:
        self.table = table
        self.column = column
        super().__init__(": ".join(part for part in (table, column, reason) if part))


def typed(source: Source, columns: Sequence[pa.Array]) -> pa.RecordBatch:
    """The columns of an answer as the lake wants them. RegisterError for one that holds something else."""
    arrays = []
    for column, array in zip(source.table.columns, columns, strict=True):
        try:
            arrays.append(_typed(column, array))
        except (pa.ArrowException, RegisterError) as fault:
            raise RegisterError(f"not {column.type}", source.table.name, column.name) from fault
    schema = pa.schema([(column.name, ARROW[column.type]) for column in source.table.columns])
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def select_of(vendor: str, source: Source, persons: Sequence[int]) -> str:
    """The query for the rows of a few persons (by key), to be asked inside the register's own transaction; all
    rows of a table that does not speak of persons. `vendor` is sqlite or postgresql."""
    wrap, table, given = WRAPS[vendor], source.table, dict(source.columns) | dict.fromkeys(source.of_all, "NULL")
    inner = ", ".join(f"{given[column.name]} AS {column.name}" for column in table.columns)
    outer = ", ".join(wrap[column.type].format(f"t.{column.name}") for column in table.columns)
    keys = ", ".join(str(int(person)) for person in persons)
    where = f" WHERE t.person IN ({keys})" if "person" in given else ""
    return f"SELECT {outer} FROM (SELECT {inner} FROM {source.rows}) AS t{where}"  # noqa: S608 - by the house


def _typed(column: Column, array: pa.Array) -> pa.Array:
    if column.type == MONEY:
        return _money(array.cast(pa.int64()))
    if column.type == "TIMESTAMP" and pa.types.is_string(array.type):
        instants = array.cast(pa.timestamp("us"))
        return pc.add(instants, pa.scalar(ZONE_SHIFT, pa.duration("us")))
    if column.type == "BOOLEAN" and not pa.types.is_boolean(array.type):
        return array.cast(pa.bool_())
    return array.cast(ARROW[column.type])


def _money(fen: pa.Array) -> pa.Array:
    """Fen as DECIMAL(12,2): the same 128-bit numbers read with another scale, so nothing is rounded."""
    extremes = pc.min_max(fen).as_py()
    if any(value is not None and abs(value) > _MOST_FEN for value in extremes.values()):
        raise RegisterError("larger than a column of money holds")
    whole = fen.cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(ARROW[MONEY], len(whole), whole.buffers(), whole.null_count, whole.offset)
