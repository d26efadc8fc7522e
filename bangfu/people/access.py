"""The only door through which pages get people."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.people.models import Household, Person, Standing


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


def get_household(user: Viewer, key: int) -> Household:
    """The household with that key. Raises Http404 where none of its members lies inside the user's duties."""
    scope = inside(user, "standings__division")
    return get_object_or_404(Household.objects.filter(scope).distinct(), pk=key)
