"""Spark as an engine: for more facts than one machine holds. Needs the extra `spark` and Java 17.

One Java process serves all engines of this process and ends with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bangfu.lake.rows import ARROW
from bangfu.rulebook.dialects import SPARK
from bangfu.rulebook.engine import Engine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # off, 64 of 766 answers were worse: overflow wraps, a bad cast is NULL
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.driver.extraJavaOptions": "-Duser.timezone=Asia/Shanghai",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.shuffle.partitions": "8",
    # Spark would write each condition out again wherever it is used.
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
}
# For a few hundred rows, where planning and compiling a query costs more than its answer.
_FOR_FEW = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-Duser.timezone=Asia/Shanghai -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
_TYPES = {"VARCHAR": "string", "BIGINT": "bigint", "INTEGER": "int", "TIMESTAMP": "timestamp_ntz"}
_WHOLE = ("int", "bigint")


class SparkEngine(Engine):
    """A session of Spark of its own: what it shows, no other engine sees."""

    dialect = SPARK

    def __init__(self, session: SparkSession) -> None:
        super().__init__()
        self._session = session

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._asked(sql).collect()]

    def arrow(self, sql: str) -> pa.Table:
        answer = self._asked(sql).toArrow()
        # That a column cannot be NULL is said of some answers and not of others, which then cannot be put together.
        return answer.cast(pa.schema([field.with_nullable(True) for field in answer.schema]))

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        yield from self.arrow(sql).to_batches()

    def show(self, name: str, rows: pa.Table) -> None:
        self._hold(name, self._session.createDataFrame(rows))

    def read(self, name: str, columns: Mapping[str, str], files: Sequence[Path]) -> None:
        if files:
            read = self._session.read.parquet(*(str(file) for file in files))
            self._hold(name, read.select(*columns))
        else:
            self.show(name, pa.schema([(column, ARROW[kind]) for column, kind in columns.items()]).empty_table())

    def keep(self, name: str, sql: str, columns: Mapping[str, str]) -> None:
        computed = self._asked(sql)
        given = dict(computed.dtypes)
        wanted = {column: _TYPES.get(kind, kind.lower()) for column, kind in columns.items()}
        # The engines count in whole numbers of different width; a type that differs otherwise is a fault of the text.
        wrong = [c for c in wanted if given.get(c) != wanted[c] and not {given.get(c), wanted[c]} <= set(_WHOLE)]
        if wrong or list(given) != list(wanted):
            raise TypeError(f"{name} gives other columns: {', '.join(wrong) or ', '.join(given)}")
        typed = computed.selectExpr(*(f"CAST({column} AS {kind}) AS {column}" for column, kind in wanted.items()))
        typed.persist().count()
        self._hold(name, typed)

    def drop(self, name: str) -> None:
        held = self._held.pop(name, None)
        if held is not None:
            self._session.catalog.dropTempView(name)
            held.unpersist()

    def close(self) -> None:
        self.clear()

    def _hold(self, name: str, rows: DataFrame) -> None:
        self.drop(name)
        rows.createOrReplaceTempView(name)
        self._held[name] = rows

    def _asked(self, sql: str) -> DataFrame:
        # A backslash stands only inside a text here, where Spark would read it as the beginning of a sign.
        return self._session.sql(sql.replace("\\", "\\\\"))


def open_spark(*, for_few: bool = False) -> SparkEngine:
    """An engine of its own on this machine's cores; the first one starts Java.

    `for_few`: for questions about a handful of rows. It holds for all engines of this process, and only from the first.
    """
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[*]").appName("bangfu")
    for name, value in (_SETTINGS | (_FOR_FEW if for_few else {})).items():
        builder = builder.config(name, value)
    return SparkEngine(builder.getOrCreate().newSession())
