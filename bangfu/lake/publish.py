"""Writes one snapshot of the register: all tables of one moment, or nothing.

A snapshot is a folder named by its day: TABLE.parquet for each table, and manifest.json with what must be in
it. It is written beside its place and renamed at the end; the next run clears what a killed one left behind.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bangfu.lake.manifest import FORMAT, MANIFEST, sha256_of
from bangfu.lake.registers import Register, reading
from bangfu.lake.rows import ARROW
from bangfu.lake.tables import Source, Table

_GROUP_ROWS = 131_072  # rows of one Parquet row group


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot: its folder, its day, when it was made, and the number of rows of each table."""

    folder: Path
    day: date
    made_at: datetime
    rows: dict[str, int]


def publish(sources: Sequence[Source], lake: Path, day: date, url: str, *, made_at: datetime) -> Snapshot:
    """Writes the snapshot of `day` from the register at `url`; one of the same day is replaced.

    `made_at` is what the manifest says about when it was made: an instant with its zone, or ValueError.
    RegisterError where the register does not hold what the sources say.
    """
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    lake.mkdir(parents=True, exist_ok=True)
    _clear_remains(lake)
    place, draft = lake / day.isoformat(), lake / f".draft-{day.isoformat()}"
    draft.mkdir()
    tables = {}
    with reading(url) as register:
        for source in sources:
            tables[source.table.name] = _write_table(register, source, draft)
    manifest = {"format": FORMAT, "day": day.isoformat(), "made_at": made_at.isoformat(), "tables": tables}
    _write_durably(draft / MANIFEST, json.dumps(manifest, indent=1).encode())
    _sync(draft)
    _put_in_place(draft, place, lake)
    return Snapshot(place, day, made_at, {name: table["rows"] for name, table in tables.items()})


def _write_table(register: Register, source: Source, folder: Path) -> dict[str, Any]:
    path = folder / f"{source.table.name}.parquet"
    with path.open("wb") as file:
        rows = write_parquet(file, source.table, register.batches(source))
        file.flush()
        os.fsync(file.fileno())
    return {
        "rows": rows,
        "bytes": path.stat().st_size,
        "sha256": sha256_of(path),
        "columns": [{"name": column.name, "type": column.type} for column in source.table.columns],
    }


def write_parquet(file: Any, table: Table, batches: Iterable[pa.RecordBatch]) -> int:
    """Writes record batches as one Parquet file with the table's schema; returns the number of rows."""
    schema = pa.schema([(column.name, ARROW[column.type]) for column in table.columns])
    rows, waiting = 0, 0
    held: list[pa.RecordBatch] = []
    with pq.ParquetWriter(file, schema, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            held.append(batch)
            waiting += batch.num_rows
            if waiting >= _GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(held, schema), row_group_size=_GROUP_ROWS)
                rows, waiting, held = rows + waiting, 0, []
        if waiting:
            writer.write_table(pa.Table.from_batches(held, schema), row_group_size=_GROUP_ROWS)
    return rows + waiting


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put_in_place(draft: Path, place: Path, lake: Path) -> None:
    old = lake / f".old-{place.name}"
    if place.exists():
        place.rename(old)
    draft.rename(place)
    _sync(lake)
    shutil.rmtree(old, ignore_errors=True)


def _clear_remains(lake: Path) -> None:
    """Removes drafts of killed runs; puts a snapshot back that was moved away and not replaced."""
    for old in lake.glob(".old-*"):
        place = lake / old.name.removeprefix(".old-")
        if place.exists():
            shutil.rmtree(old)
        else:
            old.rename(place)
    for draft in lake.glob(".draft-*"):
        shutil.rmtree(draft)
