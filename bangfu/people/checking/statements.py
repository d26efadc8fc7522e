"""The check of ledgers that state one group of facts of persons on the register, one statement a row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Columns, Sheet
from bangfu.people.checking.cells import each, from_list, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.jobs import wage
from bangfu.people.checking.persons import NameRegister, check_ids, check_persons, mended_names
from bangfu.people.checking.repeats import Comparison, groups, mark_repeats

_SKILL_LEVEL = re.compile(r"^(?:[YS]\d{21}|[A-Z]{2}\d{20})$")
_OLD_QUALIFICATION = re.compile(r"^\d{16}$")
_OTHER_SCHEME = re.compile(r"^RSN[A-Z0-9]{17}$")
_ACCOUNT = re.compile(r"^\d{12,19}$")


@dataclass(frozen=True)
class Statement:
    """What a ledger of statements holds: texts, amounts, days, years and listed values by field.

    `key` are the fields that tell two statements of one person apart; `needed` those without which a row says
    nothing (`value_missing`). `doubted` gives for a field a code that only warns, and when a text deserves it;
    `further` looks at the rows for what this ledger alone asks.
    """

    columns: Columns
    key: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    doubted: Mapping[str, tuple[str, Callable[[str], bool]]] = field(default_factory=dict)
    further: Callable[[Ledger, pl.DataFrame, date], None] | None = None


def check_statements(sheets: Sequence[Sheet], statement: Statement, register: NameRegister, on: date) -> Checked:
    """Check rows against the persons on the register.

    `rows` has row, id_number, sex and born_on (by the number), name, and the fields of the statement with their
    values; days with a column `field_precision` (day, month).
    """
    ledger = Ledger(sheets, statement.columns)
    values = [ledger.texts["row"], *check_ids(ledger, on).get_columns(), mended_names(ledger)]
    values += [each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in statement.texts]
    values += [ledger.parsed(name, wage, MONEY, "number_invalid") for name in statement.amounts]
    values += [ledger.parsed(name, _year, pl.Int16, "date_invalid") for name in statement.years]
    values += [
        ledger.parsed(name, from_list(known), pl.String, "value_unknown") for name, known in statement.lists.items()
    ]
    for name in statement.days:
        values += days_of(ledger, name, f"{name}_precision", "date_invalid")
    frame = pl.DataFrame(values)
    check_persons(ledger, frame, register, name_needed=False)
    for name in statement.needed:
        ledger.find(frame[name].is_null(), "value_missing", "rejected", name)
    for name, (code, is_doubtful) in statement.doubted.items():
        ledger.find(each(frame[name], is_doubtful, pl.Boolean).fill_null(value=False), code, "warned", name)
    if statement.further:
        statement.further(ledger, frame, on)
    _find_repeats(ledger, frame, statement, on)
    return checked(frame, ledger.findings)


def _find_repeats(ledger: Ledger, values: pl.DataFrame, statement: Statement, on: date) -> None:
    keys = [row if row[0] else None for row in values.select("id_number", *statement.key).rows()]
    fields = (
        *statement.texts, *statement.amounts, *statement.years, *statement.lists, *statement.days,
    )  # fmt: skip
    comparison = Comparison(ledger, values, fields)
    rejected = ledger.rejected()
    for _, rows in groups(keys, set()):
        mark_repeats(comparison, rows, rejected, None, on)


def _year(text: str) -> int | None:
    digits = text.removesuffix("年度").removesuffix("年")
    return int(digits) if re.fullmatch(r"(?:19|20)\d{2}", digits, re.ASCII) else None


def check_training(ledger: Ledger, values: pl.DataFrame, on: date) -> None:
    """A class begins by today and ends after it began; nobody attends more hours than it has; a certificate is of a
    kind, else it is not kept."""
    ledger.find(values["started_on"] > on, "day_in_future", "rejected", "started_on")
    ledger.find(values["ended_on"] < values["started_on"], "ends_before_start", "warned", "ended_on")
    ledger.find(values["hours_attended"] > values["hours"], "hours_odd", "warned", "hours_attended")
    ledger.find(
        values["number"].is_not_null() & values["certificate"].is_null(), "certificate_kind_missing", "warned",
        "certificate",
    )  # fmt: skip


def is_odd_certificate(number: str) -> bool:
    """True for a number of none of the known schemes (policy.md B11): schemes differ, so that it only warns."""
    plain = re.sub(r"\s", "", number).upper()
    return not any(scheme.match(plain) for scheme in (_SKILL_LEVEL, _OLD_QUALIFICATION, _OTHER_SCHEME))


def is_odd_account(number: str) -> bool:
    """True for a number that is no bank card by its length and check digit; accounts without one exist."""
    digits = re.sub(r"\s", "", number)
    if not _ACCOUNT.match(digits):
        return True
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 != 0
