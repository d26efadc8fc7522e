"""Households as a list of them states: where each lives, its head, its category; members go with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.people.actions import households_for, record_categories
from bangfu.people.models import Household, Membership
from bangfu.people.recorded import Recorded
from bangfu.people.recording import record_states
from bangfu.people.watchers import persons_changed

HEAD, OTHER = "户主", "其他"
"""Relations to the head as the ledgers write them; a head who is one no more is some other member (GB/T 4761)."""


@transaction.atomic
def record_households(rows: Sequence[Mapping[str, Any]], how: Recorded) -> None:
    """Record checked rows of a list of households.

    A row has `person` (key of the head), `household_no`, `division`, and `category`, `risk`, `identified_on`, where
    None says nothing. A household that is new is added; one that moved takes its members along; the head joins it.
    """
    keys = households_for(rows)
    stated = {keys[row["household_no"]]: row for row in rows}
    opened = Membership.objects.open().filter(household__in=list(stated))
    members: dict[int, tuple[int, str]] = {row.person_id: (row.household_id, row.relation) for row in opened}
    states: dict[int, dict[str, Any]] = {
        person: {
            "household_id": household, "division": stated[household]["division"],
            "relation": OTHER if relation == HEAD else None,
        }
        for person, (household, relation) in members.items()
    }  # fmt: skip
    for household, row in stated.items():
        states[row["person"]] = {"household_id": household, "division": row["division"], "relation": HEAD}
    record_states(Membership, states, how)
    whose = {person: stated[state["household_id"]] for person, state in states.items()}
    record_categories(whose, how, precision="identified_on_precision")
    place_households(stated)
    persons_changed(states, how)
    record("people.households_recorded", by=how.by, at=how.at, count=len(stated), persons=states,
           facts={"batch": how.batch})  # fmt: skip


def place_households(households: Iterable[int]) -> None:
    """Each of these households (by key) lies where its head is registered, else the member with the lowest key."""
    found: dict[int, tuple[bool, int, str]] = {}
    for row in Membership.objects.open().filter(household__in=list(households)):
        place = (row.relation != HEAD, row.person_id, row.division)
        found[row.household_id] = min(found.get(row.household_id, place), place)
    for household in Household.objects.filter(pk__in=list(found)):
        division = found[household.pk][2]
        if household.division != division:
            household.division = division
            household.save(update_fields=["division"])
