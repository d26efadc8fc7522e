"""The verdict of every signal and quality rule, and the rows of every indicator, from the recounted facts."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tests.rulebook.recount import Row, Truth, add_months, all_of, negated


def _within(limit: Truth | int | None, check: Callable[[], Truth]) -> Truth:
    return None if limit is None else check()


def _halved(row: Row) -> Truth:
    before, now = row["wage_before"], row["wage_now"]
    more_than_nothing = None if before is None else before > 0
    fallen = None if before is None or now is None else now * 2 <= before
    return all_of(more_than_nothing, fallen)


def _too_young(row: Row) -> Truth:
    if row["born_on"] is None or row["job_from"] is None:
        return None
    return row["job_from"] < add_months(row["born_on"], 192)


def _odd_wage(row: Row) -> Truth:
    return None if row["wage"] is None else not Decimal(100) <= row["wage"] <= Decimal(30000)


PERSON_RULES: dict[str, Callable[[Row, date], Truth]] = {
    "insurance_stopped": lambda row, day: all_of(row["jobs"] > 0, row["paid_before"], negated(row["pays_now"])),
    "job_ended_no_next": lambda row, day: all_of(
        row["jobs"] == 0, row["ended_on"] is not None and (day - row["ended_on"]).days <= 30, row["able"]
    ),
    "willing_jobless": lambda row, day: all_of(
        row["able"], row["will_work"], {"jobless": True, "at_work": False, "unknown": None}[row["status"]]
    ),
    "wage_halved": lambda row, day: all_of(row["paid_before"], row["pays_now"], _halved(row)),
    "not_confirmed": lambda row, day: all_of(
        row["jobs"] > 0, _within(row["silent_days"], lambda: row["silent_days"] >= 60)
    ),
    "insured_but_jobless": lambda row, day: all_of(row["pays_now"], row["status"] == "jobless"),
    "under_16_at_work": lambda row, day: all_of(row["jobs"] > 0, _too_young(row)),
    "at_school_at_work": lambda row, day: all_of(row["jobs"] > 0, row["at_school"]),
    "no_capacity_at_work": lambda row, day: all_of(
        row["jobs"] > 0, _within(row["labour_capacity"], lambda: row["labour_capacity"] in ("lost", "none"))
    ),
    "wage_out_of_range": lambda row, day: _odd_wage(row),
    "work_place_missing": lambda row, day: (
        row["jobs"] > 0 and (row["work_place"] is None or row["work_place"][4:6] == "00")
    ),
}


def zero_employment_family(row: Row) -> Truth:
    """The one rule about households."""
    return all_of(row["seeker"], negated(row["anyone"]))


Pick = Callable[[Row], Truth]


def works(row: Row) -> Truth:
    """At work on the day."""
    return row["jobs"] > 0


def _able_not_at_school(row: Row) -> Truth:
    return all_of(row["able"], row["at_school"] is not True)


def _insured(row: Row) -> Truth:
    return row["job_insured"] if row["pays_now"] is None else row["pays_now"]


def _stage(stage: str, with_backlog: bool) -> Pick:
    return lambda leg: leg["stage"] == stage and leg["due"] and (with_backlog or not leg["backlog"])


def _cleared(leg: Row) -> Truth:
    way_out = None if leg["outcome"] is None else leg["outcome"] in ("employed", "in_training")
    return all_of(leg["on_time"], way_out)


# code: rows (persons or legs), what is counted, numerator (within the denominator), denominator
SHARES: dict[str, tuple[str, str, Pick, Pick]] = {
    "I6": ("persons", "person", works, lambda row: row["will_work"]),
    "I7a": ("persons", "person", lambda row: _is(row["work_where"], "other_province"), works),
    "I7b": ("persons", "person", lambda row: _is(row["work_where"], "other_county"), works),
    "I7c": ("persons", "person", lambda row: _is(row["work_where"], "home_county"), works),
    "I9": ("persons", "person", lambda row: row["lasting"], works),
    "I10": ("persons", "person", _insured, lambda row: works(row) and row["by_unit"]),
    "I12": ("legs", "leg", lambda leg: leg["on_time"], _stage("need_survey", False)),
    "I13": ("legs", "leg", lambda leg: leg["on_time"], _stage("first_service_round", False)),
    "I14": ("legs", "leg", lambda leg: leg["on_time"], _stage("outcome", False)),
    "I15": ("legs", "person", lambda leg: leg["full"], _stage("first_service_round", True)),
    "I16": ("legs", "person", _cleared, _stage("outcome", True)),
}
able_not_at_school = _able_not_at_school


def _is(value: str | None, wanted: str) -> Truth:
    return None if value is None else value == wanted


def share(numerator: int, denominator: int) -> Decimal | None:
    """A percentage with one decimal, half up; None for a denominator of 0."""
    if denominator == 0:
        return None
    return (Decimal(numerator) * 100 / denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
