"""What answers questions about facts: tables held by name, and SQL over them. DuckDB in this process is one engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from bangfu.rulebook.dialects import DUCKDB, Dialect
from bangfu.rulebook.functions import define_functions

_BATCH = 50_000
_NO: frozenset[str] = frozenset()
# Read when the connection is made: nothing is fetched, and a Python variable is never read as a table.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


class Engine(ABC):
    """One engine, for one thread. What it shows stays as it is for all its life, unless it is dropped.

    SQL is in the words of `dialect` and holds no parameters: it is written from checked trees, never from what
    somebody typed. Types are those of the lake.
    """

    dialect: Dialect

    def __init__(self) -> None:
        self._held: dict[str, Any] = {}
        self._columns: dict[str, frozenset[str]] = {}

    def holds(self, name: str) -> bool:
        """Whether anything is readable by the name."""
        return name in self._held

    def held(self) -> tuple[str, ...]:
        """All names by which anything is readable."""
        return tuple(self._held)

    def note_columns(self, name: str, columns: Iterable[str]) -> None:
        """Remembers which columns the rows held under a name have."""
        self._columns[name] = frozenset(columns)

    def covering(self, beginning: str, columns: frozenset[str]) -> str | None:
        """What is held under a name that begins so and has these columns and perhaps others; None where nothing is."""
        return next(
            (name for name in self._held if name.startswith(beginning) and columns <= self._columns.get(name, _NO)),
            None,
        )

    def clear(self) -> None:
        """Forgets everything, so that other facts may be shown."""
        for name in list(self._held):
            self.drop(name)

    @abstractmethod
    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    @abstractmethod
    def arrow(self, sql: str) -> pa.Table:
        """The rows of a query, by column."""

    @abstractmethod
    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query, a part at a time and in its order; read to the end before the next question."""

    @abstractmethod
    def show(self, name: str, rows: pa.Table) -> None:
        """Makes these rows readable by the name, in place of what it named before."""

    @abstractmethod
    def read(self, name: str, columns: Mapping[str, str], files: Sequence[Path]) -> None:
        """Makes these columns (name: type) of Parquet files readable by the name; without files it has no rows."""

    @abstractmethod
    def keep(self, name: str, sql: str, columns: Mapping[str, str]) -> None:
        """Computes a query once and holds its rows under the name. `columns` are what it must give (name: type)."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Forgets what the name names; nothing where it names nothing."""

    @abstractmethod
    def close(self) -> None:
        """Forgets everything; nothing may be asked afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _at: TracebackType | None
    ) -> None:
        self.close()


class DuckEngine(Engine):
    """DuckDB in the memory of this process."""

    dialect = DUCKDB

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        super().__init__()
        self.connection = connection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def arrow(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        reader: pa.RecordBatchReader = self.connection.sql(sql).to_arrow_reader(_BATCH)
        yield from reader

    def show(self, name: str, rows: pa.Table) -> None:
        self.connection.register(name, rows)
        self._held[name] = "rows"

    def read(self, name: str, columns: Mapping[str, str], files: Sequence[Path]) -> None:
        listed = ", ".join(sql_text(str(file)) for file in files)
        if listed:
            rows = f"SELECT {', '.join(columns)} FROM read_parquet([{listed}])"  # noqa: S608 - names from the manifest
        else:
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in columns.items())
            rows = f"SELECT {nothing} WHERE FALSE"
        self.rows(f"CREATE TEMP VIEW {name} AS {rows}")
        self._held[name] = "VIEW"

    def keep(self, name: str, sql: str, columns: Mapping[str, str]) -> None:
        self.rows(f"CREATE TEMP TABLE {name} AS {sql}")
        self._held[name] = "TABLE"

    def drop(self, name: str) -> None:
        kind = self._held.pop(name, None)
        if kind == "rows":
            self.connection.unregister(name)
        elif kind is not None:
            self.rows(f"DROP {kind} {name}")

    def close(self) -> None:
        self.connection.close()


def open_engine(folders: Sequence[Path] = (), *, for_few: bool = False) -> DuckEngine:
    """An in-memory DuckDB that may read files below `folders` only, with its settings locked.

    `for_few`: for questions about a handful of rows, where planning costs more than the answer: one thread, and
    the query as it is written.

    Division by zero raises instead of giving infinity, and nothing is spilled to disk. The order of the
    settings matters: once external access is off the list of folders cannot be changed any more.
    """
    connection = duckdb.connect(":memory:", config=_CONFIG)
    settings = [
        "SET TimeZone='Asia/Shanghai'",
        "SET ieee_floating_point_ops=false",
        "SET preserve_insertion_order=false",
        "SET temp_directory=''",
    ]
    if folders:
        listed = ", ".join(sql_text(str(folder.resolve())) for folder in folders)
        settings.append(f"SET allowed_directories=[{listed}]")
    if for_few:
        settings += ["SET threads=1", "PRAGMA disable_optimizer"]
    settings += ["SET enable_external_access=false", "SET lock_configuration=true"]
    for setting in settings:
        connection.execute(setting).fetchall()
    define_functions(connection)
    return DuckEngine(connection)


def sql_text(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
