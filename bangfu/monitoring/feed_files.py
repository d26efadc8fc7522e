"""The workbook of a list's bad lines: its sender mends them at the source."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from bangfu.monitoring.feed_lines import BadLine
from bangfu.monitoring.feed_words import explain_line
from bangfu.rulebook.feed_kinds import FeedKind


def bad_lines_workbook(kind: FeedKind | None, lines: Sequence[BadLine]) -> bytes:
    """An .xlsx with the line's number in the file, its known cells as written, and why it was left out. Every cell is
    text, so that nothing can be a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    sheet, head = book.add_worksheet(), book.add_format({"bold": True})
    fields = list(lines[0].cells) if lines else []
    official = {name: headings[0] for name, headings in kind.headings.items()} if kind else {}
    labels = [_("Row"), *(official.get(name, name) for name in fields), _("Why")]
    for column, label in enumerate(labels):
        sheet.write_string(0, column, label, head)
    for at, line in enumerate(lines, start=1):
        cells = [line.row, *(line.cells.get(name, "") for name in fields), explain_line(line.reason, kind)]
        for column, text in enumerate(cells):
            sheet.write_string(at, column, text)
    book.close()
    return target.getvalue()
