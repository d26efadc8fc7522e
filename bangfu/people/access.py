"""The only door through which pages get people."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.people.models import Correction, Difference, Duplicate, Household, Merge, Person, Standing

MOST_DIGITS = 20


def visible_standings(user: Viewer) -> QuerySet[Standing]:
    """Where the persons inside the user's duties of today stand; none without a duty."""
    return Standing.objects.filter(inside(user))


def get_person(user: Viewer, key: int) -> Person:
    """The person with that key. Raises Http404 where there is none inside the user's duties."""
    scope = inside(user, "standing__division")
    try:
        return Person.objects.select_related("standing__household").filter(scope).get(pk=key)
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def get_persons(user: Viewer, keys: Iterable[str]) -> list[Person]:
    """The persons with these keys, in their order on lists. Raises Http404 where one is no key or lies outside."""
    scope = inside(user, "standing__division")
    return _named(Person.objects.filter(scope).order_by("standing__division", "pk"), keys)


def get_household(user: Viewer, key: int) -> Household:
    """The household with that key. Raises Http404 where none of its members lies inside the user's duties."""
    scope = inside(user, "standings__division")
    return get_object_or_404(Household.objects.filter(scope).distinct(), pk=key)


def visible_differences(user: Viewer) -> QuerySet[Difference]:
    """The differences about persons inside the user's duties of today."""
    return Difference.objects.filter(inside(user, "person__standing__division"))


def get_differences(user: Viewer, keys: Iterable[str]) -> list[Difference]:
    """The differences with these keys. Raises Http404 where one is no key or lies outside the user's duties."""
    return _named(visible_differences(user), keys)


def visible_corrections(user: Viewer) -> QuerySet[Correction]:
    """What persons inside the user's duties of today asked of their files."""
    return Correction.objects.filter(inside(user, "person__standing__division"))


def get_correction(user: Viewer, key: int) -> Correction:
    """The request with that key. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_corrections(user).select_related("person", "answered_by"), pk=key)


def visible_duplicates(user: Viewer) -> QuerySet[Duplicate]:
    """Pairs of which the user may see both rows; of one that was merged, the row that stays. `turn` rises from the
    likeliest to the least likely."""
    seen = visible_standings(user).values("person")
    both = Q(first__in=seen, second__in=seen)
    merged = Q(first__merged_into__in=seen) | Q(second__merged_into__in=seen)
    rows = Duplicate.objects.filter(both | merged)
    return rows.select_related("first", "second", "decided_by").annotate(turn=F("likelihood") * -1)


def get_duplicate(user: Viewer, key: int) -> Duplicate:
    """The pair with that key. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_duplicates(user), pk=key)


def get_merge(user: Viewer, key: int) -> Merge:
    """The merge with that key. Raises Http404 where the row that stays lies outside the user's duties."""
    return get_object_or_404(Merge.objects.filter(kept__in=visible_standings(user).values("person")), pk=key)


def _named(rows: QuerySet[Any], keys: Iterable[str]) -> list[Any]:
    wanted = set(keys)
    if not all(key.isdecimal() and len(key) < MOST_DIGITS for key in wanted):
        raise Http404
    found = list(rows.filter(pk__in=[int(key) for key in wanted]))
    if len(found) != len(wanted):
        raise Http404
    return found
