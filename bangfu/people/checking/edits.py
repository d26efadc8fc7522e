"""The check of a sheet of changes: one deed a row and person — end, begin, wage, wishes, telephone, helper."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import polars as pl

from bangfu.intake.checked import Checked, checked
from bangfu.intake.tables import Columns, Sheet
from bangfu.people.checking import columns
from bangfu.people.checking.cells import each, from_list, parse_phone, tidy
from bangfu.people.checking.days import days_of
from bangfu.people.checking.frame import MONEY, Ledger, optional_text
from bangfu.people.checking.jobs import wage
from bangfu.people.checking.persons import check_ids, check_persons, mended_names
from bangfu.people.checking.places import CountyLookup, work_places

END, START, WAGE, WISHES, PHONE, HELPER = "end_job", "start_job", "wage", "wishes", "phone", "helper"
DEEDS = {
    "结束就业": END, "离岗": END, "开始就业": START, "上岗": START, "调整工资": WAGE, "修改意愿": WISHES,
    "修改电话": PHONE, "更换帮扶责任人": HELPER,
}  # fmt: skip
EDITS = Columns(
    labels={
        "name": columns.NAME,
        "id_number": columns.ID_NUMBER,
        "deed": ("办理事项", "变更事项", "操作"),
        "day": ("日期", "发生日期", "变更日期"),
        "employer": ("单位名称", "就业单位", "务工单位"),
        "occupation": ("岗位(工种)", "岗位", "工种"),
        "wage": ("月收入(元)", "月收入", "月工资"),
        "work_province": ("务工省", "就业省"),
        "work_city": ("务工市", "就业市"),
        "work_county": ("务工县", "就业县"),
        "reason": ("未就业原因", "离岗原因"),
        "will_work": ("就业意愿",),
        "will_train": ("培训意愿",),
        "phone": columns.PHONE,
        "helper": ("帮扶责任人", "帮扶责任人账号"),
    },
    required=frozenset({"id_number", "name", "deed"}),
    values={"will_work": tuple(columns.YES_NO), "will_train": tuple(columns.YES_NO), "deed": tuple(DEEDS)},
    dates=frozenset({"day"}),
    amounts=frozenset({"wage"}),
    texts=columns.TEXTS,
    example={
        "name": "示例",
        "id_number": "990522198602140023",
        "deed": "调整工资",
        "day": "2026-06-30",
        "wage": "4800",
    },
)
TEXTS = ("employer", "occupation", "reason", "helper")


class EditRegister(Protocol):
    """What the check asks of the register, in bulk."""

    def names(self, id_numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of those of the ID numbers that are on the register."""
        ...

    def starts_of_open_jobs(self, id_numbers: Sequence[str], on: date) -> Mapping[str, date]:
        """The first day of the job that each holds on the day; of several the latest."""
        ...

    def helpers(self, names: Sequence[str]) -> Mapping[str, int]:
        """The user key of each name or sign-in name that means exactly one helper."""
        ...


def check_edits(sheets: Sequence[Sheet], divisions: CountyLookup, register: EditRegister, on: date) -> Checked:
    """Check a sheet of changes.

    `rows` has: row, id_number, name, sex, born_on, deed (code), day (empty: the day of the check), place (county
    code), employer, occupation, reason, helper (as written), helper_key, wage (yuan a month), will_work,
    will_train, phone.
    """
    ledger = Ledger(sheets, EDITS)
    ids = check_ids(ledger, on)
    days, _ = days_of(ledger, "day", "day_precision", "date_invalid")
    helpers = register.helpers(sorted({text for text in ledger.narrowed("helper").drop_nulls() if text}))
    values = pl.DataFrame(
        [
            ledger.texts["row"],
            *ids.get_columns(),
            mended_names(ledger),
            ledger.parsed("deed", from_list(DEEDS), pl.String, None),
            days.fill_null(on).alias("day"),
            work_places(ledger, divisions),
            *(each(ledger.text(name), lambda text: optional_text(tidy(text)), pl.String) for name in TEXTS),
            each(ledger.narrowed("helper"), helpers.get, pl.Int64).alias("helper_key"),
            ledger.parsed("wage", wage, MONEY, "number_invalid"),
            *(
                ledger.parsed(name, from_list(columns.YES_NO), pl.Boolean, "value_unknown")
                for name in ("will_work", "will_train")
            ),
            ledger.phone("phone", parse_phone),
        ]
    )
    check_persons(ledger, values, register)
    _check_deeds(ledger, values, register, on)
    _find_repeats(ledger, values)
    return checked(values, ledger.findings)


def _check_deeds(ledger: Ledger, values: pl.DataFrame, register: EditRegister, on: date) -> None:
    numbers = sorted({number for number in values["id_number"].to_list() if number})
    starts = register.starts_of_open_jobs(numbers, on)
    for at, row in enumerate(values.to_dicts()):
        if row["deed"] is None:
            ledger.find_at(at, "deed_unknown", "rejected", "deed")
        elif row["day"] > on:
            ledger.find_at(at, "day_in_future", "rejected", "day")
        else:
            fault = _fault(row, starts.get(row["id_number"] or ""))
            if fault:
                ledger.find_at(at, fault[0], "rejected", fault[1])


def _fault(row: Mapping[str, Any], start: date | None) -> tuple[str, str] | None:
    """The code and column of what the deed lacks, None where it lacks nothing."""
    deed = row["deed"]
    if deed in (END, WAGE) and start is None:
        return "no_open_job", "deed"
    if deed == END and start is not None and row["day"] < start:
        return "day_before_start", "day"
    if deed == START and not (row["employer"] or row["occupation"]):
        return "employer_missing", "employer"
    if deed == WAGE and row["wage"] is None:
        return "wage_missing", "wage"
    if deed == WISHES and row["will_work"] is None and row["will_train"] is None:
        return "wish_missing", "will_work"
    if deed == PHONE and row["phone"] is None:
        return "phone_missing", "phone"
    if deed == HELPER and row["helper_key"] is None:
        return "helper_unknown", "helper"
    return None


def _find_repeats(ledger: Ledger, values: pl.DataFrame) -> None:
    """The second row of a person and deed is a repeat: which of the two is meant nobody can tell."""
    rejected, seen = ledger.rejected(), dict[tuple[str, str], int]()
    names = ledger.texts["row"]
    for at, (number, deed) in enumerate(values.select("id_number", "deed").rows()):
        if number is None or deed is None or names[at] in rejected:
            continue
        if (number, deed) in seen:
            first = seen[number, deed]
            alike = values[at].drop("row").rows() == values[first].drop("row").rows()
            code = "duplicate_row" if alike else "duplicate_differs"
            ledger.find_at(at, code, "warned", "", {"first": names[first]})
        else:
            seen[number, deed] = at
