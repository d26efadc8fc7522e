"""Emptying what is kept no longer: persons who left, and words that have served their purpose."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import models as db
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from bangfu.audit.actions import record
from bangfu.core.parts import in_parts
from bangfu.people.choices import DifferenceState
from bangfu.people.groups import FACTS
from bangfu.people.models import (
    BankAccount,
    Certificate,
    Contact,
    Correction,
    Difference,
    Membership,
    Person,
    Standing,
    WorkAnswer,
)

NOBODY = "—"
_EMPTIED = (Contact, BankAccount, Certificate)
"""Facts that say nothing without the number they hold: their rows go."""
_FREE_TEXT = ("evidence", "ground", "service_need", "wished_occupation", "wished_trade", "reason")
_CHUNK = 500


def persons_who_left(before: date, *, except_for: Iterable[int] = ()) -> list[int]:
    """Persons without a household or village on the register, of whom nothing was recorded on or after `before`.

    `except_for` are those whom another room still needs. Those emptied already are left out.
    """
    rows: QuerySet[Person] = Person.objects.filter(anonymised_at__isnull=True, created_at__date__lt=before)
    rows = rows.filter(~Exists(Membership.objects.open().filter(person=OuterRef("pk"))))
    for model in (*FACTS, WorkAnswer):
        moment = "answered_at" if model is WorkAnswer else "recorded_at"
        rows = rows.filter(~Exists(model.objects.filter(person=OuterRef("pk"), **{f"{moment}__date__gte": before})))
    return sorted(set(rows.values_list("pk", flat=True)) - set(except_for))


def persons_withdrawn(before: date) -> list[int]:
    """Persons taken back with their import before the day; not those led to another row."""
    rows = Person.objects.filter(anonymised_at__isnull=True, withdrawn_at__date__lt=before, merged_into__isnull=True)
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def anonymise_people(persons: Sequence[int], *, rule: str, at: datetime) -> int:
    """Empty the rows of these persons: no name, number, phone, account, free text or exact birth day is left.

    Codes and days of their facts stay, so that figures of the past can be computed again. It cannot be taken
    back. Returns how many were emptied.
    """
    rows = list(Person.objects.select_for_update().filter(pk__in=persons, anonymised_at__isnull=True))
    for row in rows:
        row.name, row.name_pinyin, row.name_initials, row.ethnicity = NOBODY, "", "", ""
        row.id_sealed, row.id_index, row.id_last4 = b"", f"gone{secrets.token_hex(14)}", ""
        row.born_on, row.anonymised_at = row.born_on.replace(month=1, day=1), at
        row.withdrawn_at = row.withdrawn_at or at
    fields = [
        "name", "name_pinyin", "name_initials", "ethnicity", "id_sealed", "id_index", "id_last4", "born_on",
        "anonymised_at", "withdrawn_at",
    ]  # fmt: skip
    Person.objects.bulk_update(rows, fields, batch_size=_CHUNK)
    keys = [row.pk for row in rows]
    for part in in_parts(keys, _CHUNK):
        _empty_facts(part)
    if rows:
        record("people.anonymised", by=None, at=at, count=len(rows), persons=keys, facts={"rule": rule})
    return len(rows)


def _empty_facts(keys: Sequence[int]) -> None:
    for model in FACTS:
        rows = model.objects.filter(person__in=keys)
        if model in _EMPTIED:
            rows.delete()
            continue
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if field.name in _FREE_TEXT and isinstance(field, db.CharField)
        ]
        rows.update(**dict.fromkeys(texts, ""))
    Standing.objects.filter(person__in=keys).delete()
    Difference.objects.filter(person__in=keys).update(proposed_sealed=b"")
    Correction.objects.filter(person__in=keys).update(said_sealed=b"", reply_sealed=None)


def corrections_to_erase(before: date) -> QuerySet[Correction]:
    """Requests answered before the day whose words are still kept."""
    return Correction.objects.filter(answered_at__date__lt=before).exclude(said_sealed=b"")


def differences_to_erase(before: date) -> QuerySet[Difference]:
    """Differences settled before the day whose proposal is still kept."""
    rows = Difference.objects.exclude(state=DifferenceState.OPEN).filter(decided_at__date__lt=before)
    return rows.exclude(proposed_sealed=b"")


@transaction.atomic
def erase_corrections(before: date, *, rule: str, at: datetime) -> int:
    """Erase the words of requests answered before the day; returns of how many."""
    count = corrections_to_erase(before).update(said_sealed=b"", reply_sealed=None)
    return _erased("people.correction_erased", count, rule, at)


@transaction.atomic
def erase_differences(before: date, *, rule: str, at: datetime) -> int:
    """Erase the proposals of differences settled before the day; returns of how many."""
    count = differences_to_erase(before).update(proposed_sealed=b"")
    return _erased("people.difference_erased", count, rule, at)


def _erased(verb: str, count: int, rule: str, at: datetime) -> int:
    if count:
        record(verb, by=None, at=at, count=count, facts={"rule": rule})
    return count
