"""What an upload keeps sealed until it is decided: its sheets as read, corrections of cells, and the accepted rows.

A file is kept as it was read, not as its bytes: it can then be judged anew, whole or in part, without reading a
workbook of a hundred thousand rows again.
"""

import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.core.sealing import SealedColumn
from bangfu.intake.flagged import ROW_PLACE
from bangfu.intake.models import Batch, CellCorrection, FlaggedRow, Part, SheetPart
from bangfu.intake.tables import Cell, Sheet, text_of

PART_ROWS = 5000
"""Rows that are applied in one transaction."""
SHEET_ROWS = 20_000
_PART_PLACE = "intake.part.rows"
_SHEET_PLACE = "intake.sheetpart.rows"
_CELL_PLACE = "intake.cellcorrection.texts"
SEALED = (
    SealedColumn("intake.Part", "sealed", _PART_PLACE),
    SealedColumn("intake.SheetPart", "sealed", _SHEET_PLACE),
    SealedColumn("intake.CellCorrection", "sealed", _CELL_PLACE),
    SealedColumn("intake.FlaggedRow", "sealed", ROW_PLACE),
)
_WHOLE = re.compile(r"^-?\d+$")
_NUMBERS = "numbers"
CHANGE = "_change"
"""The column of an accepted row that says new, changed or same; none of the kind's own."""


def seal_parts(batch: Batch, frames: Sequence[pl.DataFrame], *, first: int) -> None:
    """Keep frames of accepted rows as parts numbered from `first`."""
    keys = new_keys(len(frames))
    sealed = settings.KEYRING.seal_bytes(
        _PART_PLACE, ((key, _packed(frame)) for key, frame in zip(keys, frames, strict=True))
    )
    Part.objects.bulk_create(
        Part(id=key, batch=batch, number=number, rows=frame.height, sealed=hidden)
        for number, (key, frame, hidden) in enumerate(zip(keys, frames, sealed, strict=True), start=first)
    )


def open_part(part: Part) -> pl.DataFrame:
    """The accepted rows of a part."""
    return pl.read_ipc(io.BytesIO(settings.KEYRING.open_bytes(_PART_PLACE, [(part.pk, part.sealed)])[0]))


def _packed(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def columns_json(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """The columns of the sheets as a batch keeps them: each column's name and field, without any row."""
    return [
        {
            "sheet": sheet.name, "header_row": sheet.header_row, "chosen": sheet.is_chosen,
            "columns": [list(pair) for pair in zip(sheet.labels, sheet.fields, strict=True)],
        }
        for sheet in sheets
    ]  # fmt: skip


def keep_sheets(batch: Batch, sheets: Sequence[Sheet]) -> None:
    """Keep the sheets of a file, sealed in chunks."""
    chunks = [
        (at, number, _sheet_chunk(sheet, start))
        for at, sheet in enumerate(sheets)
        for number, start in enumerate(range(0, len(sheet.numbers), SHEET_ROWS))
    ]
    keys = new_keys(len(chunks))
    sealed = settings.KEYRING.seal_bytes(
        _SHEET_PLACE, ((key, _packed(frame)) for key, (_, _, frame) in zip(keys, chunks, strict=True))
    )
    SheetPart.objects.bulk_create(
        SheetPart(id=key, batch=batch, sheet=at, number=number, sealed=hidden)
        for key, (at, number, _), hidden in zip(keys, chunks, sealed, strict=True)
    )


def _sheet_chunk(sheet: Sheet, start: int) -> pl.DataFrame:
    """Some rows of a sheet: each column as text, and where it has any, which of its cells are numbers."""
    end = start + SHEET_ROWS
    frame: dict[str, pl.Series] = {_NUMBERS: pl.Series(sheet.numbers[start:end], dtype=pl.Int64)}
    for at, column in enumerate(sheet.columns):
        cells = column[start:end]
        if all(type(cell) is str for cell in cells):
            frame[f"t{at}"] = pl.Series(cells, dtype=pl.String)
            continue
        frame[f"t{at}"] = pl.Series([text_of(cell) for cell in cells], dtype=pl.String)
        numeric = [isinstance(cell, float | int) and not isinstance(cell, bool) for cell in cells]
        if any(numeric):
            frame[f"n{at}"] = pl.Series(numeric, dtype=pl.Boolean)
    return pl.DataFrame(frame)


def kept_sheets(batch: Batch) -> list[Sheet]:
    """The sheets of a file as it was sent, with the corrections made since; [] when they were erased."""
    parts = list(batch.sheet_parts.order_by("sheet", "number"))
    opened = settings.KEYRING.open_bytes(_SHEET_PLACE, [(part.pk, part.sealed) for part in parts])
    frames: dict[int, list[pl.DataFrame]] = {}
    for part, packed in zip(parts, opened, strict=True):
        frames.setdefault(part.sheet, []).append(pl.read_ipc(io.BytesIO(packed)))
    sheets = [_sheet(batch.columns[at], chunks) for at, chunks in frames.items()]
    return corrected(sheets, corrections_of(batch))


def _sheet(said: Mapping[str, Any], chunks: Sequence[pl.DataFrame]) -> Sheet:
    labels = tuple(label for label, _ in said["columns"])
    return Sheet(
        name=said["sheet"], header_row=said.get("header_row", 0), labels=labels,
        fields=tuple(field for _, field in said["columns"]),
        columns=tuple(
            [cell for chunk in chunks for cell in _cells(chunk, at)] for at in range(len(labels))
        ),
        numbers=tuple(number for chunk in chunks for number in chunk[_NUMBERS]),
        is_chosen=bool(said.get("chosen")),
    )  # fmt: skip


def _cells(chunk: pl.DataFrame, at: int) -> list[Cell]:
    texts: list[Cell] = chunk[f"t{at}"].to_list()
    if f"n{at}" not in chunk.columns:
        return texts
    return [
        (int(text) if _WHOLE.match(text) else float(text)) if is_number else text  # type: ignore[arg-type]
        for text, is_number in zip(texts, chunk[f"n{at}"].to_list(), strict=True)
    ]


def forget_sheets(batch: Batch) -> None:
    """Erase the sheets of a decided batch, and the corrected texts with them."""
    batch.sheet_parts.all().delete()
    batch.corrections.update(sealed=b"")


Corrections = Mapping[str, Mapping[str, str]]
"""The new text of corrected cells: by row name, then column key."""


def corrections_of(batch: Batch) -> Corrections:
    """The corrections made on the page so far, the latest of each cell."""
    rows = list(batch.corrections.exclude(sealed=b"").order_by("id"))
    texts = settings.KEYRING.open_many(_CELL_PLACE, [(row.pk, row.sealed) for row in rows])
    found: dict[str, dict[str, str]] = {}
    for row, text in zip(rows, texts, strict=True):
        found.setdefault(row.row, {})[row.column] = json.loads(text)["new"]
    return found


def note_corrections(batch: Batch, row: str, cells: Mapping[str, tuple[str, str]], *, by: Any, at: datetime) -> None:
    """Keep corrected cells of a row: column key to (old text, new text)."""
    keys = new_keys(len(cells))
    texts = (
        (key, json.dumps({"old": old, "new": new}, ensure_ascii=False))
        for key, (old, new) in zip(keys, cells.values(), strict=True)
    )
    sealed = settings.KEYRING.seal(_CELL_PLACE, texts)
    CellCorrection.objects.bulk_create(
        CellCorrection(id=key, batch=batch, row=row, column=column, sealed=hidden, by=by, at=at)
        for key, column, hidden in zip(keys, cells, sealed, strict=True)
    )


def corrected(sheets: Sequence[Sheet], corrections: Corrections) -> list[Sheet]:
    """The sheets with corrected cells, which are text."""
    if not corrections:
        return list(sheets)
    done = []
    for sheet in sheets:
        keys, columns = sheet.keys, [list(column) for column in sheet.columns]
        for at, name in enumerate(sheet.row_names):
            for key, text in corrections.get(name, {}).items():
                if key in keys:
                    columns[keys.index(key)][at] = text
        done.append(replace(sheet, columns=tuple(columns)))
    return done


def rows_like(sheets: Sequence[Sheet], field: str, name: str, texts: Iterable[str]) -> list[Sheet]:
    """The row of that name and all rows whose cell of the field says the same as one of the texts."""
    wanted = {_alike(text) for text in texts} - {""}
    found = []
    for sheet in sheets:
        cells = sheet.column(field)
        tied = [cells is not None and _alike(text_of(cells[at])) in wanted for at in range(len(sheet.numbers))]
        kept = [at for at, row in enumerate(sheet.row_names) if row == name or tied[at]]
        if kept:
            columns = tuple([column[at] for at in kept] for column in sheet.columns)
            found.append(replace(sheet, columns=columns, numbers=tuple(sheet.numbers[at] for at in kept)))
    return found


def _alike(text: str) -> str:
    """The first 18 characters as they are compared: a disability certificate begins with the ID number."""
    return re.sub(r"[\s'’‘]", "", unicodedata.normalize("NFKC", text)).upper()[:18]


def accepted_rows(batch: Batch, state: str) -> Iterator[tuple[int, pl.DataFrame]]:
    """The accepted rows of a batch that waits, part by part, with how many of them (in that state) came before."""
    before = 0
    for part in batch.parts.filter(applied_at__isnull=True).order_by("number").iterator(chunk_size=1):
        frame = open_part(part)
        if state:
            frame = frame.filter(pl.col(CHANGE) == state)
        yield before, frame
        before += frame.height


def rows_to_erase(before: date) -> QuerySet[FlaggedRow]:
    """Flagged rows of uploads that were done with before the day."""
    return FlaggedRow.objects.filter(batch__finished_at__date__lt=before)


@transaction.atomic
def erase_rows(before: date, *, rule: str, at: datetime) -> int:
    """Erase the flagged rows of uploads that were done with before the day; counts and codes stay in the report."""
    count = rows_to_erase(before).count()
    if count:
        rows_to_erase(before).delete()
        record("intake.rows_erased", by=None, at=at, count=count, facts={"rule": rule})
    return count
