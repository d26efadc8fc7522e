"""The kinds of ledger that may be imported: each room above describes its own, the settings name them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import polars as pl
from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from bangfu.intake.checked import Checked
from bangfu.intake.reading import Sheet

Words = str | Promise


@dataclass(frozen=True)
class Applying:
    """Whose deed an import is, on which day it acts, and when it is recorded."""

    batch: int
    on: date
    by: Any
    at: datetime


@dataclass(frozen=True)
class Kind:
    """One kind of ledger.

    `labels` are all column labels with their synonyms, by which the header row is found; `check` judges the
    rows of a file on a day; `apply` writes accepted rows inside the caller's transaction; `undo` takes the
    writes of a batch back and returns how many persons or posts it had to leave, by reason.

    `standing` gives for each checked row the division in which its person stands on the register, None for
    nobody; it is itself None where rows are not about persons.
    """

    code: str
    title: Words
    about: Words
    read: Callable[[bytes, str], Sequence[Sheet]]
    check: Callable[[Sequence[Sheet], date], Checked]
    apply: Callable[[Sequence[Mapping[str, Any]], Applying], None]
    undo: Callable[[Applying], dict[str, int]]
    standing: Callable[[pl.DataFrame], Sequence[str | None]] | None = None


@lru_cache(maxsize=1)
def all_kinds() -> dict[str, Kind]:
    """Every kind of settings.INTAKE_KINDS by its code, in their order."""
    kinds = [import_string(path) for path in settings.INTAKE_KINDS]
    return {kind.code: kind for kind in kinds}
