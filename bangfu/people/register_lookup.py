"""What a ledger's check asks of the register, answered in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from bangfu.core.parts import in_parts
from bangfu.people.bulk import select_in
from bangfu.people.checking.register import Known
from bangfu.people.facts_base import Fact
from bangfu.people.identity import id_indexes, keys_by_index, phone_number
from bangfu.people.models import (
    Category,
    Condition,
    Contact,
    Income,
    Intent,
    Job,
    Joblessness,
    Membership,
    Person,
    Standing,
)

_CHUNK = 5000


class RegisterLookup:
    """Persons and jobs of the register by ID number (the protocols of people.checking.register)."""

    def keys_of(self, id_numbers: Sequence[str]) -> dict[str, tuple[int, str]]:
        """(person key, name) of each ID number that is on the register; a withdrawn person is not. A number whose row
        was found to be another person's gives that person."""
        found: dict[str, tuple[int, str]] = {}
        for part in in_parts(id_numbers, _CHUNK):
            by_index = dict(zip(id_indexes(part), part, strict=True))
            wanted = ("id_index", "id", "name", "merged_into_id")
            there = "(withdrawn_at IS NULL OR merged_into_id IS NOT NULL)"
            led = []
            for index, key, name, other in select_in(Person, wanted, "id_index", list(by_index), there):
                found[by_index[index]] = (key, name)
                if other is not None:
                    led.append(index)
            for index, key in keys_by_index(led).items() if led else ():
                stays = Person.objects.filter(pk=key, withdrawn_at__isnull=True).values_list("name", flat=True).first()
                if stays is None:
                    del found[by_index[index]]
                else:
                    found[by_index[index]] = (key, stays)
        return found

    def names(self, id_numbers: Sequence[str]) -> dict[str, str]:
        """The names of those of the ID numbers that are on the register."""
        return {number: name for number, (_, name) in self.keys_of(id_numbers).items()}

    def divisions(self, id_numbers: Sequence[str]) -> dict[str, str]:
        """Where those of the ID numbers that are on the register stand today."""
        keys = {key: number for number, (key, _) in self.keys_of(id_numbers).items()}
        found: dict[str, str] = {}
        wanted = list(keys)
        for part in in_parts(wanted, _CHUNK):
            rows = Standing.objects.filter(person__in=part)
            found |= {keys[key]: division for key, division in rows.values_list("person_id", "division")}
        return found

    def persons(self, id_numbers: Sequence[str]) -> dict[str, Known]:
        """What the register believes of each person, in the columns of a roster."""
        keys = self.keys_of(id_numbers)
        values = {key: _roster_values(group) for key, group in _by_person(keys.values(), _ROSTER_GROUPS).items()}
        return {
            number: Known(name, values[key][0], values[key][1]) for number, (key, name) in keys.items() if key in values
        }

    def jobs(self, id_numbers: Sequence[str]) -> dict[tuple[str, date | None], Known]:
        """What the register believes of each person's jobs, and of being without one."""
        keys = self.keys_of(id_numbers)
        numbers = {key: (number, name) for number, (key, name) in keys.items()}
        wishes = {row.person_id: _wishes(row) for row in _open(Intent, numbers)}
        found: dict[tuple[str, date | None], Known] = {}
        for job in _known_jobs(numbers):
            number, name = numbers[job.person_id]
            values = {**wishes.get(job.person_id, {}), **_job_values(job)}
            found[number, job.valid_from] = Known(name, localdate(job.recorded_at), values)
        for row in _open(Joblessness, numbers):
            number, name = numbers[row.person_id]
            reason = None if row.reason == "-" else row.reason
            values = {**wishes.get(row.person_id, {}), "working": False, "reason": reason}
            found[number, None] = Known(name, localdate(row.recorded_at), values)
        return found


class FullListLookup(RegisterLookup):
    """For a full list: names are compared with the register, values are not, for every row says that somebody stands
    on the list, also one that says nothing new."""

    def persons(self, id_numbers: Sequence[str]) -> dict[str, Known]:
        """The name of each person on the register, beside values that no row repeats."""
        return {
            number: Known(name, date.min, {"division": None}) for number, (_, name) in self.keys_of(id_numbers).items()
        }


_ROSTER_GROUPS = (Membership, Category, Condition, Intent, Contact, Income)


def _open(model: type[Fact], persons: Iterable[int]) -> Iterable[Any]:
    keys = list(persons)
    for part in in_parts(keys, _CHUNK):
        rows = model.objects.open().filter(person__in=part)
        yield from rows.select_related("household") if model is Membership else rows


def _known_jobs(persons: Iterable[int]) -> Iterable[Job]:
    keys = list(persons)
    for part in in_parts(keys, _CHUNK):
        yield from Job.objects.known().filter(person__in=part)


def _by_person(persons: Iterable[tuple[int, str]], groups: Sequence[type[Fact]]) -> dict[int, dict[type[Fact], Any]]:
    keys = [key for key, _ in persons]
    found: dict[int, dict[type[Fact], Any]] = {}
    for model in groups:
        for row in _open(model, keys):
            found.setdefault(row.person_id, {})[model] = row
    return found


def _roster_values(group: Mapping[type[Fact], Any]) -> tuple[date, dict[str, Any]]:
    taken: datetime = max(row.recorded_at for row in group.values())
    membership, category = group.get(Membership), group.get(Category)
    condition, contact, income = group.get(Condition), group.get(Contact), group.get(Income)
    household = membership.household if membership else None
    values = {
        "division": membership.division if membership else None,
        "household_no": household.number if household else None,
        "relation": membership.relation or None if membership else None,
        "education": condition.education or None if condition else None,
        "health": condition.health or None if condition else None,
        "labour_capacity": condition.labour_capacity or None if condition else None,
        "category": category.kind if category else None,
        "risk": category.risk or None if category else None,
        "phone": phone_number(contact) if contact else None,
        "income_per_head": income.per_head_amount if income else None,
        **_wishes(group.get(Intent)),
    }
    return localdate(taken), values


def _wishes(intent: Intent | None) -> dict[str, Any]:
    if intent is None:
        return dict.fromkeys(("will_work", "will_train", "will_go_out", "wished_place", "service_need"))
    return {
        "will_work": intent.will_work,
        "will_train": intent.will_train,
        "will_go_out": intent.will_go_out,
        "wished_place": intent.wished_place or None,
        "service_need": intent.service_need or None,
    }


def _job_values(job: Job) -> dict[str, Any]:
    texts = ("place", "uscc", "form", "employer", "occupation", "channel", "industry", "insurances")
    return {
        "working": True,
        **{name: getattr(job, name) or None for name in texts},
        "organised": job.organised,
        "wage": job.wage_amount,
        "travel_aid": job.travel_aid_amount,
        "start_precision": job.precision,
        "end": job.valid_to,
    }
