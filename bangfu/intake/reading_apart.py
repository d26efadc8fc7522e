"""The process that reads one workbook of a binary format: its bytes come in, its cells go out as JSON."""

import json
import resource
import sys

from bangfu.intake.failures import BadLedger
from bangfu.intake.tables import Cell, text_of
from bangfu.intake.workbooks import Limits, grids_of

MEMORY_BYTES = 3 << 30


def main() -> None:
    """Read from standard input under the limits of the first argument; what cannot be used is said by its code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        grids = grids_of(sys.stdin.buffer.read(), Limits(**json.loads(sys.argv[1])))
    except BadLedger as error:
        json.dump({"code": error.code, "parameters": error.parameters}, sys.stdout)
        return
    said = [
        (grid.name, [[_plain(cell) for cell in row] for row in grid.rows], grid.spans, grid.is_hidden) for grid in grids
    ]
    json.dump(said, sys.stdout)


def _plain(cell: Cell) -> Cell:
    """Days and times as the text that they are read as anyway."""
    return cell if isinstance(cell, str | float | int) else text_of(cell)


if __name__ == "__main__":
    main()
