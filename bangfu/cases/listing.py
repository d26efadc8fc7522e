"""The list of cases: what it shows for the filters of its address, on the page and in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bangfu.accounts.access import get_division_code
from bangfu.accounts.models import User
from bangfu.cases.access import visible_cases
from bangfu.cases.models import Case, Outcome
from bangfu.cases.queries import filter_cases
from bangfu.cases.words import leg_name
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, code_range

STATES = ("open", "closed")
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
    """The cases inside the user's duties that fit the filters; `state` is "" for open and closed ones."""

    rows: QuerySet[Case]
    state: str
    outcome: str
    division: str


def read_list(user: User, given: Mapping[str, str]) -> Listing:
    """The list for the parameters of its address. Raises Http404 for a division outside the user's duties."""
    state = given.get("state", "open")
    state = state if state in STATES else ""
    outcome = given.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    division = given.get("division", "")
    inside = code_range(get_division_code(user, division)) if division else None
    rows = filter_cases(visible_cases(user), state=state, outcome=outcome, division=inside)
    return Listing(rows, state, outcome, division)


def lines_of(cases: Sequence[Case]) -> list[Line]:
    """The cases with what the list shows beside them; one query."""
    places = full_names_of([case.division for case in cases], above=COUNTY)
    return [
        Line(
            case,
            places.get(case.division, ""),
            leg_name(case.person.standing.leg, case.clock) if case.person.standing.leg else "",
            case.person.standing.due_at if case.closed_at is None else None,
        )
        for case in cases
    ]
