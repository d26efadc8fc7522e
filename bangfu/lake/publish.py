"""Writes one snapshot of the register: all tables of one moment, or nothing.

A snapshot is a folder named by its day: TABLE/PROVINCE.parquet for each table and each province with rows of it, and
manifest.json with what must be in it. It is written beside its place and renamed at the end; the next run clears what
a killed one left behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bangfu.lake.manifest import FORMAT, MANIFEST
from bangfu.lake.parts import Parts
from bangfu.lake.provinces import Provinces
from bangfu.lake.registers import Register, reading
from bangfu.lake.schema import MEMBERSHIPS
from bangfu.lake.snapshots import read_manifest
from bangfu.lake.tables import Source


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot: its folder, its day, when it was made, the number of rows of each table, and the SHA-256 of
    its manifest, which stands for all of it."""

    folder: Path
    day: date
    made_at: datetime
    rows: dict[str, int]
    digest: str


def publish(sources: Sequence[Source], lake: Path, day: date, url: str, *, made_at: datetime) -> Snapshot:
    """Writes the snapshot of `day` from the register at `url`; one of the same day is replaced.

    `made_at` is what the manifest says about when it was made: an instant with its zone, or ValueError.
    RegisterError where the register does not hold what the sources say.
    """
    return _write(sources, lake, day, url, made_at, {})


def publish_again(
    names: Collection[str], sources: Sequence[Source], lake: Path, day: date, url: str, *, made_at: datetime
) -> Snapshot:
    """Writes these tables of a day's snapshot anew and takes over the others; the whole is replaced at once.

    For what the night itself changed after it had looked at the snapshot. SnapshotError where there is none of the day.
    """
    old = lake / day.isoformat()
    kept = {name: table for name, table in read_manifest(old)["tables"].items() if name not in names}
    return _write(sources, lake, day, url, made_at, kept)


def _write(
    sources: Sequence[Source], lake: Path, day: date, url: str, made_at: datetime, kept: dict[str, Any]
) -> Snapshot:
    if made_at.tzinfo is None:
        raise ValueError("made_at needs a time zone")
    lake.mkdir(parents=True, exist_ok=True)
    _clear_remains(lake)
    place, draft = lake / day.isoformat(), lake / f".draft-{day.isoformat()}"
    draft.mkdir()
    tables = dict(kept)
    for name in kept:
        shutil.copytree(place / name, draft / name, copy_function=os.link)
    with reading(url) as register:
        provinces = Provinces.of(_memberships(register, sources, place if MEMBERSHIPS.name in kept else None))
        for source in sources:
            if source.table.name not in kept:
                tables[source.table.name] = _write_table(register, source, draft, provinces)
    manifest = {"format": FORMAT, "day": day.isoformat(), "made_at": made_at.isoformat(), "tables": tables}
    told = json.dumps(manifest, indent=1, sort_keys=True).encode()
    _write_durably(draft / MANIFEST, told)
    _sync(draft)
    _put_in_place(draft, place, lake)
    rows = {name: table["rows"] for name, table in tables.items()}
    return Snapshot(place, day, made_at, rows, hashlib.sha256(told).hexdigest())


def _write_table(register: Register, source: Source, folder: Path, provinces: Provinces) -> dict[str, Any]:
    with Parts(folder, source.table) as parts:
        for batch in register.batches(source):
            parts.add(provinces.split(batch))
    _sync(folder / source.table.name)
    described = parts.described()
    return {
        "rows": sum(part["rows"] for part in described.values()),
        "columns": [{"name": column.name, "type": column.type} for column in source.table.columns],
        "parts": described,
    }


def _memberships(register: Register, sources: Sequence[Source], kept: Path | None) -> Iterator[pa.RecordBatch]:
    """Who was registered where since when: of the snapshot `kept` where its memberships are taken over."""
    columns = ("person", "division", "valid_from")
    if kept is not None:
        for path in sorted((kept / MEMBERSHIPS.name).iterdir()):
            yield from pq.ParquetFile(path).iter_batches(columns=list(columns))
        return
    for source in sources:
        if source.table.name == MEMBERSHIPS.name:
            yield from register.batches(source.narrowed(*columns))


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
