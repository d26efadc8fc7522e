"""Text tables: CSV in UTF-8, GB18030 or UTF-16, apart by comma, tab or semicolon.

A row's number is the physical line of the file on which its record begins, the first line being 1: a quoted
cell with a line break makes the following numbers skip, as an editor counts them.
"""

import csv
import io
from collections.abc import Sequence

from bangfu.intake.failures import BadLedger
from bangfu.intake.tables import HEADER_WITHIN, Cell, Columns, Grid, find_header, is_filled, is_total

DELIMITERS = (",", "\t", ";")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
RARE_SHARE = 0.3
"""Above this share of characters outside GB 2312 a text was not meant as Chinese: its encoding is another."""
CUT_BYTES = 4
"""A character cut in half leaves fewer bytes than this at the end."""
CELL_LIMIT = 1_000_000
"""Characters of one cell; a quote that never ends would otherwise swallow the file and be refused by the
parser.
"""


def read_delimited(content: bytes, name: str, columns: Columns) -> Grid:
    """The grid of a text table. Raises `unknown_encoding`, `truncated`, `wrong_type`, `header_missing`."""
    text, is_sure = decode(content)
    if "\x00" in text:
        raise BadLedger("wrong_type")
    grids = [_parse(text, delimiter, name) for delimiter in DELIMITERS if delimiter in text or delimiter == ","]
    for grid in grids:
        header = find_header(grid, columns)
        if header is not None:
            _refuse_truncated(text, grid, header)
            return grid
    if not any(is_filled(cell) for row in grids[0].rows for cell in row):
        return grids[0]
    if not is_sure and _is_foreign(text):
        raise BadLedger("unknown_encoding")
    raise BadLedger("header_missing", sheet=name)


def widest_table(content: bytes, name: str) -> Grid:
    """The grid with the most columns that one of the delimiters gives, whatever its column names are."""
    text, _ = decode(content)
    grids = [_parse(text, delimiter, name) for delimiter in DELIMITERS]
    return max(grids, key=lambda grid: max((len(row) for row in grid.rows[:HEADER_WITHIN]), default=0))


def decode_text(content: bytes) -> str:
    """The text of a file in UTF-8, GB18030 or UTF-16. Raises `unknown_encoding`, `truncated`."""
    return decode(content)[0]


def decode(content: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding is certain (GB18030 fits almost any bytes).

    Raises `unknown_encoding`, or `truncated` where only the last character is cut.
    """
    if content.startswith(UTF16_MARKS):
        candidates = [("utf-16", True)]
    else:
        candidates = [("utf-8-sig", True), ("gb18030", False)]
    for encoding, is_sure in candidates:
        try:
            return content.decode(encoding), is_sure
        except UnicodeDecodeError as error:
            is_cut = len(content) - error.start < CUT_BYTES and error.start > 0
            if is_cut and not content[: error.start].isascii():
                raise BadLedger("truncated", line=content.count(b"\n") + 1) from error
    raise BadLedger("unknown_encoding")


def _parse(text: str, delimiter: str, name: str) -> Grid:
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[Sequence[Cell]] = []
    numbers: list[int] = []
    first = 1
    try:
        for row in reader:
            rows.append(row)
            numbers.append(first)
            first = reader.line_num + 1
    except csv.Error as error:
        raise BadLedger("truncated", line=first) from error
    return Grid(name=name, rows=rows, numbers=numbers)


def _refuse_truncated(text: str, grid: Grid, header: int) -> None:
    """A file stops half-way when a quote stays open or only its last line has fewer cells than the header."""
    last = max((at for at, row in enumerate(grid.rows) if any(map(is_filled, row))), default=header)
    if _has_open_quote(text, grid.numbers[last]):
        raise BadLedger("truncated", line=grid.numbers[last])
    width = len(grid.rows[header])
    row = grid.rows[last]
    if last <= header or len(row) >= width or is_total(row):
        return
    others = (other for other in grid.rows[header + 1 : last] if any(map(is_filled, other)))
    if all(len(other) >= width for other in others if not is_total(other)):
        raise BadLedger("truncated", line=grid.numbers[last])


def _has_open_quote(text: str, line: int) -> bool:
    """True when the record that begins on this line, the last one, ends inside quotes."""
    lines = io.StringIO(text, newline="").readlines()
    try:
        list(csv.reader(lines[line - 1 :], strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _is_foreign(text: str) -> bool:
    wide = [character for character in text[:4000] if not character.isascii()]
    rare = sum(not _is_common(character) for character in wide)
    return bool(wide) and rare / len(wide) > RARE_SHARE


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
