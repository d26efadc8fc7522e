"""Every write to the register of people. Each takes a list, in one transaction, with one audit entry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.people import identity
from bangfu.people.bulk import insert_rows, select_in
from bangfu.people.choices import ABLE, WorkStatus
from bangfu.people.facts_base import ExclusiveFact, Fact
from bangfu.people.models import (
    BankAccount,
    Category,
    Certificate,
    Condition,
    Contact,
    Household,
    Income,
    Intent,
    Membership,
    Person,
    Standing,
)
from bangfu.people.names import sounds_of
from bangfu.people.recorded import Recorded
from bangfu.people.recording import close_states, person_of, record_states
from bangfu.people.standing import place_new, refresh_standings, save_standings
from bangfu.people.watchers import facts_changed, persons_changed

Row = Mapping[str, Any]


@transaction.atomic
def register_people(rows: Sequence[Row], how: Recorded) -> dict[str, int]:
    """Bring checked roster rows into the register; returns the person key of each ID number.

    A row has `id_number`, `name`, `sex`, `born_on`, `division` and what else the roster gave; None says nothing.
    People on the register keep their row and get the facts that changed.
    """
    return register_within(rows, how)


def register_within(rows: Sequence[Row], how: Recorded) -> dict[str, int]:
    """`register_people` as part of a transaction that its caller began, and that falls whole where this fails: a
    savepoint of its own around so many rows costs SQLite a third of the time."""
    persons, fresh = _persons_for(rows, how)
    how = replace(how, new=fresh)
    households = households_for(rows)
    keyed = {persons[row["id_number"]]: row for row in rows}
    record_states(
        Membership,
        {
            key: {
                "household_id": households.get(row.get("household_no") or ""),
                "division": row["division"],
                "relation": row.get("relation"),
            }
            for key, row in keyed.items()
        },
        how,
    )
    _record_group(Condition, keyed, how, "education", "health", "labour_capacity", "school")
    _record_group(Intent, keyed, how, "will_work", "will_train")
    record_categories(keyed, how)
    _record_phones({key: row["phone"] for key, row in keyed.items() if row.get("phone")}, how)
    incomes = {key: {"per_head_amount": row.get("income_per_head")} for key, row in keyed.items()}
    record_states(Income, incomes, how)
    refresh_standings([key for key in keyed if key not in fresh], how.on)
    place_new({key: _placed(row, households, how) for key, row in keyed.items() if key in fresh})
    facts_changed(keyed, how.at, batch=how.batch)
    record("people.registered", by=how.by, at=how.at, count=len(keyed), persons=keyed, facts={"batch": how.batch})
    return persons


def _placed(row: Row, households: Mapping[str, int], how: Recorded) -> dict[str, Any]:
    """What the facts of a roster row make of somebody new, as standing.compute_standings would say."""
    capacity, since = row.get("labour_capacity") or "", row.get("identified_on")
    return {
        "division": row["division"],
        "household_id": households.get(row.get("household_no") or ""),
        "category": row.get("category") or "" if since is None or since <= how.on else "",
        "work_status": WorkStatus.UNKNOWN.value,
        "able": capacity in ABLE if capacity else None,
        "will_work": row.get("will_work"),
        "will_train": row.get("will_train"),
    }


def _persons_for(rows: Sequence[Row], how: Recorded) -> tuple[dict[str, int], frozenset[int]]:
    """The person key of each ID number, and the keys of those who were not on the register before."""
    numbers = [row["id_number"] for row in rows]
    indexes = dict(zip(identity.id_indexes(numbers), numbers, strict=True))
    found = identity.keys_by_index(indexes)
    if found:
        Person.objects.filter(id__in=list(found.values()), withdrawn_at__isnull=False).update(
            withdrawn_at=None, batch=how.batch
        )
    missing = [(index, row) for index, row in zip(indexes, rows, strict=True) if index not in found]
    keys = new_keys(len(missing))
    sealed = identity.seal_ids((key, row["id_number"]) for key, (_, row) in zip(keys, missing, strict=True))
    fresh = []
    for key, (index, row), hidden in zip(keys, missing, sealed, strict=True):
        pinyin, initials = sounds_of(row["name"])
        fresh.append({
            "id": key, "name": row["name"], "name_pinyin": pinyin, "name_initials": initials, "id_sealed": hidden,
            "id_index": index, "id_last4": row["id_number"][-4:], "sex": row["sex"], "born_on": row["born_on"],
            "ethnicity": row.get("ethnicity") or "",
        })  # fmt: skip
        found[index] = key
    insert_rows(Person, fresh, {"created_at": how.at, "batch": how.batch})
    return {number: found[index] for index, number in indexes.items()}, frozenset(keys)


def households_for(rows: Sequence[Row]) -> dict[str, int]:
    """The key of the household of each number that rows name (`household_no`, `division`); what is new is added.
    Part of a deed."""
    wanted = {row["household_no"]: row["division"] for row in rows if row.get("household_no")}
    found = dict(select_in(Household, ("number", "id"), "number", list(wanted)))
    missing = [number for number in wanted if number not in found]
    fresh = [
        {"id": key, "number": number, "division": wanted[number]}
        for key, number in zip(new_keys(len(missing)), missing, strict=True)
    ]
    insert_rows(Household, fresh)
    return found | {row["number"]: row["id"] for row in fresh}


def _record_group(model: type[ExclusiveFact], keyed: Mapping[int, Row], how: Recorded, *names: str) -> None:
    record_states(model, {key: {name: row.get(name) for name in names} for key, row in keyed.items()}, how)


def record_categories(keyed: Mapping[int, Row], how: Recorded, *, precision: str = "identified_precision") -> None:
    """Record the category that the row of each person (by key) gives, since the day of its identification; a row
    without one says nothing. `precision` is the field that says how exact that day is. Part of a deed."""
    states = {
        key: {"kind": row.get("category"), "risk": row.get("risk"), "precision": row.get(precision)}
        for key, row in keyed.items()
        if row.get("category")
    }
    since = {key: min(row["identified_on"], how.on) for key, row in keyed.items() if row.get("identified_on")}
    record_states(Category, states, how, since=since)


def _record_phones(phones: Mapping[int, str], how: Recorded) -> None:
    indexes, sealed = identity.phone_indexes(phones.values()), identity.seal_phones(phones.items())
    states = {
        key: {"phone_index": index, "phone_sealed": hidden}
        for key, index, hidden in zip(phones, indexes, sealed, strict=True)
    }
    record_states(Contact, states, how)


@transaction.atomic
def record_facts(
    model: type[Fact], states: Mapping[Any, Row], how: Recorded, *, since: Mapping[Any, date] | None = None
) -> int:
    """Record one group of facts for persons (by key), or for (person, kind) of a `KindedFact`; returns how many
    versions were added. Values of None keep what is known; `since` as in recording.record_states."""
    added = record_states(model, states, how, since=since)
    _recorded(model, {person_of(key) for key in states}, how)
    return added


@transaction.atomic
def end_facts(model: type[Fact], ends: Mapping[Any, date], how: Recorded) -> int:
    """End the open version of each key on its day (exclusive); returns how many were open."""
    closed = close_states(model, ends, how)
    _recorded(model, {person_of(key) for key in ends}, how)
    return closed


def _recorded(model: type[Fact], persons: set[int], how: Recorded) -> None:
    persons_changed(persons, how)
    record(
        f"people.{model._meta.model_name}_recorded", by=how.by, at=how.at, count=len(persons), persons=persons,
        facts={"batch": how.batch} if how.batch else None,
    )  # fmt: skip


@transaction.atomic
def record_certificates(rows: Sequence[Row], how: Recorded) -> int:
    """Record certificates: rows of `person` (key), `number` and the columns of `Certificate`; returns how many
    versions were added. A certificate is known by its person and number."""
    sealed = identity.sealed_certificates([(row["person"], row["number"]) for row in rows])
    columns = ("kind", "trade", "level", "issuer", "issued_on", "expires_on")
    states, since = {}, {}
    for row, number in zip(rows, sealed, strict=True):
        key = row["person"], number["number_index"]
        states[key] = {**{name: row.get(name) for name in columns}, "number_sealed": number["number_sealed"]}
        if row.get("issued_on"):
            since[key] = row["issued_on"]
    return record_facts(Certificate, states, how, since=since)


@transaction.atomic
def record_accounts(rows: Sequence[Row], how: Recorded) -> int:
    """Record bank accounts: rows of `person` (key), `number` (digits) and `bank`; returns how many were added."""
    sealed = identity.sealed_accounts([(row["person"], row["number"]) for row in rows])
    states = {row["person"]: {**number, "bank": row.get("bank")} for row, number in zip(rows, sealed, strict=True)}
    return record_facts(BankAccount, states, how)


@transaction.atomic
def reveal_identity(person: Person, *, by: Any, at: datetime, purpose: str) -> dict[str, str]:
    """The whole ID number and phone ("" when none is known), recorded as a look with its purpose.

    Raises ValueError when no purpose is given.
    """
    if not purpose.strip():
        raise ValueError("a purpose is needed")
    contact = Contact.objects.open().filter(person=person).first()
    record("people.identity_revealed", by=by, at=at, count=1, persons=[person.pk], purpose=purpose.strip()[:200])
    return {
        "id_number": identity.id_number(person),
        "phone": identity.phone_number(contact) if contact else "",
    }


@transaction.atomic
def hand_out_copy(person: Person, *, by: Any, at: datetime) -> dict[str, str]:
    """The whole numbers ("" where none is known) for the copy that a person asked for; recorded as a look."""
    contact = Contact.objects.open().filter(person=person).first()
    account = BankAccount.objects.open().filter(person=person).first()
    record("people.copy_handed_out", by=by, at=at, count=1, persons=[person.pk], purpose="request")
    return {
        "id_number": identity.id_number(person),
        "phone": identity.phone_number(contact) if contact else "",
        "account": identity.account_number(account) if account else "",
    }


@transaction.atomic
def mark_legs(legs: Mapping[int, tuple[str, datetime | None]]) -> None:
    """Write the open leg of each person's case into the projection: (stage, due), ("", None) without a case.

    Called by the room of cases inside its own deeds, which are recorded there.
    """
    rows = list(Standing.objects.filter(person__in=list(legs)))
    for row in rows:
        row.leg, row.due_at = legs[row.person_id]
    save_standings(rows, ["leg", "due_at"])


@transaction.atomic
def note_look(person: Person, *, by: Any, at: datetime, purpose: str) -> None:
    """Record that somebody opened the page of a person (masked); the person can see it."""
    record("people.viewed", by=by, at=at, count=1, persons=[person.pk], purpose=purpose)


@transaction.atomic
def note_number_search(persons: Sequence[int], *, by: Any, at: datetime) -> None:
    """Record that somebody searched by a whole ID number or telephone; the number itself is kept nowhere."""
    record("people.searched_by_number", by=by, at=at, count=len(persons), persons=persons)
