"""The check of ledgers of work: jobs held, and the wishes of those without work or about to go out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from bangfu.core import uscc
from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Columns, Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, parse_amount, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.persons import check_ids, check_persons, mended_names
from bangfu.people.checking.places import WORK, CountyLookup, work_places
from bangfu.people.checking.register import JobRegister, Known
from bangfu.people.checking.repeats import Comparison, groups, mark_repeats

Jobs = Mapping[tuple[str, date | None], Known]


@dataclass(frozen=True)
class WorkForm:
    """One form in which jobs are told: its columns, texts, lists of truths, amounts and texts that hold codes.

    `places` are fields of a county with the three columns they are read from. `fixed` are values that every row
    has. `further` looks at rows and what the register knows of their persons, for what this form alone asks.
    `says_plans`: a row may tell only what somebody plans.
    """

    columns: Columns
    texts: tuple[str, ...]
    lists: Mapping[str, Mapping[str, Any]]
    amounts: tuple[str, ...] = ()
    codes: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"place": WORK})
    fixed: Mapping[str, Any] = field(default_factory=dict)
    name_needed: bool = True
    says_plans: bool = False
    further: Callable[[Ledger, pl.DataFrame, Jobs, date], None] | None = None

    @property
    def compared(self) -> tuple[str, ...]:
        """What makes two rows of one person and one first day differ."""
        codes = ("uscc",) if "uscc" in self.columns.labels else ()
        return (*self.places, *codes, *self.texts, *self.lists, *self.amounts, *self.codes, "start_precision", "end")


JOB_FORM = WorkForm(
    columns=columns.JOBS,
    texts=("form", "employer", "occupation", "industry", "channel", "wished_occupation", "reason", "wished_trade"),
    lists={
        "working": columns.WORKING,
        "organised": columns.YES_NO,
        "will_work": columns.YES_NO,
        "will_train": columns.YES_NO,
    },
    amounts=("wage", "wage_floor"),
)


def check_jobs(
    sheets: Sequence[Sheet], divisions: CountyLookup, register: JobRegister, on: date, form: WorkForm = JOB_FORM
) -> Checked:
    """Check the rows of a ledger of work against the persons on the register.

    `rows` has: row, id_number, name, sex and born_on (by the ID number), the fields of the form (places as county
    codes, lists as codes or booleans, amounts in yuan a month), start with start_precision (day, month), end.
    """
    ledger = Ledger(sheets, form.columns)
    ids = check_ids(ledger, on)
    start, start_precision = days_of(ledger, "start", "start_precision", None)
    end, _ = days_of(ledger, "end", "end_precision", "date_invalid")
    size = len(ledger.texts)
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            *ids.get_columns(),
            mended_names(ledger),
            *(work_places(ledger, divisions, read).alias(name) for name, read in form.places.items()),
            *([usccs_of(ledger, "warned")] if "uscc" in form.columns.labels else []),
            *(each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in form.texts),
            *(ledger.parsed(name, from_list(known), pl.Boolean, "value_unknown") for name, known in form.lists.items()),
            *(ledger.parsed(name, wage, MONEY, "number_invalid") for name in form.amounts),
            *(ledger.parsed(name, read, pl.String, "value_unknown") for name, read in form.codes.items()),
            start,
            start_precision,
            end,
            *(pl.repeat(value, size, eager=True).alias(name) for name, value in form.fixed.items()),
        ]
    )
    _check_start(ledger, values, on)
    on_register = check_persons(ledger, values, register, name_needed=form.name_needed)
    known = register.jobs(sorted({number for number in values["id_number"].to_list() if number}))
    if form.further:
        form.further(ledger, values, known, on)
    _find_repeats(ledger, values, on_register, known, on, form)
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
    ledger: Ledger, values: pl.DataFrame, on_register: Sequence[bool], known: Jobs, on: date, form: WorkForm
) -> None:
    """A repeat is the same person and first day, or the same person without work once more, or the same plan."""
    facts = values.select("id_number", "start", "working").rows()
    keys: list[tuple[Any, ...] | None] = [
        None
        if not fits or (start is None and working)
        else (number, "plan")
        if working is None and form.says_plans
        else (number, start)
        for (number, start, working), fits in zip(facts, on_register, strict=True)
    ]
    comparison = Comparison(ledger, values, form.compared)
    rejected = ledger.rejected()
    for key, rows in groups(keys, set(known)):
        mark_repeats(comparison, rows, rejected, known.get(key), on)
