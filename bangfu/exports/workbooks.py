"""Rows as a workbook or as CSV, in constant memory, with nothing in them that a spreadsheet would calculate."""

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from bangfu.exports.lists import COUNT, DAY, MOMENT, MONEY

MOST_ROWS = 1_048_576 - 1  # of a sheet, below the names of the columns
_MOST_LETTERS = 32_767  # of a cell; the library would cut it unseen
_MOST_OF_FOOTER = 255
_MEMORY = Path("/dev/shm")  # noqa: S108  drafts of a workbook are plain text: they go to memory, never to the disk
_BYTES_A_CELL = 160
_NO_CHARACTER = re.compile("[\ud800-\udfff\ufffe\uffff]")
_BEGINS_A_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠\t\r\n]")
_WIDTHS = {COUNT: 10, MONEY: 12, DAY: 12, MOMENT: 17}
_TEXT_WIDTH = 18
_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_SHEET_LENGTH = 31


class Target(Protocol):
    """What takes the bytes of a file."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""


@dataclass(frozen=True)
class Sheet:
    """What is to be written: `about` are lines of provenance (name, value), `heads` the columns as (words, kind).

    `mark` is printed on every page.
    """

    title: str
    about: Sequence[tuple[str, str]]
    heads: Sequence[tuple[str, str]]
    mark: str
    rows: int


def write_workbook(target: Target, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> int:
    """A workbook with a sheet that says what it is and a sheet of the rows; returns how many rows were written.

    Raises ValueError for a text that is longer than a cell holds.
    """
    with _drafts(sheet.rows * len(sheet.heads)) as options:
        book = xlsxwriter.Workbook(target, {**options, "strings_to_formulas": False, "strings_to_urls": False})
        try:
            _write_about(book, sheet)
            count = _write_rows(book, sheet, rows)
        except BaseException:  # given up half-way: the library would keep its drafts open
            for draft in filter(None, (page.row_data_fh for page in book.worksheets())):
                draft.close()
            raise
        book.close()
    return count


@contextmanager
def _drafts(cells: int) -> Iterator[dict[str, Any]]:
    """The options by which the library keeps its drafts in memory: as files there, or whole where there is no room."""
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < cells * _BYTES_A_CELL:
        yield {"in_memory": True}
        return
    with tempfile.TemporaryDirectory(prefix="bangfu-export-", dir=_MEMORY) as folder:
        yield {"constant_memory": True, "tmpdir": folder}


def _write_about(book: Any, sheet: Sheet) -> None:
    page, strong = book.add_worksheet(_("About")), book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 80)
    _print_mark(page, sheet.mark)
    for at, (name, value) in enumerate(sheet.about):
        _write_text(page, at, 0, name, strong)
        _write_text(page, at, 1, value, wrapped)


def _write_rows(book: Any, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> int:
    page = book.add_worksheet(_SHEET_NAME.sub(" ", sheet.title)[:_SHEET_LENGTH])
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F0F2F5"})
    formats = {
        MONEY: book.add_format({"num_format": "#,##0.00"}),
        DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    _print_mark(page, sheet.mark)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 0)
    for column, (words, kind) in enumerate(sheet.heads):
        page.set_column(column, column, _WIDTHS.get(kind, _TEXT_WIDTH))
        _write_text(page, 0, column, words, head)
    kinds = [formats.get(kind) for _words, kind in sheet.heads]
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(page, number, column, value, kinds[column])
    return number


def _write_cell(page: Any, row: int, column: int, value: Any, form: Any) -> None:
    """Text is always written as text: no value of the register can become a formula or a link."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        _write_text(page, row, column, value, None)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, _local(value), form)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, form)
    else:
        page.write_number(row, column, value, form)


def _write_text(page: Any, row: int, column: int, text: str, form: Any) -> None:
    if len(text) > _MOST_LETTERS:
        raise ValueError("text longer than a cell")
    page.write_string(row, column, text if text.isprintable() else _NO_CHARACTER.sub("\ufffd", text), form)


def _print_mark(page: Any, mark: str) -> None:
    text = mark.replace("&", "&&")[: _MOST_OF_FOOTER - 20]
    page.set_paper(9)
    page.set_header(f"&R&8{text}")
    page.set_footer("&C&8&P / &N")


def _local(value: datetime) -> datetime:
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def write_csv(target: Target, sheet: Sheet, rows: Iterable[Sequence[Any]], *, gb18030: bool) -> int:
    """The same as CSV: lines of provenance, a blank line, the names of the columns, the rows; returns their number."""
    text, number = io.StringIO(newline=""), 0
    lines = csv.writer(text)

    def send() -> None:
        target.write(text.getvalue().encode("gb18030" if gb18030 else "utf-8"))
        text.seek(0)
        text.truncate()

    if not gb18030:
        text.write("\ufeff")
    lines.writerows([_guarded(name), _guarded(value)] for name, value in [*sheet.about, (_("Watermark"), sheet.mark)])
    lines.writerow([])
    lines.writerow([_guarded(words) for words, _kind in sheet.heads])
    for number, row in enumerate(rows, start=1):
        lines.writerow([_csv_cell(value) for value in row])
        if number % 1000 == 0:
            send()
    send()
    return number


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _guarded(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _guarded(text: str) -> str:
    """The text with a mark before it where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    text = _NO_CHARACTER.sub("\ufffd", text).replace("\x00", "\ufffd")
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def plain(value: Any) -> Any:
    """A value as both kinds of file can hold it: yes or no never as a number."""
    if value is None or type(value) is str:  # nearly all cells end here
        return value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value if isinstance(value, str | int | float | Decimal | date) else str(value)
