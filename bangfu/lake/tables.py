"""How a table of the lake is described: its columns, and where in the register each of them comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

TYPES = ("BIGINT", "INTEGER", "VARCHAR", "DATE", "TIMESTAMP", "BOOLEAN", "DECIMAL(12,2)")
MONEY = "DECIMAL(12,2)"
NEVER = "never"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Column:
    """A column of the lake: `null` says what NULL means there, "never" where there is none.

    A TIMESTAMP is local time of Asia/Shanghai without a zone; money is in yuan.
    """

    name: str
    type: str
    meaning: str
    null: str = NEVER

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise ValueError(f"{self.name}: no such type: {self.type}")
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"not a column's name: {self.name}")


@dataclass(frozen=True)
class Table:
    """A table of the lake."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not _NAME.fullmatch(self.name) or not names or len(names) != len(set(names)):
            raise ValueError(f"{self.name}: needs a plain name and columns of different names")


@dataclass(frozen=True)
class Source:
    """Where a lake table comes from.

    `columns` gives for each column one SQL expression, `rows` what follows FROM (tables, joins, WHERE). Both
    are written once and must mean the same on SQLite and PostgreSQL; the column's type decides how the value
    is wrapped on each. Every column of the table must be named, and no other: never `SELECT *`. `of_all` are
    columns that only the rows of everybody give (a rank among all): they are NULL where a few persons are read.
    """

    table: Table
    columns: Mapping[str, str]
    rows: str
    of_all: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        wanted = {column.name for column in self.table.columns}
        if set(self.columns) != wanted:
            different = sorted(wanted ^ set(self.columns))
            raise ValueError(f"{self.table.name}: columns differ from the table: {', '.join(different)}")

    def narrowed(self, *names: str) -> Source:
        """The same rows with these columns only."""
        table = replace(self.table, columns=tuple(column for column in self.table.columns if column.name in names))
        columns = {column.name: self.columns[column.name] for column in table.columns}
        return Source(table, columns, self.rows, self.of_all & set(names))
