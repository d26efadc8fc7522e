"""What the reader of workbooks does not say about OpenDocument sheets: merged areas, and how far cells reach.

A short file may repeat one filled cell a million times; it is refused before the reader lays the cells out.
"""

import io
from dataclasses import dataclass, field
from xml.etree import ElementTree

from bangfu.intake.failures import BadLedger

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
CELLS = {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}


@dataclass
class Layout:
    """One sheet: merged areas as (first row, last row, column), and the rectangle of filled cells."""

    spans: list[tuple[int, int, int]] = field(default_factory=list)
    height: int = 0
    width: int = 0


def layouts(content: bytes, cells: int) -> list[Layout]:
    """The layout of each sheet of a content.xml, in order. Raises `too_large` above `cells`, `truncated`."""
    found: list[Layout] = []
    row = 0
    try:
        for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):  # noqa: S314
            if event == "start" and element.tag == f"{TABLE}table":
                found.append(Layout())
                row = 0
            elif event == "end" and element.tag == f"{TABLE}table-row" and found:
                row = _row(found[-1], element, row)
                if found[-1].height * found[-1].width > cells:
                    raise BadLedger("too_large", limit=cells, unit="cells")
                element.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise BadLedger("truncated") from error
    return found


def _row(layout: Layout, element: ElementTree.Element, row: int) -> int:
    """Note one row element, which may stand for many; returns the index of the next row."""
    repeated = int(element.get(f"{TABLE}number-rows-repeated", "1"))
    column = 0
    for cell in element:
        if cell.tag not in CELLS:
            continue
        times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
        if len(cell):
            layout.height, layout.width = row + repeated, max(layout.width, column + times)
        spanned = int(cell.get(f"{TABLE}number-rows-spanned", "1"))
        if spanned > 1:
            layout.spans.append((row, row + spanned - 1, column))
        column += times
    return row + repeated
