"""The two halves of bench `export`, each in a process of its own: `make KEY` and `write KEY`."""

import io
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import django
import python_calamine
import xlsxwriter
from django.utils import timezone

from bangfu.bench.process import peak_mb

Spent = tuple[float, float, int, int]


def make(key: int) -> Spent:
    """The file of an approved export."""
    from bangfu.exports.actions import make_export
    from bangfu.exports.lists import all_lists

    all_lists()  # the worker that makes files has loaded the rooms long before
    cpu, began = time.process_time(), time.perf_counter()
    return _spent(began, cpu, make_export(key, at=timezone.now()).rows_made or 0)


def write(key: int) -> Spent:
    """The cells of a made file, by the library alone. They are read before the clock starts, all at once: the peak of
    memory is that of all of them."""
    from bangfu.exports.sealed import opened

    data = io.BytesIO(b"".join(opened(key)))
    rows = python_calamine.CalamineWorkbook.from_filelike(data).get_sheet_by_index(1).to_python()
    with tempfile.TemporaryDirectory() as folder:
        cpu, began = time.process_time(), time.perf_counter()
        book = xlsxwriter.Workbook(str(Path(folder) / "alone.xlsx"), {"constant_memory": True})
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                _write_cell(sheet, number, column, value, day)
        book.close()
        return _spent(began, cpu, sum(len(row) for row in rows))


def _write_cell(sheet: Any, number: int, column: int, value: Any, day: Any) -> None:
    if value == "":
        return
    if isinstance(value, str):
        sheet.write_string(number, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(number, column, value, day)
    else:
        sheet.write_number(number, column, value)


def _spent(began: float, cpu: float, counted: int) -> Spent:
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    return round(wall, 2), round(used, 2), peak_mb(), counted


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps({"make": make, "write": write}[sys.argv[1]](int(sys.argv[2]))))
