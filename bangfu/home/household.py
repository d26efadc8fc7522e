"""The page of a household, and its members as other pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.accounts.access import visible_fields
from bangfu.accounts.models import User
from bangfu.accounts.roles import Field
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.monitoring.family_lines import state_words, way_names
from bangfu.monitoring.queries import families_of, signals_of
from bangfu.people import queries
from bangfu.people.access import get_household, visible_standings
from bangfu.people.choices import MONITORED, WorkStatus
from bangfu.people.models import Condition, Income, Job, Membership, Standing
from bangfu.people.words import leg_names

ZERO_EMPLOYMENT = "zero_employment_family"


@dataclass(frozen=True)
class Member:
    """A member inside the user's duties."""

    membership: Membership
    standing: Standing
    condition: Condition | None
    job: Job | None
    leg: str


@dataclass(frozen=True)
class Members:
    """The members of a household on today; those who live outside the user's duties are only counted."""

    rows: Sequence[Member]
    outside: int
    at_work: int
    without_work: bool

    @property
    def total(self) -> int:
        """All members."""
        return len(self.rows) + self.outside


def members_for(user: User, household: int) -> Members:
    """The members of a household, the head first, with what the register knows of them."""
    memberships = queries.members_of(household, timezone.localdate())
    keys = [row.person_id for row in memberships]
    seen = set(visible_standings(user).filter(person__in=keys).values_list("person_id", flat=True))
    shown = [row for row in memberships if row.person_id in seen]
    conditions = queries.conditions_of(list(seen))
    jobs, legs = queries.open_jobs(list(seen), timezone.localdate()), leg_names()
    rows = [
        Member(
            row, row.person.standing, conditions.get(row.person_id), jobs.get(row.person_id),
            legs.get(row.person.standing.leg, ""),
        )
        for row in shown
    ]  # fmt: skip
    signals = [row for row in signals_of(keys) if row.code == ZERO_EMPLOYMENT and row.closed_on is None]
    at_work = sum(1 for row in rows if row.standing.work_status == WorkStatus.AT_WORK)
    return Members(rows, len(memberships) - len(shown), at_work, bool(signals))


@require_GET
def household(request: HttpRequest, key: int) -> HttpResponse:
    """One household: its members, category, income, and whether nobody of it is at work."""
    user: Any = request.user
    home = get_household(user, key)
    members = members_for(user, home.pk)
    incomes = queries.incomes_of([row.standing.person_id for row in members.rows])
    sees_income = Field.INCOME in visible_fields(user)
    kinds = [row.standing for row in members.rows if row.standing.category]
    context = {
        "household": home, "members": members, "income": _latest(list(incomes.values())) if sees_income else None,
        "village": full_names_of([home.division], above=COUNTY).get(home.division, ""),
        "standing": next((row for row in kinds if row.category in MONITORED), kinds[0] if kinds else None),
    }  # fmt: skip
    today, ways = timezone.localdate(), way_names()
    spells = [(row, *state_words(row, today), ways.get(row.way, row.way)) for row in families_of(home.pk)]
    return render(request, "home/household.html", {**context, "spells": spells})


def _latest(incomes: Sequence[Income]) -> Income | None:
    return max(incomes, key=lambda row: (row.valid_from, row.recorded_at), default=None)
