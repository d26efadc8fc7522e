"""Writes one snapshot of the register: all tables of one moment, or nothing.

A snapshot is a folder named by its day: TABLE/PROVINCE.parquet for each table and each province with rows of it, and
manifest.json with what must be in it. It is written beside its place and renamed at the end; the next run clears what
a killed one left behind.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bangfu.lake.manifest import FORMAT, MANIFEST
from bangfu.lake.parts import Parts
from bangfu.lake.provinces import Provinces
from bangfu.lake.registers import Register, reading
from bangfu.lake.schema import MEMBERSHIPS
from bangfu.lake.tables import Source


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
        provinces = _provinces(register, sources)
        for source in sources:
            tables[source.table.name] = _write_table(register, source, draft, provinces)
    manifest = {"format": FORMAT, "day": day.isoformat(), "made_at": made_at.isoformat(), "tables": tables}
    _write_durably(draft / MANIFEST, json.dumps(manifest, indent=1).encode())
    _sync(draft)
    _put_in_place(draft, place, lake)
    return Snapshot(place, day, made_at, {name: table["rows"] for name, table in tables.items()})


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


def _provinces(register: Register, sources: Sequence[Source]) -> Provinces:
    """Where everybody was last registered, by the memberships among these sources."""
    for source in sources:
        if source.table.name == MEMBERSHIPS.name:
            return Provinces.of(register.batches(source.narrowed("person", "division", "valid_from")))
    return Provinces.of(())


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
