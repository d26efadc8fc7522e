"""The kinds of ledger that may be imported: each room above describes its own, the settings name them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import polars as pl
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from bangfu.intake.checked import Checked
from bangfu.intake.tables import Columns, Sheet

Words = str | Promise


@dataclass(frozen=True)
class Applying:
    """Whose deed an import is, on which day it acts, when it is recorded, and what the file is called."""

    batch: int
    on: date
    by: Any
    at: datetime
    name: str = ""


@dataclass(frozen=True)
class CellChange:
    """One cell that an accepted row would change: its field, and the words of the old and the new value."""

    column: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """What an accepted row would do: `person` is the key of whom it fits on the register, None for somebody new."""

    person: int | None
    cells: tuple[CellChange, ...] = ()

    @property
    def state(self) -> str:
        """new, changed or same."""
        if self.person is None:
            return NEW
        return CHANGED if self.cells else SAME


@dataclass(frozen=True)
class Who:
    """Whom a row is about, as the page may show it: name, masked number, and the village in words."""

    name: str
    number: str = ""
    place: str = ""


NEW, CHANGED, SAME = "new", "changed", "same"
STATES = (NEW, CHANGED, SAME)
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One kind of ledger.

    `columns` are the columns with their synonyms, by which the header row is found; None for a kind whose rows
    come only from a selection on a page (`staging.stage_rows`). `check` judges the rows on a day; `apply` writes
    accepted rows inside the caller's transaction; `undo` takes the writes of a batch back and returns how many
    persons or posts it had to leave, by reason.

    `changes` says for each accepted row whom it fits and which cells it would change, and `who` whom rows are
    about, in words, for one page of them; None where rows are not compared with a register. `guarded` names, for one
    page, the fields that a more trusted source holds: their change is put to somebody to decide. `known` tells of
    accepted rows whether their person is on the register: the others are new without being compared. `standing` gives
    for each checked row the divisions in which those whom it touches stand on the register; it is itself None where
    rows are not about persons. `related` is the field whose equal values tie rows together in a check: a corrected
    row is checked again with those tied to it; "" ties all rows. `finish` is called once, when every accepted row is
    in, inside the transaction that ends the import. `follow` is told a batch and an instant when an import is in or
    was taken back: what is derived from its facts, outside its transaction, safe to run twice.
    """

    code: str
    title: Words
    about: Words
    columns: Columns | None
    check: Callable[[Sequence[Sheet], date], Checked]
    apply: Callable[[Rows, Applying], None]
    undo: Callable[[Applying], dict[str, int]]
    changes: Callable[[Rows, date], Sequence[RowChange]] | None = None
    who: Callable[[Rows, Sequence[RowChange]], Sequence[Who]] | None = None
    guarded: Callable[[Rows, Sequence[RowChange], date], Sequence[frozenset[str]]] | None = None
    known: Callable[[pl.DataFrame], pl.Series] | None = None
    standing: Callable[[pl.DataFrame], Sequence[Collection[str]]] | None = None
    related: str = ""
    finish: Callable[[Applying], None] | None = None
    follow: Callable[[int, datetime], None] | None = None


@lru_cache(maxsize=1)
def all_kinds() -> dict[str, Kind]:
    """Every kind of settings.INTAKE_KINDS by its code, in their order."""
    kinds = [import_string(path) for path in settings.INTAKE_KINDS]
    return {kind.code: kind for kind in kinds}


def file_kinds() -> list[Kind]:
    """The kinds that come as files."""
    return [kind for kind in all_kinds().values() if kind.columns is not None]
