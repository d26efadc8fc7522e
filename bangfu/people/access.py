"""The only door through which pages get people."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import User
from bangfu.people.models import Household, Person, Standing
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
