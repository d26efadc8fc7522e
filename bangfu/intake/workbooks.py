"""Workbooks: xlsx, xlsb, xls and ods through calamine, refused before they can do harm.

The size of the unpacked parts is counted by unpacking them here, piece by piece: the sizes that a zip file
states about itself may lie. Sheets whose cells lie far apart are refused too, because the reader lays out a
whole rectangle.
"""

import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import asdict, dataclass, replace
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bangfu.intake.failures import BadLedger
from bangfu.intake.opendocument import Layout, layouts
from bangfu.intake.tables import Grid

ZIP_MARK = b"PK\x03\x04"
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCAL_HEADER = 30
"""Bytes of a zip entry's fixed local header."""
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
BINARY_PART = "xl/workbook.bin"
WORKBOOK_PARTS = {"xl/workbook.xml", BINARY_PART}
APART_SECONDS = 120
PIECE = 1 << 20
BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, KeyError, EOFError, OSError,
    struct.error,
)  # fmt: skip
"""What Python raises on archives whose bytes were spoiled."""
SUSPICIOUS_CELL = re.compile(rb' r="(?:[A-Z]{3}\d|[B-Z][A-Z]\d|[A-Z]{1,3}\d{6})')
"""A column beyond AZ or a row beyond 99,999: then the extent is measured."""
ANY_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True)
class Limits:
    """What one import takes. `ratio` counts only once `small` bytes are unpacked."""

    file_bytes: int = 64 << 20
    unpacked_bytes: int = 768 << 20
    ratio: int = 150
    small: int = 16 << 20
    entries: int = 5_000
    cells: int = 30_000_000
    rows: int = 500_000


def read_workbook(content: bytes, limits: Limits) -> list[Grid]:
    """The grids of all sheets that hold cells, merged areas included.

    Raises `wrong_type`, `encrypted_workbook`, `zip_bomb`, `too_large`, `truncated`.
    """
    layout: list[Layout] = []
    if not content.startswith(ZIP_MARK):
        _check_ole(content)
        return read_apart(content, limits)
    layout = _check_zip(content, limits)
    if BINARY_PART in zipfile.ZipFile(io.BytesIO(content)).namelist():
        return read_apart(content, limits)
    grids = grids_of(content, limits)
    if len(layout) == len(grids):
        return [replace(grid, spans=found.spans) for grid, found in zip(grids, layout, strict=True)]
    return grids


def grids_of(content: bytes, limits: Limits) -> list[Grid]:
    """The grids as the reader of workbooks lays them out; the file was looked through before."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_grid(workbook, data, limits) for data in workbook.sheets_metadata if _holds_cells(data)]
    except PasswordError as error:
        raise BadLedger("encrypted_workbook") from error
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise BadLedger("truncated") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader says that it met what it never expected
            raise
        raise BadLedger("truncated") from error


def read_apart(content: bytes, limits: Limits) -> list[Grid]:
    """Read a workbook of a binary format in a process of its own: damaged ones can end the process that reads them."""
    command = [sys.executable, "-m", "bangfu.intake.reading_apart", json.dumps(asdict(limits))]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=APART_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise BadLedger("truncated") from error
    if done.returncode != 0:
        raise BadLedger("truncated")
    said = json.loads(done.stdout)
    if isinstance(said, dict):
        raise BadLedger(said["code"], **said["parameters"])
    return [
        Grid(name, rows, range(1, len(rows) + 1), [tuple(span) for span in spans], is_hidden=hidden)
        for name, rows, spans, hidden in said
    ]  # fmt: skip


def _holds_cells(data: Any) -> bool:
    return bool(data.typ == SheetTypeEnum.WorkSheet)


def _grid(workbook: CalamineWorkbook, data: Any, limits: Limits) -> Grid:
    sheet = workbook.get_sheet_by_name(data.name)
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= limits.rows:
        raise BadLedger("too_large", limit=limits.rows, unit="rows")
    if (last_row + 1) * (last_column + 1) > limits.cells:
        raise BadLedger("too_large", limit=limits.cells, unit="cells")
    rows = sheet.to_python(skip_empty_area=False)
    return Grid(
        name=data.name,
        rows=rows,
        numbers=range(1, len(rows) + 1),
        spans=_spans(sheet),
        is_hidden=data.visible != SheetVisibleEnum.Visible,
    )


def _spans(sheet: CalamineSheet) -> list[tuple[int, int, int]]:
    merged = sheet.merged_cell_ranges or []
    return [(first[0], last[0], first[1]) for first, last in merged if last[0] > first[0]]


def _check_ole(content: bytes) -> None:
    """Old workbooks and encrypted new ones share a container; its directory names the streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise BadLedger("encrypted_workbook")
    streams = ("Workbook", "Book")
    if not any(_stream(name) in content for name in streams):
        raise BadLedger("wrong_type") if len(content) > 4 * 512 else BadLedger("truncated")


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\x00\x00"


def _check_zip(content: bytes, limits: Limits) -> list[Layout]:
    """Unpack every part once, counting; the layout of the sheets, for OpenDocument only."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except BROKEN_ZIP as error:
        raise BadLedger("truncated") from error
    names = {info.filename for info in archive.infolist()}
    if not _is_workbook(archive, names):
        raise BadLedger("wrong_type")
    if len(names) > limits.entries:
        raise BadLedger("zip_bomb", unpacked=0)
    budget = _Budget(len(content), limits)
    for info in archive.infolist():
        _unpack(content, info, budget, limits)
    if names & WORKBOOK_PARTS or "content.xml" not in names:
        return []
    try:
        return layouts(archive.read("content.xml"), limits.cells)
    except BROKEN_ZIP as error:
        raise BadLedger("truncated") from error


def _is_workbook(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if names & WORKBOOK_PARTS:
        return True
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 2 * len(OPEN_DOCUMENT):
        return False
    try:
        return archive.read("mimetype").strip() == OPEN_DOCUMENT
    except BROKEN_ZIP as error:
        raise BadLedger("truncated") from error


class _Budget:
    """Counts unpacked bytes over all parts of a file."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self.packed, self.limits, self.unpacked = packed, limits, 0

    def spend(self, size: int) -> None:
        self.unpacked += size
        too_dense = self.unpacked > self.limits.small and self.unpacked > self.limits.ratio * self.packed
        if too_dense or self.unpacked > self.limits.unpacked_bytes:
            raise BadLedger("zip_bomb", unpacked=self.unpacked)


def _unpack(content: bytes, info: zipfile.ZipInfo, budget: _Budget, limits: Limits) -> None:
    """Unpack one part without keeping it; look where the cells of a sheet lie."""
    if info.flag_bits & 1:
        raise BadLedger("encrypted_workbook")
    head = content[info.header_offset : info.header_offset + LOCAL_HEADER]
    if len(head) < LOCAL_HEADER:
        raise BadLedger("truncated")
    lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    start = info.header_offset + LOCAL_HEADER + lengths
    packed = memoryview(content)[start : start + info.compress_size]
    if len(packed) < info.compress_size:
        raise BadLedger("truncated")
    is_sheet = info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml")
    extent, tail = _Extent(limits), b""
    if info.compress_type == zipfile.ZIP_STORED:
        budget.spend(len(packed))
        if is_sheet:
            extent.see(bytes(packed))
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise BadLedger("truncated")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        pending = bytes(packed)
        while pending and not unpacker.eof:
            piece = unpacker.decompress(pending, PIECE)
            pending = unpacker.unconsumed_tail
            budget.spend(len(piece))
            if is_sheet:
                extent.see(tail + piece)
                tail = piece[-64:]
    except zlib.error as error:
        raise BadLedger("truncated") from error
    if not unpacker.eof:
        raise BadLedger("truncated")


class _Extent:
    """The rectangle from A1 that the cells of a sheet span, measured only where a cell lies far out."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.width, self.height = limits, 52, 99_999

    def see(self, piece: bytes) -> None:
        if not SUSPICIOUS_CELL.search(piece):
            return
        for letters, digits in ANY_CELL.findall(piece):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            self.width, self.height = max(self.width, column), max(self.height, int(digits))
        if self.width * self.height > self.limits.cells:
            raise BadLedger("too_large", limit=self.limits.cells, unit="cells")
