"""Which engine answers the questions of a night: DuckDB in this process, or Spark."""

from __future__ import annotations

import os
import shutil
from importlib import util
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


def require_engine(name: str) -> None:
    """EngineError where there is no such engine, or what it needs is not installed. Starts nothing."""
    if name not in ENGINES:
        raise EngineError("unknown", name)
    if name == SPARK:
        if util.find_spec("pyspark") is None:
            raise EngineError("not_installed", name)
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise EngineError("no_java", name)


def engine_of(name: str, lake: Path) -> Engine:
    """An engine that may read the lake; EngineError as for `require_engine`."""
    require_engine(name)
    if name == DUCKDB:
        return open_engine([lake])
    # Half a gigabyte that only a province needs: loaded where it is asked for.
    from bangfu.lake.spark import open_spark

    return open_spark()
