"""Bench `publish`, the snapshot of a register beside reading the same rows alone, and `rulebook`, all rules over it.

On PostgreSQL the driver reads by COPY, so that reading alone is the COPY of the same rows.
"""

import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.bench.register import fill_register
from bangfu.lake.publish import publish
from bangfu.lake.registers import reading
from bangfu.lake.snapshots import connect, latest, snapshot, verify
from bangfu.monitoring.facts import ALL_SOURCES
from bangfu.monitoring.proof import count_lines
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.evaluate import evaluate_quality, evaluate_signals
from bangfu.rulebook.figures import figures
from bangfu.rulebook.views import compute


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Fill the register of this home to `size` persons, read all that is published, then publish it and verify."""
    today = timezone.localdate()
    added = fill_register(size, on=today)
    read_s, rows = _read_alone()
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        began, cpu = time.perf_counter(), time.process_time()
        made = publish(ALL_SOURCES, lake, today, settings.DATABASE_URL, made_at=timezone.now())
        wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        faults = verify(made.folder)
        verify_s = time.perf_counter() - began
        size_mb = sum(path.stat().st_size for path in made.folder.rglob("*.parquet")) / 1e6
    return {
        "persons": made.rows["persons"], "added": added, "rows": sum(made.rows.values()), "rows_read": rows,
        "goal_s": 30, "floor_s": 90, "wall_s": round(wall_s, 1), "cpu_s": round(cpu_s, 1),
        "read_alone_s": round(read_s, 1), "ratio": round(wall_s / read_s, 2), "size_mb": round(size_mb, 1),
        "verify_s": round(verify_s, 2), "faults": faults, "peak_rss_mb": peak_mb(), "database": connection.vendor,
        "load": os.getloadavg()[0], "python": platform.python_version(), "pyarrow": pa.__version__,
    }  # fmt: skip


def _read_alone() -> tuple[float, int]:
    began, rows = time.perf_counter(), 0
    with reading(settings.DATABASE_URL) as register:
        for source in ALL_SOURCES:
            rows += sum(batch.num_rows for batch in register.batches(source))
    return time.perf_counter() - began, rows


def run_rulebook(size: int = 1_000_000) -> dict[str, Any]:
    """Every signal, quality rule and indicator, and the coverage, over a snapshot of this home's register."""
    today, took = timezone.localdate(), dict[str, float]()
    added = fill_register(size, on=today)
    if latest(settings.LAKE, today) != today:
        publish(ALL_SOURCES, settings.LAKE, today, settings.DATABASE_URL, made_at=timezone.now())
    book, found = rulebook(), 0
    began, cpu = time.perf_counter(), time.process_time()
    with connect(settings.LAKE) as connection_:
        snapshot(connection_, settings.LAKE, today)
        for name in ("person_day", "household_day", "contact_day", "layoff_day", "leg_day", "coverage_day"):
            took[name] = _timed(lambda view=name: compute(connection_, book.views, view, today))
        judged = []
        took["signals"] = _timed(lambda: judged.append(evaluate_signals(connection_, book, today)))
        took["quality"] = _timed(lambda: judged.append(evaluate_quality(connection_, book, today)))
        took["indicators"] = _timed(lambda: figures(connection_, book, None, today))
        took["coverage"] = _timed(lambda: count_lines(connection_, today, ""))
        found = sum(len(one.found) for one in judged)
    return {
        "persons": size, "added": added, "rules": len(book.rules), "found": found, "goal_s": 10, "floor_s": 30,
        "wall_s": round(time.perf_counter() - began, 1), "cpu_s": round(time.process_time() - cpu, 1),
        **{f"{name}_s": round(seconds, 2) for name, seconds in took.items()}, "peak_rss_mb": peak_mb(),
        "load": os.getloadavg()[0], "python": platform.python_version(), "duckdb": duckdb.__version__,
    }  # fmt: skip


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began
