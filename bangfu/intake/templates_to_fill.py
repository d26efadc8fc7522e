"""The workbook to fill in for a kind of ledger, made from the very columns by which the importer reads it."""

import io
from collections.abc import Callable

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from bangfu.intake.kinds import Kind
from bangfu.intake.tables import EXAMPLE, RUNNING_NUMBER, Columns
from bangfu.intake.words import field_name

ROWS = 20_000
"""Rows with drop-down boxes."""
_WIDTH = 14
_SHEET_LENGTH = 31


def template_workbook(kind: Kind) -> bytes:
    """An .xlsx with the columns under their official names: boxes to choose from, notes, an example that an import
    passes over, and a sheet that says how to fill in. Raises ValueError for a kind without columns."""
    if kind.columns is None:
        raise ValueError(kind.code)
    return workbook_to_fill(str(kind.title), kind.columns, field_name)


def workbook_to_fill(title: str, columns: Columns, named: Callable[[str], str]) -> bytes:
    """The same for any columns; `named` gives the name of a field in words."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet(title[:_SHEET_LENGTH])
    help_sheet, lists = book.add_worksheet(_("How to fill in")), book.add_worksheet("lists")
    lists.hide()
    plain, must = book.add_format({"bold": True}), book.add_format({"bold": True, "font_color": "#0958d9"})
    example = book.add_format({"italic": True, "font_color": "#6b7280", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    sheet.write_string(0, 0, RUNNING_NUMBER, plain)
    sheet.write_string(1, 0, EXAMPLE, example)
    sheet.write_comment(0, 0, _("The row marked as an example is not imported."))
    for at, (field, labels) in enumerate(columns.labels.items(), start=1):
        is_text = field in columns.texts or field in columns.dates
        sheet.set_column(at, at, 22 if field in columns.texts else _WIDTH, text if is_text else None)
        sheet.write_string(0, at, labels[0], must if field in columns.required else plain)
        sheet.write_comment(0, at, "\n".join([named(field), *_notes(columns, field)]))
        sheet.write_string(1, at, columns.example.get(field, ""), example)
        _add_list(sheet, lists, at, columns.values.get(field, ()))
    _write_help(help_sheet, columns, named, plain)
    book.close()
    return target.getvalue()


def _notes(columns: Columns, field: str) -> list[str]:
    """What to write in a column, in sentences."""
    notes = [_("Must be there.")] if field in columns.required else []
    if field in columns.values:
        notes.append(_("One of: %(values)s.") % {"values": "、".join(columns.values[field])})
    if field in columns.dates:
        notes.append(_("A day as 2026-06-30, or a month as 2026-06."))
    if field in columns.amounts:
        notes.append(_("A number in yuan."))
    if field in columns.texts:
        notes.append(_("The cells are text, so that no digit is lost; paste values only."))
    return notes


def _add_list(
    sheet: xlsxwriter.worksheet.Worksheet, lists: xlsxwriter.worksheet.Worksheet, at: int, values: tuple[str, ...]
) -> None:
    """A box to choose from; other values can be pasted all the same, the import says which it does not know."""
    if not values:
        return
    for row, value in enumerate(values):
        lists.write_string(row, at, value)
    letter = xl_col_to_name(at)
    sheet.data_validation(
        2, at, ROWS, at,
        {"validate": "list", "source": f"=lists!${letter}$1:${letter}${len(values)}", "error_type": "warning"},
    )  # fmt: skip


def _write_help(
    sheet: xlsxwriter.worksheet.Worksheet, columns: Columns, named: Callable[[str], str], bold: Format
) -> None:
    for at, (head, width) in enumerate(
        [(_("Column"), 22), (_("Fills"), 26), (_("What to write"), 60), (_("Other names that are recognised"), 60)]
    ):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head, bold)
    for row, (field, labels) in enumerate(columns.labels.items(), start=1):
        cells = [labels[0], named(field), " ".join(_notes(columns, field)), "、".join(labels[1:])]
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell)
