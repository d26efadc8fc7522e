"""Which engine answers the questions of a night: DuckDB in this process, or Spark."""

from __future__ import annotations

from pathlib import Path

from bangfu.rulebook.engine import Engine, open_engine

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)


class EngineError(ValueError):
    """An engine that cannot be had. `code` says why: unknown, not_installed or no_java."""

    def __init__(self, code: str, name: str) -> None:
        self.code = code
        self.name = name
        super().__init__(f"{name}: {code}")


def engine_of(name: str, lake: Path) -> Engine:
    """An engine that may read the lake; EngineError where there is no such engine, or it is not installed."""
    if name == DUCKDB:
        return open_engine([lake])
    if name != SPARK:
        raise EngineError("unknown", name)
    # Half a gigabyte that only a province needs: loaded where it is asked for.
    from bangfu.lake.spark import open_spark

    return open_spark()
