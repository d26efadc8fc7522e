"""Reading the monthly work round: who is asked, how far each place is, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr

from bangfu.core.retirement import add_months
from bangfu.divisions.queries import names_of
from bangfu.divisions.ranges import level_of
from bangfu.people.choices import WorkStatus
from bangfu.people.models import Job, Standing, WorkAnswer

WORKING_AGE_MONTHS = 16 * 12  # Labour Law art. 15: nobody under 16 may be employed
_WIDTHS = {0: 2, 1: 4, 2: 6, 3: 9, 4: 12}
ANSWERED, OPEN = "answered", "open"


@dataclass(frozen=True)
class Place:
    """A division one level down with how many of its people have answered for the month."""

    code: str
    name: str
    level: int
    answered: int
    total: int

    @property
    def open(self) -> int:
        """How many have not answered."""
        return self.total - self.answered


def asked_in(rows: QuerySet[Standing], month: date) -> QuerySet[Standing]:
    """Those of the rows who are asked in the round of a month: able or at work, and 16 by its first day.

    Who has answered stays, whatever the answer made of the person.
    """
    youngest = add_months(month, -WORKING_AGE_MONTHS)
    asked = Q(able=True) | Q(work_status=WorkStatus.AT_WORK) | _answered(month)
    return rows.filter(asked, person__born_on__lte=youngest)


def places_of(rows: QuerySet[Standing], month: date, division: str) -> list[Place]:
    """The divisions one level below `division` ("" the country) that hold somebody asked, in the order of codes."""
    width = _WIDTHS[min(level_of(division), 4)] if division else 2
    asked = asked_in(rows, month).annotate(part=Substr("division", 1, width)).order_by("part")
    totals = dict(asked.values_list("part").annotate(n=Count("person")))
    done = dict(asked.filter(_answered(month)).values_list("part").annotate(n=Count("person")))
    codes = {part: part.ljust(12, "0") for part in totals}
    names = names_of(codes.values())
    return [
        Place(code, names.get(code, code), level_of(code), done.get(part, 0), totals[part])
        for part, code in codes.items()
    ]


def _answered(month: date) -> Q:
    answers = WorkAnswer.objects.filter(month=month, superseded_at__isnull=True)
    return Q(person__in=answers.values("person"))


def in_village(rows: QuerySet[Standing], month: date, village: str, *, state: str = "") -> QuerySet[Standing]:
    """Who is asked in one place itself, by household; `state` answered, open, or "" for all.

    Each row has `house`, the key of the household or 0, for paging by household.
    """
    asked = asked_in(rows, month).filter(division=village)
    if state == ANSWERED:
        asked = asked.filter(_answered(month))
    if state == OPEN:
        asked = asked.exclude(_answered(month))
    return asked.select_related("person", "household").annotate(house=Coalesce("household_id", Value(0)))


def last_jobs(persons: Sequence[int], before: date) -> dict[int, Job]:
    """The job of each person that began before the day and ended last, or runs; none for those without one."""
    jobs = Job.objects.known().filter(person__in=persons, valid_from__lt=before)
    found: dict[int, Job] = {}
    for job in sorted(jobs, key=lambda job: (job.valid_to or date.max, job.valid_from)):
        found[job.person_id] = job
    return found
