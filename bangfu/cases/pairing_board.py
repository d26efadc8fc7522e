"""The pairing board: which monitored households have a helper, whom nobody visits, and how much each helper has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import Duty, User
from bangfu.accounts.roles import OFFICERS
from bangfu.cases.visit_models import Visit
from bangfu.cases.visiting import visits_rule
from bangfu.core.visiting import due_on
from bangfu.people.choices import MONITORED
from bangfu.people.models import Membership, Pairing, Standing

HEAD = "户主"
ORPHANED, LATE, PAIRED = "orphaned", "late", "paired"
STATES = (ORPHANED, LATE, PAIRED)


@dataclass(frozen=True)
class Home:
    """A monitored household: its place, its lead helper (key; None where nobody is, or nobody who still has a duty),
    the day of the last visit and the last day in time of the next one, None without a helper."""

    household: int
    division: str
    helper: int | None
    visited_on: date | None
    due_on: date | None

    def state_on(self, day: date) -> str:
        """orphaned, late (a visit is past due) or paired."""
        if self.helper is None or self.due_on is None:
            return ORPHANED
        return LATE if self.due_on < day else PAIRED


@dataclass
class Sum:
    """Households of a place, or of a helper, by state."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def coverage(self) -> float | None:
        """The share with a helper in percent, None of none."""
        return round(100 * (self.total - self.counts[ORPHANED]) / self.total, 1) if self.total else None


def monitored_in(user: Viewer) -> QuerySet[Standing]:
    """The members of monitored households inside the user's duties."""
    return Standing.objects.filter(inside(user), category__in=MONITORED, household__isnull=False)


def homes_of(members: QuerySet[Standing], today: date) -> list[Home]:
    """The households of these members, by key; a fixed number of queries."""
    places: dict[int, str] = {}
    for household, division in members.values_list("household_id", "division").order_by("household_id", "person_id"):
        places.setdefault(household, division)
    paired = _leads(members, today)
    visits = _last_visits(members)
    months = visits_rule().monitored_months
    homes = []
    for household, division in places.items():
        lead = paired.get(household)
        visited = visits.get(household)
        due = due_on(lead[1], visited, months) if lead else None
        homes.append(Home(household, division, lead[0] if lead else None, visited, due))
    return homes


def _leads(members: QuerySet[Standing], today: date) -> dict[int, tuple[int, date]]:
    """The lead helper of each household and since when: that of its head, else of the member with the lowest key.
    Helpers without an officer's duty today are none."""
    on_duty = set(Duty.objects.in_force(today).filter(role__in=OFFICERS).values_list("user_id", flat=True))
    facts = Pairing.objects.open().filter(person__in=members.values("person"))
    pairs = {row.person_id: row for row in facts if row.helper_id in on_duty}
    rows = Membership.objects.open().filter(person__in=members.values("person"), household__isnull=False)
    first: dict[int, tuple[bool, int]] = {}
    for person, household, relation in rows.values_list("person_id", "household_id", "relation"):
        if person not in pairs:
            continue
        place = (relation != HEAD, person)
        first[household] = min(first.get(household, place), place)
    return {household: (pairs[person].helper_id, pairs[person].valid_from) for household, (_, person) in first.items()}


def _last_visits(members: QuerySet[Standing]) -> dict[int, date]:
    rows = (
        Visit.objects.filter(household__in=members.values("household"))
        .values("household")
        .annotate(last=Max("visited_on"))
    )
    return {row["household"]: row["last"] for row in rows}


def late_visits(user: User, today: date) -> int:
    """How many of the user's own monitored households were not visited in time."""
    mine = Pairing.objects.open().filter(helper=user)
    if not mine.exists():
        return 0
    homes = homes_of(monitored_in(user).filter(person__in=mine.values("person")), today)
    return sum(home.state_on(today) == LATE for home in homes)


def heads_of(members: QuerySet[Standing], households: Sequence[int]) -> dict[int, str]:
    """The name of the head of each of these households, else of the member with the lowest key, as far as they are
    among these members; one query."""
    rows = Membership.objects.open().filter(household__in=households, person__in=members.values("person"))
    found: dict[int, tuple[bool, int, str]] = {}
    for row in rows.select_related("person"):
        place = (row.relation != HEAD, row.person_id, row.person.name)
        found[row.household_id] = min(found.get(row.household_id, place), place)
    return {household: name for household, (_, _, name) in found.items()}


def sums_by_place(homes: Iterable[Home], digits: int, today: date) -> Mapping[str, Sum]:
    """The sums of places by the first so many digits of their code."""
    sums: dict[str, Sum] = defaultdict(Sum)
    for home in homes:
        sums[home.division[:digits]].counts[home.state_on(today)] += 1
    return sums


def sums_by_helper(homes: Iterable[Home], today: date) -> Sequence[tuple[int, Sum]]:
    """The sums of helpers (by key), the most households first."""
    sums: dict[int, Sum] = defaultdict(Sum)
    for home in homes:
        if home.helper is not None:
            sums[home.helper].counts[home.state_on(today)] += 1
    return sorted(sums.items(), key=lambda pair: (-pair[1].total, pair[0]))
