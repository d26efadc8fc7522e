"""What rosters and job ledgers share: the ID number and the name of each row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import polars as pl

from bangfu.core import identity
from bangfu.people.checking.cells import each, is_name, mend_name
from bangfu.people.checking.frame import Ledger


def check_ids(ledger: Ledger, on: date) -> pl.DataFrame:
    """`id_number`, `sex` and `born_on` by the number; null where the number cannot be used, and a finding."""
    texts = ledger.text("id_number")
    found = identity.check_column(texts, on, ledger.numeric["id_number"])
    for at in found["problem"].is_not_null().arg_true().to_list():
        code = found["problem"][at]
        fix = identity.modern_number(found["id_number"][at]) if code == "id_old_15_digits" else None
        ledger.find_at(at, code, "rejected", "id_number", {"fix": fix} if fix else {})
    usable = pl.col("problem").is_null()
    return found.select(pl.when(usable).then(pl.col(name)).alias(name) for name in ("id_number", "sex", "born_on"))


def mended_names(ledger: Ledger) -> pl.Series:
    """The mended name of each row, "" where there is none."""
    return each(ledger.text("name").fill_null(""), mend_name, pl.String).alias("name")


class NameRegister(Protocol):
    """Persons by ID number."""

    def names(self, id_numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of those of the ID numbers that are on the register."""
        ...


def check_persons(
    ledger: Ledger, values: pl.DataFrame, register: NameRegister, *, name_needed: bool = True
) -> list[bool]:
    """Whose ID number and name are those of a person on the register; a finding for the others. Without
    `name_needed` a row that gives no name is about whom its number means."""
    numbers: list[str | None] = values["id_number"].to_list()
    known = register.names(sorted({number for number in numbers if number}))
    fits = []
    for at, (number, name) in enumerate(zip(numbers, values["name"].to_list(), strict=True)):
        held = known.get(number) if number is not None else None
        fits.append(held is not None and (held == name or not (name or name_needed)))
        if number is not None and held is None:
            ledger.find_at(at, "person_unknown", "rejected", "id_number")
        elif number is not None and not fits[-1]:
            ledger.find_at(at, "name_mismatch", "rejected", "name")
    return fits


def check_names(ledger: Ledger, names: pl.Series) -> pl.Series:
    """True where the mended name can be one; a finding elsewhere."""
    usable = each(names, is_name, pl.Boolean)
    ledger.find(~usable, "name_invalid", "rejected", "name")
    return usable
