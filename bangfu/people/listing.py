"""The list of people: what it shows for the filters of its address, on the page and in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bangfu.accounts.models import User
from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, level_of
from bangfu.people import queries
from bangfu.people.access import visible_standings
from bangfu.people.area import Area, read_area
from bangfu.people.forms import PeopleFilter
from bangfu.people.models import Job, Standing
from bangfu.people.words import leg_names

ORDER = ("division", "person_id")


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    standing: Any
    village: str
    job: Job | None
    job_place: str
    leg: str


@dataclass(frozen=True)
class Listing:
    """The people inside the user's duties that fit the filters."""

    rows: QuerySet[Standing]
    area: Area
    chosen: Mapping[str, Any]

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.area.code or any(value not in ("", None) for value in self.chosen.values()))


def read_list(user: User, given: Mapping[str, str]) -> Listing:
    """The list for the parameters of its address. Raises Http404 for a place outside the user's duties."""
    area, chosen = read_area(user, given), PeopleFilter(given).chosen()
    return Listing(queries.filter_standings(visible_standings(user), division=area.range, **chosen), area, chosen)


def lines_of(standings: Sequence[Any]) -> list[Line]:
    """The rows with what the list shows beside them; four queries. A row is a Standing, or a tuple of its fields by
    name where a file takes very many."""
    persons = [standing.person_id for standing in standings]
    jobs = queries.open_jobs(persons, timezone.localdate())
    villages = full_names_of([standing.division for standing in standings], above=COUNTY)
    places = names_of(job.place for job in jobs.values())
    legs = leg_names()
    return [
        Line(
            standing=standing,
            village=villages.get(standing.division, ""),
            job=(job := jobs.get(standing.person_id)),
            job_place=places.get(job.place, "") if job and level_of(job.place) >= COUNTY else "",
            leg=legs.get(standing.leg, standing.leg),
        )
        for standing in standings
    ]
