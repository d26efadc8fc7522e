"""Long lists cut into parts, each of one statement or one transaction."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def in_parts(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """The rows in parts of at most so many, in their order; none for no rows."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
