"""Full lists: who stands on none of its rows becomes a finding, never a deletion."""

from collections.abc import Iterable

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.parts import in_parts
from bangfu.divisions.ranges import code_range
from bangfu.people.bulk import insert_rows
from bangfu.people.models import ListEntry, Standing, Unlisted
from bangfu.people.recorded import Recorded
from bangfu.people.recording import close_states, record_states

_TOWN_DIGITS = 9
_CHUNK = 5000


def note_listed(persons: Iterable[int], batch: int) -> None:
    """Keep who stood on a part of a full list until the whole of it is in; part of the deed that registers them."""
    insert_rows(ListEntry, [{"batch": batch, "person_id": person} for person in persons])


@transaction.atomic
def close_full_list(batch: int, list_name: str, how: Recorded) -> int:
    """Compare the full list of a batch with the register, town by town; returns how many are missing from it.

    Of each town that the list speaks of, everybody with a category of the programme is expected. Who is missing
    gets the fact `Unlisted` from the day of the list; who stands on it again has it ended. Safe to run twice.
    """
    listed = set(ListEntry.objects.filter(batch=batch).values_list("person_id", flat=True))
    if not listed:
        return 0
    towns = {division[:_TOWN_DIGITS] for division in _divisions(listed)}
    missing: set[int] = set()
    for town in sorted(towns):
        low, high = code_range(town.ljust(12, "0"))
        rows = Standing.objects.filter(division__gte=low, division__lt=high).exclude(category="")
        missing |= set(rows.values_list("person_id", flat=True)) - listed
    record_states(Unlisted, {person: {"list_name": list_name} for person in sorted(missing - _unlisted())}, how)
    close_states(Unlisted, dict.fromkeys(listed & _unlisted(), how.on), how)
    ListEntry.objects.filter(batch=batch).delete()
    facts = {"batch": batch, "towns": len(towns), "listed": len(listed)}
    record("people.full_list_compared", by=how.by, at=how.at, count=len(missing), facts=facts)
    return len(missing)


def drop_entries(batch: int) -> None:
    """Forget who stood on a list whose import was taken back half-way."""
    ListEntry.objects.filter(batch=batch).delete()


def _divisions(persons: set[int]) -> set[str]:
    keys, found = sorted(persons), set[str]()
    for part in in_parts(keys, _CHUNK):
        rows = Standing.objects.filter(person__in=part)
        found |= set(rows.values_list("division", flat=True).distinct())
    return found


def _unlisted() -> set[int]:
    return set(Unlisted.objects.open().values_list("person_id", flat=True))
