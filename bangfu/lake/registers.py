"""Reads the register, on SQLite or PostgreSQL, as Arrow record batches of one moment.

Both databases give the same bytes: whole numbers, text, dates, money as a count of fen, and instants as local
time. All tables of a snapshot are read in one transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import unquote, urlsplit

import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow as pa

from bangfu.lake.rows import WRAPS, RegisterError, typed
from bangfu.lake.tables import MONEY, Source

BATCH_ROWS = 65_536


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
    WRAP = WRAPS["sqlite"]

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
    WRAP = WRAPS["postgresql"]

    def begin(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")
            cursor.fetchall()

    def select(self, source: Source) -> str:
        return f"SELECT {self.wanted(source)} FROM {source.rows}"  # noqa: S608 - written by the house
