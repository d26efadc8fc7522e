"""Finds, checks and opens snapshots of the lake."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bangfu.lake.engines import DUCKDB, engine_of
from bangfu.lake.manifest import FORMAT, MANIFEST, sha256_of
from bangfu.rulebook.engine import Engine


class SnapshotError(ValueError):
    """A snapshot that is missing or not what its manifest says. `faults` lists what differs."""

    code = "snapshot_unusable"

    def __init__(self, folder: Path, faults: list[str]) -> None:
        self.folder = folder
        self.faults = faults
        super().__init__(f"{folder.name}: {'; '.join(faults)}")


def connect(lake: Path, engine: str = DUCKDB) -> Engine:
    """An engine that may read this lake: by default DuckDB, locked, that can read nothing else. One per thread.

    EngineError where there is no such engine, or it is not installed.
    """
    return engine_of(engine, lake)


def days(lake: Path) -> list[date]:
    """The days that have a snapshot, oldest first."""
    return sorted(date.fromisoformat(path.parent.name) for path in lake.glob(f"[0-9]*/{MANIFEST}"))


def latest(lake: Path, day: date) -> date | None:
    """The day of the newest snapshot made for `day` or earlier; None where there is none."""
    return max((known for known in days(lake) if known <= day), default=None)


def snapshot(connection: Engine, lake: Path, day: date, *, provinces: Collection[str] | None = None) -> None:
    """Makes the tables of a day's snapshot readable by their names; of `provinces` (two-digit codes) only, unless None.

    Tables that do not speak of persons are shown whole. A connection shows one snapshot for all its life, because
    what is computed from it stays in it: a second call raises ValueError. SnapshotError where the snapshot is
    missing, incomplete or of another size than recorded; `verify` also reads every byte.
    """
    folder = lake / day.isoformat()
    manifest = read_manifest(folder)
    faults = _sizes(folder, manifest)
    if faults:
        raise SnapshotError(folder, faults)
    if any(connection.holds(name) for name in manifest["tables"]):
        raise ValueError("this connection already shows a snapshot")
    for name, table in manifest["tables"].items():
        columns = {column["name"]: column["type"] for column in table["columns"]}
        wanted = [part for part in table["parts"] if provinces is None or "person" not in columns or part in provinces]
        connection.read(name, columns, [folder.resolve() / name / f"{part}.parquet" for part in wanted])


def provinces_of(lake: Path, day: date) -> list[str]:
    """The provinces (two-digit codes) that a day's snapshot has persons of, rising; "00" where none is known."""
    tables = read_manifest(lake / day.isoformat())["tables"].values()
    of_persons = [table for table in tables if any(column["name"] == "person" for column in table["columns"])]
    return sorted({province for table in of_persons for province, part in table["parts"].items() if part["rows"]})


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a snapshot; SnapshotError where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        names = [*manifest["tables"]]
        names += [column["name"] for table in manifest["tables"].values() for column in table["columns"]]
        is_ours = manifest["format"] == FORMAT and manifest["day"] == folder.name
        names += [f"part{province}" for table in manifest["tables"].values() for province in table["parts"]]
        if is_ours and names and all(name.isidentifier() for name in names):
            return dict(manifest)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise SnapshotError(folder, [f"{MANIFEST}: missing or not readable"]) from fault
    raise SnapshotError(folder, [f"{MANIFEST}: of another format or day"])


def verify(folder: Path) -> list[str]:
    """What of a snapshot's folder differs from its manifest: files missing, added or changed. [] = nothing.

    SnapshotError where the manifest itself is missing or not readable.
    """
    manifest = read_manifest(folder)
    faults = _sizes(folder, manifest)
    known = {folder / MANIFEST}
    for path, part in _files(folder, manifest):
        known.add(path)
        if path.exists() and sha256_of(path) != part["sha256"]:
            faults.append(f"{_shown(folder, path)}: changed since it was written")
    strangers = sorted(path for path in folder.rglob("*") if path.is_file() and path not in known)
    return faults + [f"{_shown(folder, path)}: not in the manifest" for path in strangers]


def _sizes(folder: Path, manifest: dict[str, Any]) -> list[str]:
    faults = []
    for path, part in _files(folder, manifest):
        if not path.exists():
            faults.append(f"{_shown(folder, path)}: missing")
        elif path.stat().st_size != part["bytes"]:
            faults.append(f"{_shown(folder, path)}: of another size")
    return faults


def _files(folder: Path, manifest: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for name, table in manifest["tables"].items():
        for province, part in table["parts"].items():
            yield folder / name / f"{province}.parquet", part


def _shown(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
