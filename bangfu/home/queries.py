"""Reads that join rooms: places by name, who may take a case, the sum of a user's people."""

from dataclasses import dataclass

from django.db.models import Count, Q

from bangfu.accounts.models import User
from bangfu.divisions.models import Division
from bangfu.divisions.queries import within
from bangfu.divisions.ranges import TOWN
from bangfu.people.access import visible_standings
from bangfu.people.choices import WorkStatus

_PLACES_LIMIT = 12


@dataclass(frozen=True)
class Sum:
    """People inside the user's duties by work status; the first three add up to the fourth.

    `jobless_in_case` are those of the jobless who have an open case.
    """

    at_work: int
    jobless: int
    unknown: int
    all: int
    jobless_in_case: int


def sum_of_people(user: User) -> Sum:
    """The sum as the register stands now."""
    return Sum(
        **visible_standings(user).aggregate(
            at_work=Count("person", filter=Q(work_status=WorkStatus.AT_WORK)),
            jobless=Count("person", filter=Q(work_status=WorkStatus.JOBLESS)),
            unknown=Count("person", filter=Q(work_status=WorkStatus.UNKNOWN)),
            all=Count("person"),
            jobless_in_case=Count("person", filter=Q(work_status=WorkStatus.JOBLESS, due_at__isnull=False)),
        )
    )


def places_named(user: User, text: str) -> list[Division]:
    """Towns and villages inside the user's duties whose name begins with the text; at most 12."""
    words = "".join(text.split())
    if not words:
        return []
    rows = Division.objects.filter(
        within(user.ranges(), "code"), level__gte=TOWN, name__startswith=words, valid_to__isnull=True
    )
    return list(rows.order_by("code")[:_PLACES_LIMIT])
