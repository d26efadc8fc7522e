"""The rows behind a figure, one page of them, with what a reader wants to know of each."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from bangfu.accounts.models import User
from bangfu.bulletins.access import legs_behind, members_behind, standings_behind
from bangfu.cases.models import Leg
from bangfu.cases.words import leg_name
from bangfu.core.keys import read_key
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.people.models import Household, Job, Standing
from bangfu.people.queries import open_jobs
from bangfu.ui.pages import Page

SIZE = 25
LEG, HOUSEHOLD = "leg", "household"


@dataclass(frozen=True)
class PersonLine:
    """A person with the job held on the day counted, and where it is."""

    standing: Standing
    place: str
    job: Job | None
    job_place: str


@dataclass(frozen=True)
class LegLine:
    """A deadline of a case."""

    leg: Leg
    place: str
    stage: str


@dataclass(frozen=True)
class HouseholdLine:
    """A household with its members."""

    household: Household
    place: str
    members: Sequence[Standing]


def key_page(keys: Sequence[int], after: str) -> Page:
    """The page of rising keys that follows the key `after`; what is no key begins at the first page."""
    key = read_key(after)
    start = 0 if key is None else bisect_right(keys, key)
    rows = keys[start : start + SIZE]
    return Page(rows, str(rows[-1]) if start + SIZE < len(keys) else "", start > 0)


def lines_of(user: User, counts: str, keys: Sequence[int], day: date) -> list[Any]:
    """The lines of these keys that the reader may see now; `counts` names what they are keys of."""
    if counts == LEG:
        return _legs(user, keys)
    return _households(user, keys) if counts == HOUSEHOLD else _persons(user, keys, day)


def _persons(user: User, keys: Sequence[int], day: date) -> list[PersonLine]:
    rows = standings_behind(user, keys)
    jobs = open_jobs([row.person_id for row in rows], day)
    places = full_names_of([row.division for row in rows], above=COUNTY)
    work = full_names_of([job.place for job in jobs.values()])
    lines = []
    for row in rows:
        job = jobs.get(row.person_id)
        lines.append(PersonLine(row, places.get(row.division, ""), job, work.get(job.place, "") if job else ""))
    return lines


def _legs(user: User, keys: Sequence[int]) -> list[LegLine]:
    rows = list(legs_behind(user, keys))
    places = full_names_of([row.case.division for row in rows], above=COUNTY)
    return [LegLine(row, places.get(row.case.division, ""), leg_name(row.stage)) for row in rows]


def _households(user: User, keys: Sequence[int]) -> list[HouseholdLine]:
    rows = members_behind(user, keys)
    places = full_names_of([row.division for row in rows], above=COUNTY)
    lines = []
    for _key, group in groupby(rows, key=lambda row: row.household_id):
        members = list(group)
        household: Any = members[0].household
        lines.append(HouseholdLine(household, places.get(members[0].division, ""), members))
    return lines
