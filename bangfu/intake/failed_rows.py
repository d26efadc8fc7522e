"""The workbook of rejected rows: the clerk mends it and sends it again."""

import io
import re
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from bangfu.intake.flagged import Written
from bangfu.intake.models import FlaggedRow
from bangfu.intake.words import explain_row

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_SHEET_LENGTH = 28  # of the 31 characters that a sheet's name may have; the rest tells two alike apart


def failed_rows_workbook(rows: Sequence[tuple[FlaggedRow, Written]]) -> bytes:
    """An .xlsx with a sheet for each sheet of the file: its columns in their order, then the row's number and why.

    Every cell is text, so that nothing can be a formula.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    grouped: dict[str, list[tuple[FlaggedRow, Written]]] = {}
    for row, written in rows:
        grouped.setdefault(row.name.rpartition("!")[0], []).append((row, written))
    for number, (name, members) in enumerate(grouped.items() or [("", [])], start=1):
        title = _SHEET_NAME.sub(" ", name).strip()[:_SHEET_LENGTH]
        sheet = book.add_worksheet(f"{title} {number}" if len(grouped) > 1 else title or None)
        head = book.add_format({"bold": True})
        labels = list(members[0][1].cells) if members else []
        for column, label in enumerate([*labels, _("Row"), _("Why")]):
            sheet.write_string(0, column, label, head)
        for at, (row, written) in enumerate(members, start=1):
            why = " ".join(explain_row(code) for code in [*row.rejected, *row.warned])
            cells = [*(written.cells.get(label, "") for label in labels), row.name.rpartition("!")[2], why]
            for column, text in enumerate(cells):
                sheet.write_string(at, column, text)
    book.close()
    return target.getvalue()
