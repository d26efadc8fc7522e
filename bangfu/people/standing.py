"""Where a person stands, computed from facts: the projection `Standing` and its recomputation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from bangfu.people.bulk import insert_rows
from bangfu.people.choices import ABLE, WorkStatus
from bangfu.people.models import Category, Condition, Intent, Job, Joblessness, Membership, Standing

_CHUNK = 2000
FIELDS = ("division", "household_id", "category", "work_status", "able", "will_work", "will_train")


def compute_standings(persons: Sequence[int], on: date) -> dict[int, dict[str, Any]]:
    """What the facts say of each person (by key) on the day, by the names of FIELDS. No membership: no entry."""
    memberships = Membership.objects.true_on(on).filter(person__in=persons)
    categories = dict(Category.objects.true_on(on).filter(person__in=persons).values_list("person_id", "kind"))
    capacities = dict(
        Condition.objects.true_on(on).filter(person__in=persons).values_list("person_id", "labour_capacity")
    )
    wishes = Intent.objects.true_on(on).filter(person__in=persons)
    intents = {person: row for person, *row in wishes.values_list("person_id", "will_work", "will_train")}
    statuses = work_statuses(persons, on)
    standings: dict[int, dict[str, Any]] = {}
    for person, division, household in memberships.values_list("person_id", "division", "household_id"):
        capacity, (will_work, will_train) = capacities.get(person, ""), intents.get(person, (None, None))
        standings[person] = {
            "division": division,
            "household_id": household,
            "category": categories.get(person, ""),
            "work_status": statuses[person],
            "able": None if not capacity else capacity in ABLE,
            "will_work": will_work,
            "will_train": will_train,
        }
    return standings


def work_statuses(persons: Sequence[int], on: date) -> dict[int, str]:
    """At work with a job open on the day; jobless by a statement or an ended job; else unknown."""
    statuses = dict.fromkeys(persons, WorkStatus.UNKNOWN.value)
    began = Job.objects.known().filter(person__in=persons, valid_from__lte=on)
    for person in Joblessness.objects.true_on(on).filter(person__in=persons).values_list("person_id", flat=True):
        statuses[person] = WorkStatus.JOBLESS.value
    ends: dict[int, list[date | None]] = {}
    for person, end in began.values_list("person_id", "valid_to"):
        ends.setdefault(person, []).append(end)
    for person, days in ends.items():
        at_work = any(end is None or end > on for end in days)
        statuses[person] = WorkStatus.AT_WORK.value if at_work else WorkStatus.JOBLESS.value
    return statuses


def refresh_standings(persons: Iterable[int], on: date) -> int:
    """Write what changed of the projection for these persons; returns how many rows differed."""
    changed = 0
    for keys in _chunks(persons):
        stored = {row[0]: row[1:] for row in Standing.objects.filter(person__in=keys).values_list("person_id", *FIELDS)}
        news = {
            person: values
            for person, values in compute_standings(keys, on).items()
            if stored.get(person) != tuple(values.values())
        }
        insert_rows(Standing, [{"person_id": key, **values} for key, values in news.items() if key not in stored])
        changes = [Standing(person_id=key, **values) for key, values in news.items() if key in stored]
        save_standings(changes, FIELDS)
        changed += len(news)
    return changed


def place_new(standings: Mapping[int, Mapping[str, Any]]) -> None:
    """Add the rows of persons who were registered just now, by the names of FIELDS: nothing of them is looked up."""
    insert_rows(Standing, [{"person_id": key, **values} for key, values in standings.items()])


def save_standings(rows: Sequence[Standing], fields: Sequence[str]) -> None:
    """Write `fields` of rows of the projection that are there.

    An upsert: updating by CASE cost most of the time of a bulk deed on SQLite.
    """
    Standing.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["person"], update_fields=fields
    )


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
