"""Workbooks of outside lists: one to fill in for whoever sends a kind, and bad lines to be mended at their source."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from bangfu.cases.words import spoken
from bangfu.intake.tables import Columns
from bangfu.intake.templates_to_fill import workbook_to_fill
from bangfu.monitoring.feed_lines import BadLine
from bangfu.monitoring.feed_words import explain_line
from bangfu.rulebook.feed_kinds import FeedColumn, FeedKind

_EXAMPLES = {
    "id_number": "990522198602140029", "uscc": "91150522000000001P", "month": "2026-06", "day": "2026-06-30",
    "money": "1200.00", "count": "21", "name": "乌云", "sex": "女", "place": "甘旗卡镇东风村",
}  # fmt: skip
_SEXES = ("男", "女")


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


def list_workbook(kind: FeedKind) -> bytes:
    """An .xlsx to fill in with a list of the kind: its official headings, its words to choose from, an example that is
    passed over when the list comes back."""
    names = {column.field: spoken(column.name) for column in kind.columns}
    words = {column.field: _words(column) for column in kind.columns if _words(column)}
    columns = Columns(
        kind.headings, kind.required, values=words,
        dates=_of_type(kind, "day"), amounts=_of_type(kind, "money"),
        texts=_of_type(kind, "id_number", "uscc", "month"),
        example={column.field: _example(column) for column in kind.columns},
    )  # fmt: skip
    return workbook_to_fill(spoken(kind.name), columns, lambda field: names[field])


def _of_type(kind: FeedKind, *types: str) -> frozenset[str]:
    return frozenset(column.field for column in kind.columns if column.type in types)


def _words(column: FeedColumn) -> tuple[str, ...]:
    """One word for each code that a cell may hold."""
    if column.type == "sex":
        return _SEXES
    first: dict[str, str] = {}
    for said, kept in column.codes.items():
        first.setdefault(kept, said)
    return tuple(first.values())


def _example(column: FeedColumn) -> str:
    return _words(column)[0] if column.codes else _EXAMPLES[column.type]
