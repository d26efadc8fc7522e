"""The rows of the worklist: what it shows for the filters of its address, on the page and in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bangfu.accounts.access import get_division_code
from bangfu.accounts.models import User
from bangfu.cases import queries
from bangfu.cases.clockwork import FOLLOW_UP
from bangfu.cases.steps import Step, next_step
from bangfu.cases.words import leg_name, leg_names
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, code_range
from bangfu.home.causes import cause_name
from bangfu.home.figures import Dots, package_dots
from bangfu.people.models import Standing

DUES = (queries.OVERDUE, queries.TODAY, queries.WEEK, queries.WARNED)
ORDER = ("due_at", "person_id")


@dataclass(frozen=True)
class Choice:
    """The filters of the worklist as the URL gives them; "" takes none."""

    leg: str = ""
    due: str = ""
    cause: str = ""
    division: str = ""
    mine: bool = False

    @classmethod
    def read(cls, user: User, given: Mapping[str, str]) -> "Choice":
        """Unknown codes are left out; a division outside the user's duties raises Http404."""
        division = given.get("division", "")
        return cls(
            leg=given.get("leg", "") if given.get("leg", "") in {*leg_names(), FOLLOW_UP} else "",
            due=given.get("due", "") if given.get("due", "") in DUES else "",
            cause=given.get("cause", ""),
            division=get_division_code(user, division) if division else "",
            mine=given.get("helper") == "me",
        )


@dataclass(frozen=True)
class Line:
    """One row of the worklist."""

    standing: Standing
    row: queries.Row
    place: str
    cause: str
    leg: str
    dots: Dots
    step: Step | None


def wide_rows(user: User, choice: Choice, now: datetime) -> QuerySet[Standing]:
    """The worklist before the chips of urgency and of one's own cases narrow it."""
    span = code_range(choice.division) if choice.division else None
    return queries.filter_worklist(queries.in_worklist(user), now, leg=choice.leg, cause=choice.cause, division=span)


def narrow_rows(rows: QuerySet[Standing], user: User, choice: Choice, now: datetime) -> QuerySet[Standing]:
    """The rows that the page lists."""
    return queries.filter_worklist(rows, now, due=choice.due, helper=user.pk if choice.mine else None)


def lines_of(standings: Sequence[Standing]) -> list[Line]:
    """The rows with what the worklist shows beside them; a fixed number of queries."""
    rows = queries.open_rows([standing.person_id for standing in standings])
    places = full_names_of([standing.division for standing in standings], above=COUNTY)
    return [
        Line(
            standing=standing,
            row=row,
            place=places.get(standing.division, ""),
            cause=cause_name(row.causes[0].code) if row.causes else "",
            leg=leg_name(standing.leg),
            dots=package_dots(row.progress),
            step=next_step(row),
        )
        for standing in standings
        if (row := rows.get(standing.person_id))
    ]
