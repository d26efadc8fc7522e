"""The list of cases: what it shows for the filters of its address, on the page and in a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from bangfu.accounts.access import get_division_code
from bangfu.accounts.models import User
from bangfu.cases.access import visible_cases
from bangfu.cases.choices import Outcome
from bangfu.cases.models import Case
from bangfu.cases.queries import filter_cases
from bangfu.cases.words import leg_name
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, code_range

STATES = ("open", "closed")
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)
ORDER = ("-id",)


@dataclass(frozen=True)
class Line:
    """One row of the list; `leg` and `due_at` are those of an open case."""

    case: Case
    place: str
    leg: str
    due_at: datetime | None


@dataclass(frozen=True)
class Listing:
    """The cases inside the user's duties that fit the filters; `state` is "" for open and closed ones, `month` the
    first day of that in which they were closed, None for any."""

    rows: QuerySet[Case]
    state: str
    outcome: str
    division: str
    backlog: bool
    month: date | None


def read_list(user: User, given: Mapping[str, str]) -> Listing:
    """The list for the parameters of its address. Raises Http404 for a division outside the user's duties."""
    state = given.get("state", "open")
    state = state if state in STATES else ""
    outcome = given.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    division = given.get("division", "")
    inside = code_range(get_division_code(user, division)) if division else None
    backlog, month = given.get("backlog", "") == "1", _month(given.get("month", ""))
    rows = filter_cases(
        visible_cases(user), state=state, outcome=outcome, division=inside, backlog=backlog, month=month
    )
    return Listing(rows, state, outcome, division, backlog, month)


def _month(text: str) -> date | None:
    """The first day of a month written 2026-06; None for what is none, which counts as not chosen."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def lines_of(cases: Sequence[Case]) -> list[Line]:
    """The cases with what the list shows beside them; one query."""
    places = full_names_of([case.division for case in cases], above=COUNTY)
    return [
        Line(
            case,
            places.get(case.division, ""),
            leg_name(case.person.standing.leg) if case.person.standing.leg else "",
            case.person.standing.due_at if case.closed_at is None else None,
        )
        for case in cases
    ]
