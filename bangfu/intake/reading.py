"""Read a ledger as it comes from a county office: any workbook or text table, told by its content.

`read_ledger` answers the sheets with their known columns and the sheets' own row numbers, or raises one of
the failures of `bangfu.intake.failures`; nothing of a file that cannot be read as a whole is answered.
"""

from os import PathLike
from pathlib import Path, PurePath

from bangfu.intake.delimited import UTF16_MARKS, decode_text, read_delimited, widest_table
from bangfu.intake.failures import BadLedger
from bangfu.intake.tables import Choices, Columns, Grid, Sheet, sheets_of, sheets_to_choose
from bangfu.intake.workbooks import OLE_MARK, ZIP_MARK, Limits, read_workbook

__all__ = ["BadLedger", "Choices", "Columns", "Limits", "Sheet", "decode_text", "read_ledger", "read_to_choose"]

WORKBOOK_NAMES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods"}
MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"{\\rtf", b"%pdf")
"""Beginnings of texts that are no tables, some of which office systems export under a workbook's name."""
LOOK_AT = 4096


def read_ledger(
    source: str | PathLike[str] | bytes,
    filename: str,
    columns: Columns,
    limits: Limits | None = None,
    choices: Choices | None = None,
) -> list[Sheet]:
    """The sheets of a ledger that hold rows.

    `filename` is the name the clerk knows: it names the rows of a text table (`file name!line`), and a text
    under a workbook's name is refused. `columns` are the columns of the kind of ledger, `choices` what the office
    said that columns of its files fill. Raises BadLedger.
    """
    return sheets_of(_grids(source, filename, columns, limits or Limits()), columns, choices)


def read_to_choose(content: bytes, filename: str, columns: Columns, choices: Choices | None = None) -> list[Sheet]:
    """The sheets of a ledger whose columns the clerk must choose first; empty where that would not help.

    For a file that read_ledger refused with `columns_missing` or `header_missing`.
    """
    name = PurePath(filename).name
    if content.startswith((ZIP_MARK, OLE_MARK)):
        grids = read_workbook(content, Limits())
    else:
        grids = [widest_table(content, name)]
    return sheets_to_choose(grids, columns, choices)


def _grids(source: str | PathLike[str] | bytes, filename: str, columns: Columns, limits: Limits) -> list[Grid]:
    content = _content(source, limits)
    name = PurePath(filename).name
    if content.startswith((ZIP_MARK, OLE_MARK)):
        return read_workbook(content, limits)
    if not content.strip():
        raise BadLedger("no_rows")
    _refuse_other_types(content, name)
    grid = read_delimited(content, name, columns)
    if len(grid.rows) > limits.rows:
        raise BadLedger("too_large", limit=limits.rows, unit="rows")
    return [grid]


def _content(source: str | PathLike[str] | bytes, limits: Limits) -> bytes:
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > limits.file_bytes:
        raise BadLedger("too_large", limit=limits.file_bytes, unit="bytes")
    return source if isinstance(source, bytes) else Path(source).read_bytes()


def _refuse_other_types(content: bytes, name: str) -> None:
    start = content[:LOOK_AT]
    is_binary = b"\x00" in start and not start.startswith(UTF16_MARKS)
    is_markup = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP)
    if is_binary or is_markup or PurePath(name).suffix.lower() in WORKBOOK_NAMES:
        raise BadLedger("wrong_type")
