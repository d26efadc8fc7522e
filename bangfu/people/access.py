"""The only door through which pages get people."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import User
from bangfu.core.keys import read_key
from bangfu.people.models import Correction, Difference, Duplicate, Household, Job, Merge, Person, Standing
from bangfu.people.queries import is_whole_number, search_standings


def visible_standings(user: Viewer) -> QuerySet[Standing]:
    """Where the persons inside the user's duties of today stand; none without a duty."""
    return Standing.objects.filter(inside(user))


def get_person(user: Viewer, key: int) -> Person:
    """The person with that key. Raises Http404 where there is none inside the user's duties."""
    scope = inside(user, "standing__division", person="pk")
    try:
        return Person.objects.select_related("standing__household").filter(scope).get(pk=key)
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def get_persons(user: Viewer, keys: Iterable[str]) -> list[Person]:
    """The persons with these keys, in their order on lists. Raises Http404 where one is no key or lies outside."""
    scope = inside(user, "standing__division")
    return _named(Person.objects.filter(scope).order_by("standing__division", "pk"), keys)


def find_outside(user: Viewer, text: str) -> Standing | None:
    """Who has that whole ID number or telephone and lives outside the user's duties, where exactly one does.

    The page may tell no more of the person than the county, until a special access is granted.
    """
    scope = inside(user)
    if not isinstance(user, User) or not user.ranges() or not is_whole_number(text):
        return None
    found = search_standings(Standing.objects.exclude(scope), text)
    return found[0] if len(found) == 1 else None


def outside_standing(user: Viewer, key: int | None) -> Standing | None:
    """The person that `find_outside` found for the user, None where there is none (any more)."""
    if key is None or not isinstance(user, User) or not user.ranges():
        return None
    return Standing.objects.exclude(inside(user)).filter(person=key).first()


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
    """Pairs of which the user may see both rows; of one that was merged, the row that stays."""
    seen = visible_standings(user).values("person")
    both = Q(first__in=seen, second__in=seen)
    merged = Q(first__merged_into__in=seen) | Q(second__merged_into__in=seen)
    rows = Duplicate.objects.filter(both | merged)
    return rows.select_related("first", "second", "decided_by")


def get_duplicate(user: Viewer, key: int) -> Duplicate:
    """The pair with that key. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_duplicates(user), pk=key)


def get_merge(user: Viewer, key: int) -> Merge:
    """The merge with that key. Raises Http404 where the row that stays lies outside the user's duties."""
    return get_object_or_404(Merge.objects.filter(kept__in=visible_standings(user).values("person")), pk=key)


def _named(rows: QuerySet[Any], keys: Iterable[str]) -> list[Any]:
    wanted = {read_key(key) for key in keys}
    if None in wanted:
        raise Http404
    found = list(rows.filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Http404
    return found


def visible_jobs(user: Viewer, keys: Iterable[int]) -> QuerySet[Job]:
    """The versions of jobs with these keys, believed or not, of persons inside the user's duties of today."""
    rows = Job.objects.filter(inside(user, "person__standing__division"), pk__in=list(keys))
    return rows.select_related("person", "person__standing")
