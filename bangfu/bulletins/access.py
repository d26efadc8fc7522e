"""The only door through which pages get the rows behind a figure: what of a snapshot the reader may see."""

from collections.abc import Sequence

from django.db.models import QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.models import Leg
from bangfu.people.access import visible_standings
from bangfu.people.models import Standing


def standings_behind(user: Viewer, persons: Sequence[int]) -> list[Standing]:
    """Those of the persons (by key) who are inside the user's duties now, by rising key."""
    rows = visible_standings(user).filter(person__in=persons).select_related("person", "household")
    return list(rows.order_by("person_id"))


def members_behind(user: Viewer, households: Sequence[int]) -> list[Standing]:
    """The members, inside the user's duties now, of those households (by key), by household."""
    rows = visible_standings(user).filter(household__in=households).select_related("person", "household")
    return list(rows.order_by("household_id", "person__born_on"))


def legs_behind(user: Viewer, legs: Sequence[int]) -> QuerySet[Leg]:
    """Those of the legs (by key) whose case is inside the user's duties now, by rising key."""
    rows = Leg.objects.filter(inside(user, "case__division"), pk__in=legs)
    return rows.select_related("case__person").order_by("pk")
