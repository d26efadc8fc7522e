"""Bench `export`: a list of n persons to a sealed workbook, against the library alone writing the same cells."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import xlsxwriter
from django.db import connection
from django.utils import timezone

from bangfu.accounts.actions import create_user
from bangfu.accounts.models import Role, User
from bangfu.bench.ledgers import COUNTY, write_roster
from bangfu.exports.actions import Asking, ask_export, decide_export
from bangfu.exports.lists import all_lists
from bangfu.exports.masks import ENDS
from bangfu.exports.sealed import opened
from bangfu.intake.actions import apply_batch, undo_batch
from bangfu.intake.kinds import all_kinds
from bangfu.intake.staging import stage_file

GOAL_S, FLOOR_S, MOST_MB, MOST_TIMES = 15, 40, 300, 1.5


def run(rows: int = 100_000) -> dict[str, Any]:
    """Imports a roster, takes the list of people out with masked ID numbers and telephones, and takes the roster back.

    The file is made, and the same cells are written by the library alone, each in a process of its own, so that the
    peak of memory is theirs.
    """
    on = date(2026, 6, 30)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path, rows, on)
        batch = stage_file(
            all_kinds()["roster"], "bench.xlsx", path.read_bytes(), on=on, by=None, at=timezone.now()
        )  # fmt: skip
    batch = apply_batch(batch, at=timezone.now())
    try:
        key = _approved()
        wall, cpu, peak, made = _alone("make", key)
        library, library_cpu, library_peak, cells = _alone("write", key)
        size = sum(len(piece) for piece in opened(key))
    finally:
        undo_batch(batch, by=None, at=timezone.now())
    return {
        "rows": made, "cells": cells, "file_mb": round(size / 1e6, 1), "wall_s": wall, "cpu_s": cpu,
        "peak_rss_mb": peak, "library_alone_s": library, "library_cpu_s": library_cpu,
        "library_rss_mb": library_peak, "times_library": round(wall / library, 2),
        "times_library_cpu": round(cpu / library_cpu, 2),
        "bars": f"{GOAL_S} s (floor {FLOOR_S}), {MOST_MB} MB, {MOST_TIMES} x", "database": connection.vendor,
        "load": os.getloadavg()[0], "xlsxwriter": xlsxwriter.__version__,
    }  # fmt: skip


def _approved() -> int:
    asker, second = _user("bench-asker"), _user("bench-second")
    columns = [
        (column.code, ENDS if column.number else "")
        for column in all_lists()["people"].columns
        if column.shown or column.number
    ]
    asking = Asking("people", {}, columns, "benchmark", "benchmark", str(uuid4()), "zh-hans")
    export = ask_export(asking, by=asker, at=timezone.now())
    if export.needs:
        decide_export(export, approve=True, reason="benchmark", by=second, at=timezone.now())
    return export.pk


def _user(username: str) -> User:
    if not User.objects.filter(username=username).exists():
        create_user(
            username, uuid4().hex, name=username, office="", role=Role.COUNTY_OFFICER, division=COUNTY,
            since=date(2020, 1, 1), by=None, at=timezone.now(),
        )  # fmt: skip
    return User.objects.get(username=username)


def _alone(work: str, key: int) -> tuple[float, float, int, int]:
    """Wall and processor seconds, peak of memory in MB, and what was counted, of a process of its own."""
    command = [sys.executable, "-m", "bangfu.bench.exports_alone", work, str(key)]
    done = subprocess.run(command, env=os.environ, stdout=subprocess.PIPE, check=True)
    return tuple(json.loads(done.stdout))
