"""The check of a roster of persons and households."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, parse_amount, parse_phone, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.persons import check_ids, check_names, mended_names
from bangfu.people.checking.places import DivisionLookup, home_divisions
from bangfu.people.checking.register import RosterRegister
from bangfu.people.checking.repeats import Comparison, groups, mark_repeats

LISTS: dict[str, tuple[dict[str, Any], Any]] = {
    "education": (columns.EDUCATION, pl.String),
    "health": (columns.HEALTH, pl.String),
    "labour_capacity": (columns.LABOUR_CAPACITY, pl.String),
    "will_work": (columns.YES_NO, pl.Boolean),
    "will_train": (columns.YES_NO, pl.Boolean),
    "category": (columns.CATEGORY, pl.String),
}
TEXTS = ("household_no", "relation", "ethnicity", "risk")
COMPARED = (
    "division",
    *TEXTS,
    *LISTS,
    "phone",
    "identified_on",
    "identified_precision",
    "income_per_head",
    "age",
)
"""What makes two rows of one person differ. The sex is the ID number's and cannot."""


def check_roster(sheets: Sequence[Sheet], divisions: DivisionLookup, register: RosterRegister, on: date) -> Checked:
    """Check the rows of a roster.

    `rows` has: row, id_number, name, sex, born_on, division, household_no, relation, ethnicity, risk,
    education, health, labour_capacity, category (codes), will_work, will_train (booleans), phone,
    identified_on with identified_precision (day, month), income_per_head (yuan a year), age (as written;
    never kept).
    """
    ledger = Ledger(sheets, columns.ROSTER)
    ids = check_ids(ledger, on)
    names = mended_names(ledger)
    usable_names = check_names(ledger, names)
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            *ids.get_columns(),
            names,
            home_divisions(ledger, divisions),
            *(each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in TEXTS),
            *(ledger.parsed(name, from_list(known), dtype, "value_unknown") for name, (known, dtype) in LISTS.items()),
            ledger.phone("phone", parse_phone),
            *days_of(ledger, "identified_on", "identified_precision", "date_invalid"),
            ledger.parsed("income_per_head", parse_amount, MONEY, "number_invalid"),
            ledger.parsed("age", _age, MONEY, "number_invalid"),
        ]
    )
    _check_sex(ledger, values)
    _find_repeats(ledger, values, usable_names, register, on)
    return checked(values, ledger.findings)


def _age(text: str) -> Any:
    return parse_amount(text.removesuffix("岁").removesuffix("周"))


def _check_sex(ledger: Ledger, values: pl.DataFrame) -> None:
    written = ledger.parsed("sex", from_list(columns.SEX), pl.String, "value_unknown")
    ledger.find(written != values["sex"], "sex_conflicts_id", "warned", "sex")


def _find_repeats(
    ledger: Ledger, values: pl.DataFrame, usable_names: pl.Series, register: RosterRegister, on: date
) -> None:
    numbers: list[str | None] = values["id_number"].to_list()
    names: list[str] = values["name"].to_list()
    is_usable: list[bool] = usable_names.to_list()
    known = register.persons(sorted({number for number in numbers if number}))
    comparison = Comparison(ledger, values, COMPARED)
    rejected = ledger.rejected()
    for number, rows in groups(numbers, set(known)):
        named = [at for at in rows if is_usable[at]]
        held = known.get(number)
        if len({names[at] for at in named} | ({held.name} if held else set())) > 1:
            parameters = {"rows": [ledger.texts["row"][at] for at in rows], "on_register": held is not None}
            for at in rows if named else ():
                ledger.find_at(at, "id_conflict", "rejected", "id_number", parameters)
        else:
            mark_repeats(comparison, named, rejected, held, on)
