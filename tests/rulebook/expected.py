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


def _capacity(row: Row) -> str:
    return str(row["labour_capacity"])


def _no_capacity(row: Row) -> Truth:
    return _within(row["labour_capacity"], lambda: _capacity(row) in ("lost", "none"))


def _below_line(row: Row) -> Truth:
    """The line that is known is Guizhou's: the rule holds nowhere else."""
    if not (row["division"] or "").startswith("52"):
        return False
    poor = None if row["income"] is None else row["income"] < Decimal(7300)
    return all_of(poor, row["category"] in (None, "lifted"))


def _elsewhere(row: Row) -> Truth:
    return None if row["work_where"] is None else row["work_where"] != "home_county"


def _qualified(row: Row) -> Truth:
    if row["education"] == "college":
        return True
    return None if row["labour_capacity"] is None else _capacity(row) == "skilled"


def _ended(row: Row, day: date, days: int) -> bool:
    return row["ended_on"] is not None and (day - row["ended_on"]).days <= days


def _monitored(row: Row) -> Truth:
    return _within(row["category"], lambda: row["category"] in ("unstable", "marginal", "sudden"))


def _known_jobless(row: Row) -> Truth:
    return {"jobless": True, "at_work": False, "unknown": None}[row["status"]]


PERSON_RULES: dict[str, Callable[[Row, date], Truth]] = {
    "insurance_stopped": lambda row, day: all_of(row["jobs"] > 0, row["paid_before"], negated(row["pays_now"])),
    "job_ended_no_next": lambda row, day: all_of(
        row["jobs"] == 0, row["ended_on"] is not None and (day - row["ended_on"]).days <= 30, row["able"]
    ),
    "job_ends_soon": lambda row, day: all_of(
        row["jobs"] > 0, row["ends_on"] is not None and (row["ends_on"] - day).days <= 30
    ),
    "left_public_post": lambda row, day: all_of(row["jobs"] == 0, _ended(row, day, 90), row["ended_public_post"]),
    "public_post_term_over": lambda row, day: all_of(
        row["jobs"] > 0,
        row["public_post"],
        _within(row["job_from"], lambda: add_months(row["job_from"], 36) <= day),
        True
        if row["retires_on"] is None
        else _within(row["job_from"], lambda: add_months(row["job_from"], 60) <= row["retires_on"]),
    ),
    "monitored_jobless": lambda row, day: all_of(
        _monitored(row), row["able"], _known_jobless(row), row["will_work"] is not False
    ),
    "monitored_no_contact": lambda row, day: all_of(
        _monitored(row), row["jobs"] > 0, _within(row["silent_days"], lambda: row["silent_days"] >= 90)
    ),
    "school_leaver_jobless": lambda row, day: all_of(
        row["left_school_on"] is not None and (day - row["left_school_on"]).days <= 120,
        _within(row["age"], lambda: 16 <= row["age"] <= 24),
        row["jobs"] == 0,
        not row["in_class"],
    ),
    "about_to_retire": lambda row, day: all_of(
        row["jobs"] > 0, _within(row["retires_on"], lambda: 0 < (row["retires_on"] - day).days <= 90)
    ),
    "returned_jobless": lambda row, day: all_of(
        row["jobs"] == 0,
        _ended(row, day, 60),
        row["able"],
        _within(row["ended_where"], lambda: row["ended_where"] != "home_county"),
    ),
    "job_did_not_last": lambda row, day: all_of(
        row["jobs"] == 0, _within(row["ended_days"], lambda: row["ended_days"] < 90), _ended(row, day, 30), row["able"]
    ),
    "trained_no_job": lambda row, day: all_of(
        row["trained_on"] is not None and 30 <= (day - row["trained_on"]).days <= 180,
        _known_jobless(row),
        row["able"],
        row["will_work"] is not False,
    ),
    "unemployed_at_work": lambda row, day: row["jobs"] > 0 and row["registered"],
    "class_while_away": lambda row, day: all_of(row["jobs"] > 0, row["in_class"], _elsewhere(row)),
    "never_insured": lambda row, day: all_of(
        row["jobs"] > 0,
        None if not row["jobs"] else row["by_unit"],
        _within(row["job_from"], lambda: (day - row["job_from"]).days >= 60),
        all_of(negated(row["pays_now"]), negated(row["paid_before"])),
    ),
    "work_unknown": lambda row, day: all_of(
        row["able"], row["will_work"], row["status"] == "unknown", row["at_school"] is not True
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
    "under_16_with_capacity": lambda row, day: all_of(
        _within(row["age"], lambda: row["age"] < 16), _within(row["labour_capacity"], lambda: _capacity(row) != "none")
    ),
    "capacity_missing": lambda row, day: all_of(row["working_age"], row["labour_capacity"] is None),
    "no_capacity_will_work": lambda row, day: all_of(row["will_work"], _no_capacity(row)),
    "phone_missing_at_work": lambda row, day: row["jobs"] > 0 and row["token"] is None,
    "income_below_line": lambda row, day: _below_line(row),
    "cleared_too_soon": lambda row, day: (
        row["cleared_on"] is not None and add_months(row["monitored_from"], 6) > row["cleared_on"]
    ),
    "post_kind_missing": lambda row, day: all_of(row["public_post"], row["public_posts"] == 0),
    "under_16_public_post": lambda row, day: all_of(row["public_post"], _within(row["age"], lambda: row["age"] < 16)),
    "over_70_public_post": lambda row, day: all_of(row["public_post"], _within(row["age"], lambda: row["age"] >= 70)),
    "several_public_posts": lambda row, day: row["public_posts"] >= 3,
    "local_post_elsewhere": lambda row, day: all_of(row["local_post"], _elsewhere(row)),
    "job_details_missing": lambda row, day: (
        row["jobs"] > 0
        and not (
            row["wage"] is not None
            and row["industry"]
            and row["channel"]
            and (row["employer_named"] or row["form"] in ("自主创业", "灵活就业", "务农"))
        )
    ),
    "organised_missing": lambda row, day: (
        row["jobs"] > 0 and row["organised"] is None and row["work_where"] != "home_county"
    ),
    "organised_at_home": lambda row, day: all_of(row["jobs"] > 0, row["organised"] is None, negated(_elsewhere(row))),
    "jobs_overlap": lambda row, day: all_of(
        row["jobs"] > 0,
        None if row["job_from"] is None or row["ended_on"] is None else row["job_from"] < row["ended_on"],
    ),
    "go_out_no_service": lambda row, day: all_of(row["will_go_out"], negated(row["service_asked"])),
    "work_risk_no_capacity": lambda row, day: all_of(row["work_risk"], _no_capacity(row)),
    "work_risk_no_record": lambda row, day: all_of(row["work_risk"], row["status"] == "unknown", row["able"]),
    "wage_very_low": lambda row, day: _within(row["wage"], lambda: Decimal(100) <= row["wage"] < Decimal(400)),
    "jobless_but_at_work": lambda row, day: row["stated"] and row["jobs"] > 0,
    "skilled_jobless": lambda row, day: all_of(
        _qualified(row), row["status"] == "jobless", row["able"], row["at_school"] is not True
    ),
    "missing_from_list": lambda row, day: row["unlisted"],
    "employer_closed": lambda row, day: all_of(row["jobs"] > 0, row["employer_closed"]),
    "registered_unemployed_but_taxed": lambda row, day: all_of(row["registered"], row["taxed_now"]),
    "sudden_expense": lambda row, day: _within(
        row["medical_paid"], lambda: row["medical_paid"] >= Decimal(20000 if row["category"] is None else 5000)
    ),
    "mass_layoff": lambda row, day: (
        row["unit_stopped"] is not None and all_of(row["unit_stopped"] >= 5, negated(row["pays_now"]))
    ),
    "phone_of_other_households": lambda row, day: row["token"] is not None and row["other_households"] >= 1,
    "phone_of_other_counties": lambda row, day: row["token"] is not None and row["other_counties"] >= 1,
}


HOUSEHOLD_RULES: dict[str, Callable[[Row, date], Truth]] = {
    "zero_employment_family": lambda row, day: all_of(row["seeker"], negated(row["anyone"])),
    "zero_family_at_work": lambda row, day: all_of(
        row["working"] > 0, _within(row["work_from"], lambda: (day - row["work_from"]).days >= 30)
    ),
    "zero_family_no_seeker": lambda row, day: all_of(negated(row["seeker"]), row["willing"] == 0),
}


def _unusual(row: Row, kind: str) -> Truth:
    usual, share = row["usual"].get(kind), row["shares"][kind]
    return True if usual is None else None if share is None else share >= 2 * usual


def _screened(kind: str, number: str, least: int, percent: int) -> Callable[[Row], Truth]:
    return lambda row: all_of(
        row[number] >= least, _within(row["shares"][kind], lambda: row["shares"][kind] >= percent), _unusual(row, kind)
    )


RECORDER_RULES: dict[str, Callable[[Row], Truth]] = {
    "screen_month_end_jobs": _screened("short", "short", 5, 30),
    "screen_same_wage": _screened("wage", "waged", 20, 80),
    "screen_month_end_edits": _screened("month_end", "month_end", 20, 50),
    "screen_inspection_edits": _screened("inspection", "inspection", 20, 50),
}


TOWN_RULES: dict[str, Callable[[Row], Truth]] = {
    "town_work_falling": lambda row: row["seekers"] >= 50 and row["fell"] >= 5 and row["lost_work"] >= 10,
}


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
