"""Reading uploads: the list, the rows that need a second look, what may still be done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate

from bangfu.core.identity import id_number, problem
from bangfu.intake.flagged import Written, written_rows
from bangfu.intake.models import Batch, BatchState, FlaggedRow
from bangfu.intake.tables import keys_of, labels_key
from bangfu.intake.words import explain_row, field_name

UNDO_DAYS = 30
REJECTED, WARNED = "rejected", "warned"
_TOGETHER = (("county", "town", "village"), ("work_province", "work_city", "work_county"))
_IN_ROW = ("name", "id_number", "employer", "title")
_ID = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")


@dataclass(frozen=True)
class Cell:
    """A cell as the page shows it: whole only where it is at fault, numbers of people masked elsewhere."""

    text: str
    faulty: bool


@dataclass(frozen=True)
class Mend:
    """A cell that the clerk may correct on the page: its column, and its text ("" where that is masked)."""

    column: str
    text: str


@dataclass(frozen=True)
class Why:
    """Why a row needs a look: the words, the column as written ("" for the whole row), what would be right ("" where
    the check does not know), and the cells to correct."""

    words: str
    column: str
    hint: str
    rejected: bool
    mends: Sequence[Mend] = ()


@dataclass(frozen=True)
class Line:
    """One flagged row of the page; `cells` in the order of the page's columns."""

    key: int
    sheet: str
    number: str
    cells: Sequence[Cell]
    reasons: Sequence[Why]


@dataclass(frozen=True)
class Column:
    """A column of the file: its name, as distinct key and as written, the field that it fills ("" where it is not
    imported) and that field in words."""

    key: str
    label: str
    field: str
    fills: str


@dataclass(frozen=True)
class Recognised:
    """Sheets with the same columns: their names, the columns, the key of this set of columns (tables.labels_key),
    and whether the office said what they fill."""

    sheets: Sequence[str]
    columns: Sequence[Column]
    labels: str
    chosen: bool


def flagged_rows(batch: Batch, show: str) -> QuerySet[FlaggedRow]:
    """The rows of an upload that need a look, in the file's order: the rejected, the merely warned about, or all."""
    rows = batch.flagged.all()
    if show == REJECTED:
        return rows.exclude(rejected=[])
    return rows.filter(rejected=[]) if show == WARNED else rows


def columns_of(batch: Batch) -> list[Recognised]:
    """The columns of the file, the recognised ones first, once for all sheets that have just these."""
    alike: dict[tuple[Column, ...], list[dict[str, Any]]] = {}
    for sheet in batch.columns:
        labels = [label for label, _ in sheet["columns"]]
        found = [
            Column(key, label, field or "", field_name(field) if field else "")
            for key, (label, field) in zip(keys_of(labels), sheet["columns"], strict=True)
            if label
        ]
        alike.setdefault(tuple(sorted(found, key=lambda column: not column.field)), []).append(sheet)
    return [
        Recognised(
            [sheet["sheet"] for sheet in sheets], columns,
            labels_key([label for label, _ in sheets[0]["columns"]]), bool(sheets[0].get("chosen")),
        )
        for columns, sheets in alike.items()
    ]  # fmt: skip


def lines_of(batch: Batch, rows: Sequence[FlaggedRow], on: date) -> tuple[list[str], list[Line]]:
    """Column names and lines of the rows: who is meant, and every column in which one of these rows is at fault."""
    fields = {sheet["sheet"]: dict(sheet["columns"]) for sheet in batch.columns}
    written = written_rows(rows)
    by_field = [_by_field(row, one, fields) for row, one in zip(rows, written, strict=True)]
    faulty = {name for _, faults in by_field for name in faults}
    known = [field for sheet in batch.columns for _, field in sheet["columns"] if field]
    shown = [name for name in dict.fromkeys(known) if name in faulty or name in _IN_ROW]
    lines = []
    for row, one, (cells, faults) in zip(rows, written, by_field, strict=True):
        sheet, _, number = row.name.rpartition("!")
        shown_cells = [Cell(_shown(cells.get(name, ""), name in faults, on), name in faults) for name in shown]
        lines.append(Line(row.pk, sheet, number, shown_cells, _reasons(row, one, fields.get(sheet, {}), on)))
    return [field_name(name) for name in shown], lines


def _by_field(
    row: FlaggedRow, one: Written, fields: dict[str, dict[str, str | None]]
) -> tuple[dict[str, str], set[str]]:
    names = fields.get(row.name.rpartition("!")[0], {})
    cells = {names[label] or "": text for label, text in one.cells.items() if names.get(label)}
    return cells, {names[fault["column"]] or "" for fault in one.faults if names.get(fault["column"])}


def _shown(text: str, faulty: bool, on: date) -> str:
    """A wrong number is shown whole, for it must be mended; a right one never is."""
    number = id_number(text)
    if faulty and problem(number, on) is not None:
        return text
    return _PHONE.sub(r"\1****\2", _ID.sub(r"\1********\2", text))


def _reasons(row: FlaggedRow, one: Written, fields: dict[str, str | None], on: date) -> list[Why]:
    places = {fault["code"]: (fault["column"], fault["hint"]) for fault in one.faults}
    return [
        Why(
            explain_row(code), *places.get(code, ("", "")), rejected=code in row.rejected,
            mends=_mends(one, places.get(code, ("", ""))[0], fields, on),
        )
        for code in [*row.rejected, *row.warned]
    ]  # fmt: skip


def _mends(one: Written, column: str, fields: dict[str, str | None], on: date) -> list[Mend]:
    """The faulty cell, and those that lead to a place together with it."""
    field = fields.get(column)
    together: tuple[str, ...] = next((group for group in _TOGETHER if field in group), ())
    columns = [name for name, filled in fields.items() if name and (name == column or filled in together)]
    texts = {name: one.cells.get(name, "") for name in columns}
    return [Mend(name, text if _shown(text, True, on) == text else "") for name, text in texts.items()]


def undo_until(batch: Batch) -> date | None:
    """The last day on which the import may be taken back, None for one that cannot be."""
    if batch.state not in (BatchState.APPLYING, BatchState.DONE):
        return None
    return localdate(batch.finished_at or batch.created_at) + timedelta(days=UNDO_DAYS)


def may_undo(batch: Batch, now: datetime) -> bool:
    """Whether the import may be taken back now."""
    until = undo_until(batch)
    return until is not None and localdate(now) <= until
