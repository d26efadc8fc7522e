"""Bench `publish`: the snapshot of a register, beside reading the same rows alone.

On PostgreSQL the driver reads by COPY, so that reading alone is the COPY of the same rows.
"""

import os
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.bench.register import fill_register
from bangfu.lake.publish import publish
from bangfu.lake.registers import reading
from bangfu.lake.snapshots import verify
from bangfu.monitoring.facts import ALL_SOURCES


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
