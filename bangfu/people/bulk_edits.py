"""Changes to many persons at once, from a sheet or a selection: what they would change, and doing it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from bangfu.accounts.models import User
from bangfu.audit.actions import record
from bangfu.intake.kinds import RowChange, Rows
from bangfu.people import identity
from bangfu.people.checking.edits import END, HELPER, PHONE, START, WAGE, WISHES
from bangfu.people.comparing import said_changes
from bangfu.people.jobs_held import change_wages, end_open_jobs, save_jobs
from bangfu.people.models import Contact, Intent, Job, Joblessness, Pairing
from bangfu.people.queries import open_jobs
from bangfu.people.recorded import Recorded
from bangfu.people.recording import record_states
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.watchers import persons_changed

Row = Mapping[str, Any]
_JOB = {"employer": "employer", "occupation": "occupation", "place": "place", "wage": "wage_amount"}  # cell: column


class EditLookup(RegisterLookup):
    """The register as the check of a sheet of changes asks it (checking.edits.EditRegister)."""

    def starts_of_open_jobs(self, id_numbers: Sequence[str], on: date) -> dict[str, date]:
        """The first day of the job that each holds on the day; of several the latest."""
        keys = {key: number for number, (key, _) in self.keys_of(id_numbers).items()}
        held = open_jobs(keys, on)
        return {keys[person]: job.valid_from for person, job in held.items()}

    def helpers(self, names: Sequence[str]) -> dict[str, int]:
        """The user key of each name or sign-in name that means exactly one active user with a duty."""
        users = User.objects.filter(is_active=True, duties__isnull=False).distinct()
        by_name: dict[str, set[int]] = defaultdict(set)
        for key, name, username in users.values_list("pk", "name", "username"):
            by_name["".join(name.split())].add(key)
            by_name[username].add(key)
        return {name: next(iter(by_name[name])) for name in names if len(by_name.get(name, ())) == 1}


def edit_changes(rows: Rows, on: date) -> list[RowChange]:
    """Whom each row fits, and what it would change, old and new side by side."""
    keys = EditLookup().keys_of(sorted({row["id_number"] for row in rows}))
    persons = [key for key, _ in keys.values()]
    jobs = open_jobs(persons, on)
    wishes = {row.person_id: row for row in Intent.objects.open().filter(person__in=persons)}
    phones = {row.person_id: row for row in Contact.objects.open().filter(person__in=persons)}
    paired = Pairing.objects.open().filter(person__in=persons).select_related("helper")
    helpers = {row.person_id: row.helper.name for row in paired}
    found = []
    for row in rows:
        person = keys[row["id_number"]][0] if row["id_number"] in keys else None
        cells = [] if person is None else _cells(row, jobs.get(person), wishes.get(person))
        if person is not None and row["deed"] == PHONE:
            held = phones.get(person)
            cells = [("phone", identity.phone_number(held) if held else None, row["phone"])]
        if person is not None and row["deed"] == HELPER:
            cells = [("helper", helpers.get(person), row["helper"])]
        found.append((person, [cell for cell in cells if cell[1] != cell[2]]))
    return said_changes(found)


def _cells(row: Row, job: Job | None, wishes: Intent | None) -> list[tuple[str, Any, Any]]:
    deed = row["deed"]
    if deed == END and job is not None:
        return [("end", None, row["day"])]
    if deed == WAGE and job is not None:
        return [("wage", job.wage_amount, row["wage"])]
    if deed == START:
        told = [name for name in _JOB if row[name] is not None]
        held = {name: getattr(job, _JOB[name]) or None for name in told} if job else {}
        return [
            ("start", job.valid_from if job else None, row["day"]),
            *((name, held.get(name), row[name]) for name in told),
        ]
    if deed == WISHES:
        names = [name for name in ("will_work", "will_train") if row[name] is not None]
        return [(name, getattr(wishes, name) if wishes else None, row[name]) for name in names]
    return []


@transaction.atomic
def edit_people(rows: Sequence[Row], how: Recorded) -> None:
    """Do checked rows of changes. A row has `person` (key), `deed`, `day` and what the deed needs.

    Raises LookupError when a person was taken off the register since the check.
    """
    grouped: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["deed"], row["day"]].append(row)
    for (deed, day), members in grouped.items():
        _DEEDS[deed](members, Recorded(day, how.source, how.by, how.at, how.batch, decided=True))
    persons = {row["person"] for row in rows}
    persons_changed(persons, how)
    record(
        "people.edited", by=how.by, at=how.at, count=len(rows), persons=persons, facts={"batch": how.batch}
    )  # fmt: skip


def _end(rows: Sequence[Row], how: Recorded) -> None:
    end_open_jobs({row["person"]: how.on for row in rows}, how)
    record_states(Joblessness, {row["person"]: {"reason": row["reason"] or "-"} for row in rows}, how)


def _start(rows: Sequence[Row], how: Recorded) -> None:
    """A new job; what was held until then ends on its first day."""
    end_open_jobs({row["person"]: how.on for row in rows}, how)
    jobs = [
        {
            "person": row["person"], "start": how.on, "employer": row["employer"], "occupation": row["occupation"],
            "place": row["place"], "wage_amount": row["wage"],
        }
        for row in rows
    ]  # fmt: skip
    save_jobs(jobs, how)


def _wage(rows: Sequence[Row], how: Recorded) -> None:
    change_wages({row["person"]: row["wage"] for row in rows}, how)


def _wish(rows: Sequence[Row], how: Recorded) -> None:
    states = {row["person"]: {"will_work": row["will_work"], "will_train": row["will_train"]} for row in rows}
    record_states(Intent, states, how)


def _phone(rows: Sequence[Row], how: Recorded) -> None:
    numbers = {row["person"]: row["phone"] for row in rows}
    sealed = identity.seal_phones(numbers.items())
    indexes = identity.phone_indexes(numbers.values())
    states = {
        person: {"phone_index": index, "phone_sealed": hidden}
        for person, index, hidden in zip(numbers, indexes, sealed, strict=True)
    }
    record_states(Contact, states, how)


def _helper(rows: Sequence[Row], how: Recorded) -> None:
    record_states(Pairing, {row["person"]: {"helper_id": row["helper_key"]} for row in rows}, how)


_DEEDS = {END: _end, START: _start, WAGE: _wage, WISHES: _wish, PHONE: _phone, HELPER: _helper}
