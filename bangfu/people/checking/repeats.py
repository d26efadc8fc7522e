"""Repeats within a file and against the register.

The first row that is not rejected stays; a later row under the same key is `duplicate_row` when all its
cells are equal after mending, else `duplicate_differs`. Against the register, other values are news when
the day of the check is later than the day the register's values were taken.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from bangfu.people.checking.frame import OTHERS, Ledger
from bangfu.people.checking.register import Known


class Comparison:
    """Compares rows by the mended values of `fields`; fields that a row's sheet lacks are not compared."""

    def __init__(self, ledger: Ledger, values: pl.DataFrame, fields: Sequence[str]) -> None:
        self.ledger = ledger
        self.values = values
        self.fields = [*fields, OTHERS]
        self.sheets = ledger.texts["sheet"].to_list()
        self.has: dict[int, tuple[bool, ...]] = {}
        self.first_of_sheet = {sheet: at for at, sheet in reversed(list(enumerate(self.sheets)))}

    @cached_property
    def columns(self) -> list[list[Any]]:
        """The values by column; most files have nothing to compare, so they are laid out when first asked for."""
        return [self.values[name].to_list() for name in self.fields[:-1]] + [self.ledger.text(OTHERS).to_list()]

    def alike(self, first: int, later: int) -> bool:
        """True when two rows of the file are equal in every field that both have."""
        compared = zip(self.columns, self._has(first), self._has(later), strict=True)
        return all(column[first] == column[later] for column, a, b in compared if a and b)

    def as_known(self, at: int, known: Mapping[str, Any]) -> bool:
        """True when a row says nothing that the register does not hold."""
        fields = zip(self.fields, self.columns, self._has(at), strict=True)
        return all(column[at] == known[name] for name, column, has in fields if has and name in known)

    def _has(self, at: int) -> tuple[bool, ...]:
        sheet = self.sheets[at]
        if sheet not in self.has:
            example = self.first_of_sheet[sheet]
            self.has[sheet] = tuple(self.ledger.has(example, name) for name in self.fields)
        return self.has[sheet]


def groups(keys: Sequence[Hashable | None], wanted: set[Any]) -> Iterator[tuple[Any, list[int]]]:
    """The row indices of each key that occurs twice, or once and is `wanted`; None is no key."""
    places: dict[Hashable, list[int]] = {}
    for at, key in enumerate(keys):
        if key is not None:
            places.setdefault(key, []).append(at)
    for key, rows in places.items():
        if len(rows) > 1 or key in wanted:
            yield key, rows


def mark_repeats(
    comparison: Comparison, rows: Sequence[int], rejected: set[str], known: Known | None, on: date
) -> None:
    """Note the repeats among the rows of one key, in the file's order."""
    ledger = comparison.ledger
    names = ledger.texts["row"]
    first: int | None = None
    for at in rows:
        if first is not None:
            code = "duplicate_row" if comparison.alike(first, at) else "duplicate_differs"
            ledger.find_at(at, code, "warned", "", {"first": names[first]})
        elif known is not None and comparison.as_known(at, known.values):
            ledger.find_at(at, "duplicate_row", "warned", "", {"as_of": known.as_of})
        elif known is not None and on <= known.as_of:
            ledger.find_at(at, "duplicate_differs", "warned", "", {"as_of": known.as_of})
        elif names[at] not in rejected:
            first = at
