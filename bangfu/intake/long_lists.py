"""Reading lists of millions of lines: only the columns that are known, as text, by column.

A plain text table (no quotes, as many delimiters in each line as its heading has) is read by polars at once; whatever
else comes, a workbook or a text with quotes or lines of uneven length, goes through the patient reader of
`bangfu.intake.reading`, which says what is wrong with it.
"""

import codecs
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from bangfu.intake.delimited import DELIMITERS
from bangfu.intake.failures import BadLedger
from bangfu.intake.reading import read_ledger
from bangfu.intake.tables import HEADER_WITHIN, Cell, Columns, Grid, Sheet, find_header, text_of
from bangfu.intake.workbooks import OLE_MARK, ZIP_MARK, Limits

LIMITS = Limits(file_bytes=4 << 30, rows=20_000_000)
_BYTE_ORDER_MARK = codecs.BOM_UTF8
_HEAD_BYTES = 1 << 16
_PIECE = 32 << 20
_OTHER = (ZIP_MARK, OLE_MARK, b"\xff\xfe", b"\xfe\xff")
ROW, NUMERIC = "_row", "_numeric"


@dataclass(frozen=True)
class LongList:
    """`rows`: a column of text for each field that the list has (null or "" where a cell is empty), and `_row`, the
    name of the line as the sender finds it. `headings` are the columns' names as written, by field; `numeric` names the
    fields of which some cells are numbers of a workbook, each with a column `_numeric_FIELD` that says which."""

    rows: pl.DataFrame
    headings: dict[str, str]
    numeric: frozenset[str] = frozenset()


def read_long_list(
    content: bytes, filename: str, columns: Columns, encodings: Collection[str], limits: Limits = LIMITS
) -> LongList:
    """The lines of a list. Raises BadLedger, like `read_ledger`; a text in none of the encodings is
    `unknown_encoding`."""
    if len(content) > limits.file_bytes:
        raise BadLedger("too_large", limit=limits.file_bytes, unit="bytes")
    is_text = not content.startswith(_OTHER) and b"\x00" not in content[:_HEAD_BYTES]
    plain = _plain(content, columns, encodings) if is_text else None
    if plain is None:
        return _patiently(content, filename, columns, limits)
    if plain.rows.height > limits.rows:
        raise BadLedger("too_large", limit=limits.rows, unit="rows")
    return plain


def _plain(content: bytes, columns: Columns, encodings: Collection[str]) -> LongList | None:
    """The list of a plain text table, None where the patient reader has to look."""
    text = as_utf8(content, encodings)
    if text is None or b'"' in text:
        return None
    head = text[:_HEAD_BYTES].decode("utf-8", "ignore").split("\n")[:HEADER_WITHIN]
    for delimiter in DELIMITERS:
        rows: list[Sequence[Cell]] = [line.rstrip("\r").split(delimiter) for line in head]
        header = _header(rows, columns)
        if header is not None:
            labels = [str(cell).strip() for cell in rows[header]]
            return _parsed(text, delimiter, header, labels, columns)
    return None


def _header(rows: Sequence[Sequence[Cell]], columns: Columns) -> int | None:
    """The index of the header row; a list that needs but two columns is known by having just these."""
    header = find_header(Grid("", rows, range(1, len(rows) + 1)), columns)
    if header is not None or not columns.required:
        return header
    fields = [{columns.field_of(cell) for cell in row} for row in rows]
    return next((at for at, found in enumerate(fields) if columns.required <= found), None)


def as_utf8(content: bytes, encodings: Collection[str]) -> bytes | None:
    """The text in UTF-8 without its mark, by the first of the encodings that it fits; None where it fits none though
    GB18030 is one of them: the patient reader tells a cut end from another encoding. Raises `unknown_encoding`."""
    for encoding in encodings:
        try:
            if encoding == "gb18030":
                return _from_gb18030(content)
            content.decode(encoding)
            return content.removeprefix(_BYTE_ORDER_MARK)
        except UnicodeDecodeError:
            continue
    if "gb18030" in encodings:
        return None
    raise BadLedger("unknown_encoding")


def _from_gb18030(content: bytes) -> bytes:
    """In pieces, so that a list is not held a third time as text."""
    decoder, pieces = codecs.getincrementaldecoder("gb18030")(), []
    for start in range(0, max(len(content), 1), _PIECE):
        piece = content[start : start + _PIECE]
        pieces.append(decoder.decode(piece, start + _PIECE >= len(content)).encode())
    return b"".join(pieces)


def _parsed(text: bytes, delimiter: str, header: int, labels: list[str], columns: Columns) -> LongList | None:
    start = 0
    for _ in range(header + 1):
        start = text.find(b"\n", start) + 1
        if start == 0:
            raise BadLedger("no_rows")
    body = text[start:]
    if not body.strip():
        raise BadLedger("no_rows")
    fields = _fields(labels, columns)
    try:
        read = pl.read_csv(
            body, has_header=False, infer_schema=False, quote_char=None, separator=delimiter,
            columns=sorted(fields.values()),
        )  # fmt: skip
    except pl.exceptions.PolarsError:
        return None
    blank = int(read.select(pl.all_horizontal(pl.all().is_null()).sum()).item())
    if body.count(delimiter.encode()) != (len(labels) - 1) * (read.height - blank):
        return None
    names = sorted(fields, key=lambda name: fields[name])
    read.columns = names
    rows = read.with_row_index(ROW, offset=header + 2).filter(~pl.all_horizontal(pl.col(names).is_null()))
    return LongList(rows, {name: labels[at] for name, at in fields.items()})


def _fields(labels: Sequence[str], columns: Columns) -> dict[str, int]:
    """The place of the first column of each field. Raises `columns_missing`."""
    found: dict[str, int] = {}
    for at, label in enumerate(labels):
        field = columns.field_of(label)
        if field is not None:
            found.setdefault(field, at)
    refuse_lacking(found, columns)
    return found


def refuse_lacking(found: Collection[str], columns: Columns) -> None:
    """Raises `columns_missing` where a field that the list cannot do without is not among these."""
    missing = [name for name in columns.labels if name in columns.required and name not in found]
    if missing:
        raise BadLedger("columns_missing", columns=[columns.labels[name][0] for name in missing])


def _patiently(content: bytes, filename: str, columns: Columns, limits: Limits) -> LongList:
    sheets = read_ledger(content, filename, columns, limits)
    names = [name for name in columns.labels if any(name in sheet.fields for sheet in sheets)]
    frames = [_frame(sheet, names, prefixed=len(sheets) > 1) for sheet in sheets]
    headings = {name: label for sheet in sheets for name in names if (label := sheet.label(name)) is not None}
    rows = pl.concat(frames)
    numeric = frozenset(name for name in names if rows[NUMERIC + name].any())
    return LongList(rows.drop([NUMERIC + name for name in names if name not in numeric]), headings, numeric)


def _frame(sheet: Sheet, names: Sequence[str], *, prefixed: bool) -> pl.DataFrame:
    found: dict[str, pl.Series] = {}
    rows = sheet.row_names if prefixed else [str(number) for number in sheet.numbers]
    found[ROW] = pl.Series(rows, dtype=pl.String)
    for name in names:
        cells = sheet.column(name) or [""] * len(sheet.numbers)
        found[name] = pl.Series([text_of(cell) for cell in cells], dtype=pl.String)
        is_number = [isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells]
        found[NUMERIC + name] = pl.Series(is_number, dtype=pl.Boolean)
    return pl.DataFrame(found)
