"""The check of a job ledger: jobs held, and the wishes of those without work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from bangfu.core import uscc
from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, parse_amount, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.persons import check_ids, check_persons, mended_names
from bangfu.people.checking.places import CountyLookup, work_places
from bangfu.people.checking.register import JobRegister
from bangfu.people.checking.repeats import Comparison, groups, mark_repeats

LISTS: dict[str, dict[str, Any]] = {
    "working": columns.WORKING,
    "organised": columns.YES_NO,
    "will_work": columns.YES_NO,
    "will_train": columns.YES_NO,
}
TEXTS = ("form", "employer", "occupation", "channel", "wished_occupation", "reason", "wished_trade")
AMOUNTS = ("wage", "wage_floor")
COMPARED = ("place", "uscc", *TEXTS, *LISTS, *AMOUNTS, "start_precision", "end")
"""What makes two rows of one person and one first day differ."""


def check_jobs(sheets: Sequence[Sheet], divisions: CountyLookup, register: JobRegister, on: date) -> Checked:
    """Check the rows of a job ledger against the persons on the register.

    `rows` has: row, id_number, name, sex and born_on (by the ID number), place (county code), uscc, form,
    employer, occupation, channel, wished_occupation, reason, wished_trade, working, organised, will_work,
    will_train (booleans), wage and wage_floor (yuan a month), start with start_precision (day, month), end.
    """
    ledger = Ledger(sheets, columns.JOBS)
    ids = check_ids(ledger, on)
    start, start_precision = days_of(ledger, "start", "start_precision", None)
    end, _ = days_of(ledger, "end", "end_precision", "date_invalid")
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            *ids.get_columns(),
            mended_names(ledger),
            work_places(ledger, divisions),
            usccs_of(ledger, "warned"),
            *(each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in TEXTS),
            *(ledger.parsed(name, from_list(known), pl.Boolean, "value_unknown") for name, known in LISTS.items()),
            *(ledger.parsed(name, wage, MONEY, "number_invalid") for name in AMOUNTS),
            start,
            start_precision,
            end,
        ]
    )
    _check_start(ledger, values, on)
    on_register = check_persons(ledger, values, register)
    _find_repeats(ledger, values, on_register, register, on)
    return checked(values, ledger.findings)


def wage(text: str) -> Any:
    """An amount of zero or more; None for anything else."""
    amount = parse_amount(text)
    return amount if amount is not None and amount >= 0 else None


def usccs_of(ledger: Ledger, severity: Any) -> pl.Series:
    """Valid social credit codes; null and a finding for other filled cells (`rejected`: for empty ones
    too).
    """
    codes = each(ledger.text("uscc"), uscc.mend, pl.String)
    is_valid = uscc.check_column(codes).fill_null(value=False)
    looked_at = ledger.is_filled("uscc") if severity == "warned" else pl.repeat(True, len(codes), eager=True)
    ledger.find(looked_at & ~is_valid, "uscc_invalid", severity, "uscc")
    return codes.to_frame("uscc").select(pl.when(is_valid).then("uscc")).to_series().alias("uscc")


def _check_start(ledger: Ledger, values: pl.DataFrame, on: date) -> None:
    """The first day must be there and not lie ahead, for those at work; for others it may only be wrong."""
    at_work = values["working"].fill_null(value=False)
    is_filled, start = ledger.is_filled("start"), values["start"]
    ledger.find(at_work & ~is_filled, "start_missing", "rejected", "start")
    ledger.find(at_work & is_filled & start.is_null(), "start_invalid", "rejected", "start")
    ledger.find(at_work & (start > on), "start_in_future", "rejected", "start")
    ledger.find(~at_work & is_filled & start.is_null(), "date_invalid", "warned", "start")


def _find_repeats(
    ledger: Ledger, values: pl.DataFrame, on_register: Sequence[bool], register: JobRegister, on: date
) -> None:
    """A repeat is the same person and first day, or the same person without work once more."""
    facts = values.select("id_number", "start", "working").rows()
    keys = [
        (number, start) if fits and (start is not None or not working) else None
        for (number, start, working), fits in zip(facts, on_register, strict=True)
    ]
    known = register.jobs(sorted({key[0] for key in keys if key}))
    comparison = Comparison(ledger, values, COMPARED)
    rejected = ledger.rejected()
    for key, rows in groups(keys, set(known)):
        mark_repeats(comparison, rows, rejected, known.get(key), on)
