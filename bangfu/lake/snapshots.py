"""Finds, checks and opens snapshots of the lake."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bangfu.lake.manifest import FORMAT, MANIFEST, sha256_of
from bangfu.rulebook.engine import open_engine, sql_text


class SnapshotError(ValueError):
    """A snapshot that is missing or not what its manifest says. `faults` lists what differs."""

    code = "snapshot_unusable"

    def __init__(self, folder: Path, faults: list[str]) -> None:
        self.folder = folder
        self.faults = faults
        super().__init__(f"{folder.name}: {'; '.join(faults)}")


def connect(lake: Path) -> duckdb.DuckDBPyConnection:
    """A locked in-memory connection that can read this lake and nothing else. One per thread."""
    return open_engine([lake])


def days(lake: Path) -> list[date]:
    """The days that have a snapshot, oldest first."""
    return sorted(date.fromisoformat(path.parent.name) for path in lake.glob(f"[0-9]*/{MANIFEST}"))


def latest(lake: Path, day: date) -> date | None:
    """The day of the newest snapshot made for `day` or earlier; None where there is none."""
    return max((known for known in days(lake) if known <= day), default=None)


def snapshot(connection: duckdb.DuckDBPyConnection, lake: Path, day: date) -> None:
    """Makes the tables of a day's snapshot readable by their names.

    A connection shows one snapshot for all its life, because what is computed from it stays in it: a second
    call raises ValueError. SnapshotError where the snapshot is missing, incomplete or of another size than
    recorded; `verify` also reads every byte.
    """
    folder = lake / day.isoformat()
    manifest = read_manifest(folder)
    faults = _sizes(folder, manifest)
    if faults:
        raise SnapshotError(folder, faults)
    if connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall()[0][0]:
        raise ValueError("this connection already shows a snapshot")
    for name, table in manifest["tables"].items():
        columns = ", ".join(column["name"] for column in table["columns"])
        file = sql_text(str((folder / f"{name}.parquet").resolve()))
        connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT {columns} FROM read_parquet({file})"  # noqa: S608 - from the manifest
        ).fetchall()


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a snapshot; SnapshotError where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        names = [*manifest["tables"]]
        names += [column["name"] for table in manifest["tables"].values() for column in table["columns"]]
        is_ours = manifest["format"] == FORMAT and manifest["day"] == folder.name
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
    for name, table in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if path.exists() and sha256_of(path) != table["sha256"]:
            faults.append(f"{path.name}: changed since it was written")
    known = {MANIFEST, *(f"{name}.parquet" for name in manifest["tables"])}
    faults += [f"{path.name}: not in the manifest" for path in sorted(folder.iterdir()) if path.name not in known]
    return faults


def _sizes(folder: Path, manifest: dict[str, Any]) -> list[str]:
    faults = []
    for name, table in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.exists():
            faults.append(f"{path.name}: missing")
        elif path.stat().st_size != table["bytes"]:
            faults.append(f"{path.name}: of another size")
    return faults
