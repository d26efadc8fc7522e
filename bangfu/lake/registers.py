"""Reads the register, on SQLite or PostgreSQL, as Arrow record batches of one moment.

Both databases give the same bytes: whole numbers, text, dates, money as a count of fen, and instants as local
time. All tables of a snapshot are read in one transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import unquote, urlsplit

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc

from bangfu.lake.tables import MONEY, Column, Source

BATCH_ROWS = 65_536
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


class RegisterError(ValueError):
    """The register cannot be read as it is described. `table` and `column` name the place."""

    code = "register_unreadable"

    def __init__(self, reason: str, table: str = "", column: str = "") -> None:
        self.table = table
        self.column = column
        super().__init__(": ".join(part for part in (table, column, reason) if part))


class Register(Protocol):
    """A register that is being read: everything it gives is of one moment."""

    def batches(self, source: Source) -> Iterator[pa.RecordBatch]:
        """The rows of a table, typed as the lake wants them."""
        ...


@contextmanager
def reading(url: str) -> Iterator[Register]:
    """Opens a register for reading: sqlite:////absolute/path.db or postgresql://user@host/name.

    RegisterError for any other kind of address. Nothing is written to it.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        if not path.startswith("//"):
            raise RegisterError("an SQLite register is named by its absolute path")
        if not Path(path[1:]).is_file():
            raise RegisterError("there is no register at that path")
        connection = adbc_driver_sqlite.dbapi.connect(f"file:{_file_name(path[1:])}?mode=ro")
        dialect: _Dialect = _Sqlite(connection)
    elif parts.scheme in ("postgresql", "postgres"):
        connection = adbc_driver_postgresql.dbapi.connect(url)
        dialect = _Postgres(connection)
    else:
        raise RegisterError(f"no register of the kind {parts.scheme!r}")
    with connection:
        dialect.begin()
        try:
            yield dialect
        finally:
            connection.rollback()


def _file_name(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class _Dialect(ABC):
    """What both databases share; `select` and `WRAP` (how a value of each type is written) are their own."""

    WRAP: ClassVar[Mapping[str, str]]

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @abstractmethod
    def begin(self) -> None:
        """Fixes the moment of which all tables are read."""

    @abstractmethod
    def select(self, source: Source) -> str:
        """The query for a table."""

    def wanted(self, source: Source) -> str:
        """The columns of a table, as they are asked for."""
        return ", ".join(self.WRAP[column.type].format(source.columns[column.name]) for column in source.table.columns)

    def options(self) -> dict[str, str]:
        """Options of the driver for a query."""
        return {}

    def batches(self, source: Source) -> Iterator[pa.RecordBatch]:
        """The rows of a table, typed as the lake wants them."""
        with self.connection.cursor() as cursor:
            if self.options():
                cursor.adbc_statement.set_options(**self.options())
            cursor.execute(self.select(source))
            for batch in self.rows(cursor.fetch_record_batch()):
                yield typed(source, batch.columns)

    def rows(self, reader: Any) -> Iterator[pa.RecordBatch]:
        """The batches of a query that belong to the table."""
        yield from reader


class _Sqlite(_Dialect):
    """SQLite guesses types from its first batch: one typed row goes in front and is dropped again."""

    _FIRST = {
        "BIGINT": "0",
        "INTEGER": "0",
        "BOOLEAN": "0",
        MONEY: "0",
        "VARCHAR": "''",
        "DATE": "''",
        "TIMESTAMP": "''",
    }
    WRAP = {
        "BIGINT": "CAST({} AS INTEGER)",
        "INTEGER": "CAST({} AS INTEGER)",
        "BOOLEAN": "CAST({} AS INTEGER)",
        MONEY: "CAST(round(({}) * 100) AS INTEGER)",
        "VARCHAR": "CAST({} AS TEXT)",
        "DATE": "CAST({} AS TEXT)",
        "TIMESTAMP": "CAST({} AS TEXT)",
    }

    def begin(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master")
            cursor.fetchall()

    def options(self) -> dict[str, str]:
        return {"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)}

    def select(self, source: Source) -> str:
        first = ", ".join(self._FIRST[column.type] for column in source.table.columns)
        return f"SELECT {first} UNION ALL SELECT {self.wanted(source)} FROM {source.rows}"  # noqa: S608 - written by the house

    def rows(self, reader: Any) -> Iterator[pa.RecordBatch]:
        is_first = True
        for batch in reader:
            rest = batch.slice(1) if is_first and batch.num_rows else batch
            is_first = is_first and not batch.num_rows
            yield rest


class _Postgres(_Dialect):
    WRAP = {
        "BIGINT": "({})::bigint",
        "INTEGER": "({})::integer",
        "BOOLEAN": "({})::boolean",
        MONEY: "round(({}) * 100)::bigint",
        "VARCHAR": "({})::text",
        "DATE": "({})::date",
        "TIMESTAMP": "(({}) AT TIME ZONE INTERVAL '+08:00')",
    }

    def begin(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")
            cursor.fetchall()

    def select(self, source: Source) -> str:
        return f"SELECT {self.wanted(source)} FROM {source.rows}"  # noqa: S608 - written by the house


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
    wrap = {"sqlite": _Sqlite.WRAP, "postgresql": _Postgres.WRAP}[vendor]
    table, given = source.table, dict(source.columns) | dict.fromkeys(source.of_all, "NULL")
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
