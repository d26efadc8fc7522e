"""A DuckDB connection that can read the lake and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from bangfu.rulebook.functions import define_functions

# Read when the connection is made: nothing is fetched, and a Python variable is never read as a table.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


def open_engine(folders: Sequence[Path] = (), *, for_few: bool = False) -> duckdb.DuckDBPyConnection:
    """An in-memory connection that may read files below `folders` only, with its settings locked.

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
    return connection


def sql_text(text: str) -> str:
    """A text as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"
