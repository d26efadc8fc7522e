"""Long lists cut into parts, each of one statement or one transaction."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

Row = TypeVar("Row")


def in_parts(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """The rows in parts of at most so many, in their order; none for no rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def stream_in_parts(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """The same of rows that come one by one and are not held all at once."""
    while part := list(islice(rows, size)):
        yield part
