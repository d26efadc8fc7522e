"""What outside lists say of a person, counted over again in plain Python, and the rules that rest on it."""

from collections.abc import Callable
from datetime import date

from tests.rulebook.recount import Row, Truth, add_months, all_of, negated

KINDS = ("death", "school", "disability", "living_allowance", "workshop_roster", "employment_registration")
SUPPORTED = {"allowance", "destitute"}


def listed_on(facts: dict[str, list[Row]], persons: list[Row], day: date) -> list[Row]:
    """Each person who is on a list with what the lists say, beside what is known of the person."""
    mine: dict[int, list[Row]] = {}
    for line in facts["feed_lines"]:
        if line["month"] <= day:
            mine.setdefault(line["person"], []).append(line)
    return [row | _said(facts, row, mine[row["person"]], day) for row in persons if row["person"] in mine]


def _said(facts: dict[str, list[Row]], row: Row, lines: list[Row], day: date) -> Row:
    home = row["division"] or ""
    come = {kind: set() for kind in KINDS}
    for feed in facts["feeds"]:
        if feed["kind"] in come and feed["month"] <= day and home.startswith(feed["place"]):
            come[feed["kind"]].add(feed["month"])
    last = {kind: max(months, default=None) for kind, months in come.items()}

    def of(kind: str, month: date | None) -> list[Row]:
        return [line for line in lines if line["kind"] == kind and line["month"] == month]

    def now(kind: str) -> list[Row] | None:
        return None if last[kind] is None else of(kind, last[kind])

    deaths = [line["ends_on"] for line in lines if line["kind"] == "death"]
    died = any(end <= day for end in deaths)
    before = None if last["living_allowance"] is None else add_months(last["living_allowance"], -1)
    certificates, roster = now("disability"), now("workshop_roster")
    return {
        "dead": True if died else None if last["death"] is None else False,
        "roll_month": last["school"],
        **_roll(now("school")),
        "certified": None
        if certificates is None
        else any(c["status"] != "cancelled" and (c["ends_on"] or day) >= day for c in certificates),
        "allowance": _supported(now("living_allowance")),
        "allowance_before": _supported(of("living_allowance", before)) if before in come["living_allowance"] else None,
        "rostered": None if roster is None else any(_runs(line, day) for line in roster),
        "registered_as": _registered(now("employment_registration"), day),
    }


def _runs(line: Row, day: date) -> bool:
    return line["ends_on"] is None or line["ends_on"] > day


def _roll(lines: list[Row] | None) -> Row:
    if lines is None:
        return {"roll": None, "roll_left_on": None}
    states = {line["status"] for line in lines}
    ends = [line["ends_on"] for line in lines if line["status"] in ("finished", "left") and line["ends_on"]]
    first = next((state for state in ("at_school", "on_leave", "finished", "left") if state in states), "not_listed")
    return {"roll": first, "roll_left_on": max(ends, default=None)}


def _supported(lines: list[Row] | None) -> Truth:
    return None if lines is None else any(line["status"] in SUPPORTED for line in lines)


def _registered(lines: list[Row] | None, day: date) -> str | None:
    if lines is None:
        return None
    states = {line["status"] for line in lines if _runs(line, day)}
    return next((state for state in ("employed", "unemployed") if state in states), "none")


def _is(value: str | None, *wanted: str) -> Truth:
    return None if value is None else value in wanted


def _left_lately(row: Row, day: date) -> Truth:
    left = row["roll_left_on"] or row["roll_month"]
    return None if left is None else 0 <= (day - left).days <= 120


def _aged(row: Row, first: int, last: int) -> Truth:
    return None if row["age"] is None else first <= row["age"] <= last


LIST_RULES: dict[str, Callable[[Row, date], Truth]] = {
    "dead_on_register": lambda row, day: row["dead"],
    "pupil_at_work_list": lambda row, day: all_of(_is(row["roll"], "at_school"), row["jobs"] > 0),
    "pupil_not_recorded": lambda row, day: all_of(_is(row["roll"], "at_school"), negated(row["at_school"])),
    "disability_not_recorded": lambda row, day: all_of(row["certified"], _is(row["health"], "healthy")),
    "on_roster_no_job": lambda row, day: all_of(row["rostered"], row["jobs"] == 0),
    "registered_employed_jobless": lambda row, day: all_of(
        _is(row["registered_as"], "employed"), row["status"] == "jobless"
    ),
    "listed_unemployed_at_work": lambda row, day: all_of(_is(row["registered_as"], "unemployed"), row["jobs"] > 0),
    "left_school_under_16": lambda row, day: all_of(_is(row["roll"], "left"), _aged(row, 0, 15)),
    "left_school_list": lambda row, day: all_of(
        _is(row["roll"], "finished", "left"),
        _left_lately(row, day),
        _aged(row, 16, 24),
        row["jobs"] == 0,
        not row["in_class"],
    ),
    "allowance_stopped_jobless": lambda row, day: all_of(
        row["allowance_before"], negated(row["allowance"]), row["status"] == "jobless", row["able"]
    ),
}
