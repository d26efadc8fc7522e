"""Recording a deed, and chaining what was recorded."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from bangfu.audit.chain import last_link, link, subjects_of
from bangfu.audit.models import Entry, Subject
from bangfu.core.keys import new_key, new_keys

_SUBJECT_LIMIT = 500
_SLICE = 2000


def record(
    verb: str,
    *,
    by: Any,
    at: datetime,
    count: int,
    persons: Iterable[int] = (),
    division: str = "",
    purpose: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry for one deed on `count` things; call it inside the transaction of the deed.

    `persons` are keys; beyond 500 of them the entry stands for the batch named in `facts` and no row is kept
    for each. `facts` holds keys, codes and counts: never a name, a number or a phone. `by` is None for the
    system itself; the duty that the actor holds at this moment is kept with the entry.
    """
    entry = Entry(
        id=new_key(), at=at, by=by, verb=verb, count=count, division=division, purpose=purpose,
        role=getattr(by, "role", ""), place=getattr(by, "division", ""), office=getattr(by, "office", ""),
        facts=dict(facts or {}),
    )  # fmt: skip
    entry.save(force_insert=True)
    keys = list(persons)
    if 0 < len(keys) <= _SUBJECT_LIMIT:
        subjects = zip(new_keys(len(keys)), keys, strict=True)
        Subject.objects.bulk_create(Subject(id=key, entry=entry, person=person) for key, person in subjects)


def seal_chain() -> int:
    """Chain every entry that is committed but not yet chained; returns how many. Safe to run at any time."""
    sealed = 0
    while found := _seal_slice():
        sealed += found
    return sealed


@transaction.atomic
def _seal_slice() -> int:
    loose = list(Entry.objects.select_for_update().filter(chain_no__isnull=True).order_by("id")[:_SLICE])
    if not loose:
        return 0
    Entry.objects.select_for_update().filter(chain_no__isnull=False).order_by("-chain_no").first()
    number, previous = last_link()
    people, links = subjects_of(loose), []
    for entry in loose:
        number += 1
        previous = link(entry, number, previous, people.get(entry.pk, []))
        links.append((number, previous, entry.pk))
    with connection.cursor() as cursor:  # Django's bulk_update is thirty times slower
        cursor.executemany("UPDATE audit_entry SET chain_no = %s, chain_hash = %s WHERE id = %s", links)
    return len(loose)
