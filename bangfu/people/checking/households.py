"""The check of a list of households: where each lives, who its head is, how many belong to it, of which category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import polars as pl

from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Columns, Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import Ledger, optional_text
from bangfu.people.checking.persons import NameRegister, check_ids, check_persons, mended_names
from bangfu.people.checking.places import HOME, DivisionLookup, home_divisions
from bangfu.people.checking.repeats import Comparison, groups, mark_repeats

HOUSEHOLDS = Columns(
    labels={
        **{name: columns.ROSTER.labels[name] for name in (*HOME, "household_no")},
        "name": ("户主姓名", "户主", *columns.NAME),
        "id_number": ("户主证件号码", "户主身份证号", "户主身份证号码", *columns.ID_NUMBER),
        "members": ("家庭人口数", "家庭人口", "家庭成员数", "人口数"),
        "category": (*columns.ROSTER.labels["category"], "监测对象类别"),
        "identified_on": columns.ROSTER.labels["identified_on"],
        "risk": columns.ROSTER.labels["risk"],
    },
    required=frozenset({"household_no", "id_number", "county", "town", "village"}),
    values={"category": tuple(columns.CATEGORY)},
    dates=frozenset({"identified_on"}),
    amounts=frozenset({"members"}),
    texts=columns.TEXTS,
    example={
        **{name: columns.ROSTER.example[name] for name in (*HOME, "household_no", "name", "id_number", "category")},
        "members": "4",
    },
)
_COMPARED = ("division", "id_number", "members", "category", "identified_on", "risk")


@dataclass(frozen=True)
class HeldHousehold:
    """What the register holds of a household: the ID numbers of those asked about who belong to it, and how many
    belong to it in all."""

    members: int
    asked: frozenset[str]


class HouseholdRegister(NameRegister, Protocol):
    """Persons by ID number, households by number."""

    def households(self, numbers: Sequence[str], id_numbers: Sequence[str]) -> Mapping[str, HeldHousehold]:
        """Those of the households that are on the register, with which of the persons asked about belong to each."""
        ...


def check_households(
    sheets: Sequence[Sheet], divisions: DivisionLookup, register: HouseholdRegister, on: date
) -> Checked:
    """Check a list of households, one a row, its head named by ID number.

    `rows` has: row, id_number, sex, born_on and name of the head, division, household_no, risk, category (code),
    members (number), identified_on with identified_on_precision.
    """
    ledger = Ledger(sheets, HOUSEHOLDS)
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            *check_ids(ledger, on).get_columns(),
            mended_names(ledger),
            home_divisions(ledger, divisions),
            *(
                each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String)
                for name in ("household_no", "risk")
            ),
            ledger.parsed("category", from_list(columns.CATEGORY), pl.String, "value_unknown"),
            ledger.parsed("members", _count, pl.Int32, "number_invalid"),
            *days_of(ledger, "identified_on", "identified_on_precision", "date_invalid"),
        ]
    )
    check_persons(ledger, values, register, name_needed=False)
    ledger.find(values["household_no"].is_null(), "value_missing", "rejected", "household_no")
    _compare(ledger, values, register)
    comparison, rejected = Comparison(ledger, values, _COMPARED), ledger.rejected()
    for _, rows in groups(values["household_no"].to_list(), set()):
        mark_repeats(comparison, rows, rejected, None, on)
    return checked(values, ledger.findings)


def _compare(ledger: Ledger, values: pl.DataFrame, register: HouseholdRegister) -> None:
    """A household that is new, a head who belongs elsewhere, and another number of members are looked into."""
    rows: list[tuple[Any, ...]] = values.select("household_no", "id_number", "members").rows()
    held = register.households(sorted({row[0] for row in rows if row[0]}), sorted({row[1] for row in rows if row[1]}))
    for at, (number, head, members) in enumerate(rows):
        if number is None or head is None:
            continue
        if number not in held:
            ledger.find_at(at, "household_new", "warned", "household_no")
        elif head not in held[number].asked:
            ledger.find_at(at, "head_elsewhere", "warned", "id_number")
        elif members is not None and members != held[number].members:
            ledger.find_at(at, "members_differ", "warned", "members", {"on_register": held[number].members})


def _count(text: str) -> int | None:
    digits = text.removesuffix("人").removesuffix("口")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 3 and int(digits) > 0 else None
