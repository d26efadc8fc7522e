"""The Parquet files of one table of a snapshot: one for each province that has rows, written side by side."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from bangfu.lake.manifest import sha256_of
from bangfu.lake.provinces import NOWHERE
from bangfu.lake.rows import ARROW
from bangfu.lake.tables import Table

GROUP_ROWS = 131_072  # rows of one Parquet row group
_MOST_WAITING = 16 * GROUP_ROWS  # rows kept in memory over all parts of a table


class _Part:
    """One file; rows wait until they fill a row group."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema
        self.rows = self.waiting = 0
        self._held: list[pa.RecordBatch] = []
        self._file = path.open("wb")
        self._writer = pq.ParquetWriter(self._file, schema, compression="zstd", compression_level=1)

    def add(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self.rows += batch.num_rows
        self.waiting += batch.num_rows
        if self.waiting >= GROUP_ROWS:
            self.flush()

    def flush(self) -> None:
        if self.waiting:
            self._writer.write_table(pa.Table.from_batches(self._held, self.schema), row_group_size=GROUP_ROWS)
        self._held, self.waiting = [], 0

    def close(self) -> None:
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class Parts:
    """Writes the parts of a table below `folder`; leave the `with` block for complete files."""

    def __init__(self, folder: Path, table: Table) -> None:
        self._folder = folder / table.name
        self._folder.mkdir()
        self._schema = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
        self._parts: dict[str, _Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _fault: BaseException | None, _at: TracebackType | None
    ) -> None:
        if kind is None and not self._parts:
            self._part(NOWHERE)  # an empty table has its columns all the same
        for part in self._parts.values():
            if kind is None:
                part.flush()
            part.close()

    def add(self, pieces: Iterable[tuple[str, pa.RecordBatch]]) -> None:
        """Takes rows by province."""
        for province, batch in pieces:
            self._part(province).add(batch)
        while sum(part.waiting for part in self._parts.values()) > _MOST_WAITING:
            max(self._parts.values(), key=lambda part: part.waiting).flush()

    def described(self) -> dict[str, dict[str, Any]]:
        """What the manifest says of each part, once the block is left."""
        return {
            province: {"rows": part.rows, "bytes": part.path.stat().st_size, "sha256": sha256_of(part.path)}
            for province, part in sorted(self._parts.items())
        }

    def _part(self, province: str) -> _Part:
        if province not in self._parts:
            self._parts[province] = _Part(self._folder / f"{province}.parquet", self._schema)
        return self._parts[province]
