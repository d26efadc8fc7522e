"""Zero-employment families as their list shows them, on the page and in a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.access import inside
from bangfu.accounts.models import User
from bangfu.cases.access import visible_cases
from bangfu.cases.words import spoken
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, level_of, prefix_of
from bangfu.monitoring.access import visible_families
from bangfu.monitoring.models import ZeroFamily
from bangfu.monitoring.rules import rulebook
from bangfu.people.area import Area, read_area
from bangfu.people.households import HEAD
from bangfu.people.models import Membership

ORDER = ("due_on", "id")
SOON_DAYS = 30  # design choice: a third of the quarter is left
WAITING, SOON, OVERDUE, ON_TIME, LATE, ALL = "waiting", "soon", "overdue", "on_time", "late", "all"
_COLUMNS = (ALL, ON_TIME, LATE, WAITING, SOON, OVERDUE)
STATES: Mapping[str, Promise] = {
    WAITING: _("Not yet cleared"), SOON: _("Due within 30 days"), OVERDUE: _("Overdue, not cleared"),
    ON_TIME: _("Cleared in time"), LATE: _("Cleared late"), ALL: _("All recognised"),
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Which families are wanted: of a place, in a state."""

    area: Area
    state: str

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as parameters of an address."""
        return {**self.area.parameters, **({"state": self.state} if self.state != WAITING else {})}


def read_choice(user: User, given: Mapping[str, str]) -> Choice:
    """The choice that parameters name; an unknown state counts as not chosen. Raises Http404 for a foreign place."""
    state = given.get("state", "")
    return Choice(read_area(user, given), state if state in STATES else WAITING)


def in_state(state: str, on: date) -> Q:
    """The families in that state on the day."""
    waiting = Q(cleared_on__isnull=True)
    return {
        WAITING: waiting,
        SOON: waiting & Q(due_on__gte=on, due_on__lte=on + timedelta(days=SOON_DAYS)),
        OVERDUE: waiting & Q(due_on__lt=on),
        ON_TIME: Q(cleared_on__lte=F("due_on")),
        LATE: Q(cleared_on__gt=F("due_on")),
        ALL: Q(),
    }[state]


def chosen_families(user: User, choice: Choice, on: date) -> QuerySet[ZeroFamily]:
    """The families that the list shows, with their households."""
    rows = choice.area.narrow(visible_families(user)).filter(in_state(choice.state, on))
    return rows.select_related("household")


@dataclass(frozen=True)
class Counts:
    """Families of a place by state, in the order of the columns."""

    all: int
    on_time: int
    late: int
    waiting: int
    soon: int
    overdue: int

    @property
    def cells(self) -> list[tuple[str, int]]:
        """(state, number) for each column."""
        return [(state, getattr(self, state)) for state in _COLUMNS]


def _counted(on: date) -> dict[str, Count]:
    return {f"n_{state}": Count("pk", filter=in_state(state, on)) for state in _COLUMNS}


def counts_of(rows: QuerySet[ZeroFamily], on: date) -> Counts:
    """How many of these families are in each state on the day; one query."""
    return Counts(*rows.aggregate(**_counted(on)).values())


@dataclass(frozen=True)
class PlaceLine:
    """A place right below the one chosen; `parameter` and `code` narrow the list to it, `cells` are (state, number,
    the query of its families)."""

    parameter: str
    code: str
    name: str
    counts: Counts
    cells: Sequence[tuple[str, int, str]]


def by_place(rows: QuerySet[ZeroFamily], area: Area, on: date) -> list[PlaceLine]:
    """The places right below the one chosen that ever had such a family, those with overdue ones first; [] in a
    village. One query."""
    level = next((level for level in area.levels if not level.chosen), None)
    if level is None or not level.options:
        return []
    digits = len(prefix_of(level.options[0][0]))
    grouped = rows.annotate(place=Substr("division", 1, digits)).values_list("place").annotate(**_counted(on))
    counts = {place: Counts(*numbers) for place, *numbers in grouped.order_by("place")}
    lines = []
    for code, name in level.options:
        if code[:digits] in counts:
            there, query = counts[code[:digits]], {**area.parameters, level.parameter: code}
            cells = [(state, number, urlencode({**query, "state": state})) for state, number in there.cells]
            lines.append(PlaceLine(level.parameter, code, name, there, cells))
    return sorted(lines, key=lambda line: (-line.counts.overdue, -line.counts.waiting, line.code))


@dataclass(frozen=True)
class FamilyLine:
    """A family in the reader's words: `head` is its head's name, "" where that lies outside the reader's duties;
    `case` the key of a member's open case, None where there is none to open."""

    family: ZeroFamily
    place: str
    head: str
    state: str
    colour: str
    way: str
    case: int | None


def family_lines(user: User, families: Sequence[ZeroFamily], on: date) -> list[FamilyLine]:
    """The families with what the list shows beside them; three queries."""
    above = COUNTY if level_of(user.division) >= COUNTY else PREFECTURE
    places = full_names_of([row.division for row in families], above=above)
    heads, members = _members(user, [row.household_id for row in families])
    cases = dict(
        visible_cases(user).filter(person__in=list(members), closed_at__isnull=True).values_list("person_id", "id")
    )
    found: dict[int, int] = {}
    for person in sorted(cases):
        found.setdefault(members[person], cases[person])
    ways = way_names()
    return [
        FamilyLine(
            row, places.get(row.division, ""), heads.get(row.household_id, ""), *state_words(row, on),
            ways.get(row.way, row.way), found.get(row.household_id),
        )
        for row in families
    ]  # fmt: skip


def _members(user: User, households: Iterable[int]) -> tuple[dict[int, str], dict[int, int]]:
    """The names of heads by household, and the household of each member, as far as the user may see them."""
    rows = Membership.objects.open().filter(inside(user), household__in=list(households))
    heads: dict[int, str] = {}
    members: dict[int, int] = {}
    listed = rows.order_by("person_id").values_list("household_id", "person_id", "person__name", "relation")
    for household, person, name, relation in listed:
        members[person] = household
        if household not in heads or relation == HEAD:
            heads[household] = name
    return heads, members


def state_words(row: ZeroFamily, on: date) -> tuple[str, str]:
    """The state of a family on the day, and its colour."""
    if row.cleared_on is not None:
        state, colour = (ON_TIME, "st-green") if row.cleared_on <= row.due_on else (LATE, "st-amber")
    elif row.due_on < on:
        state, colour = OVERDUE, "st-red"
    else:
        state, colour = (SOON, "st-amber") if row.due_on <= on + timedelta(days=SOON_DAYS) else (WAITING, "st-line")
    return str(STATES[state]), colour


def way_names() -> dict[str, str]:
    """The ways out in words."""
    return {
        **{rule.code: spoken(rule.name) for rule in rulebook().clearing()},
        ZeroFamily.DISSOLVED: str(_("No member is registered any more")),
        "": "",
    }
