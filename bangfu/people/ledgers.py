"""What all ledgers of people share: how they are recorded, whom a row means, where that person stands, undoing."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from bangfu.divisions.naming import DivisionIndex
from bangfu.divisions.queries import index_of
from bangfu.intake.kinds import Applying, Rows
from bangfu.intake.tables import Sheet
from bangfu.people.checking.places import counties_of
from bangfu.people.facts_base import Source
from bangfu.people.recorded import Recorded
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.withdrawal import withdraw_batch


def villages_of(sheets: Sequence[Sheet]) -> DivisionIndex:
    """Counties, and the villages of those that the rows speak of, by name."""
    return index_of(counties_of(sheets, index_of()))


def how_of(applying: Applying, source: str = Source.LEDGER) -> Recorded:
    """How the facts of an import come to be known."""
    return Recorded(on=applying.on, source=source, by=applying.by, at=applying.at, batch=applying.batch)


def keyed(rows: Rows) -> list[dict[str, Any]]:
    """The rows with the key of their person. Raises LookupError for one who was withdrawn since the check; a KeyError
    would carry the number to a log."""
    keys = RegisterLookup().keys_of([row["id_number"] for row in rows])
    if any(row["id_number"] not in keys for row in rows):
        raise LookupError("person_unknown")
    return [{**row, "person": keys[row["id_number"]][0]} for row in rows]


def known_of(rows: pl.DataFrame) -> pl.Series:
    """Whether the person of each row is on the register."""
    numbers = rows["id_number"]
    return numbers.is_in(list(RegisterLookup().keys_of(numbers.to_list())))


def standing_of(rows: pl.DataFrame) -> list[frozenset[str]]:
    """Where the person of each row stands on the register; nowhere for a number that is not on it."""
    numbers = rows["id_number"].to_list()
    found = RegisterLookup().divisions(sorted({number for number in numbers if number}))
    return [frozenset([found[number]]) if number in found else frozenset() for number in numbers]


def undo(applying: Applying) -> dict[str, int]:
    """Take an import back; returns how many persons kept something, by reason."""
    return withdraw_batch(applying.batch, how_of(applying))
