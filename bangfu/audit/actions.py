"""Recording a deed, and chaining what was recorded."""

import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bangfu.audit.models import Entry, Subject
from bangfu.core.keys import new_key, new_keys

_SUBJECT_LIMIT = 500


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
    system itself.
    """
    entry = Entry(
        id=new_key(), at=at, by=by, verb=verb, count=count, division=division, purpose=purpose,
        facts=dict(facts or {}),
    )  # fmt: skip
    entry.save(force_insert=True)
    keys = list(persons)
    if len(keys) <= _SUBJECT_LIMIT:
        subjects = zip(new_keys(len(keys)), keys, strict=True)
        Subject.objects.bulk_create(Subject(id=key, entry=entry, person=person) for key, person in subjects)


def seal_chain() -> int:
    """Chain every entry that is committed but not yet chained; returns how many. Safe to run at any time."""
    with transaction.atomic():
        head = Entry.objects.select_for_update().filter(chain_no__isnull=False).order_by("-chain_no").first()
        number, previous = (head.chain_no, head.chain_hash) if head else (0, "")
        loose = list(Entry.objects.select_for_update().filter(chain_no__isnull=True).order_by("id"))
        people = _subjects(loose)
        for entry in loose:
            number += 1
            previous = _link(entry, number, previous, people.get(entry.pk, []))
            entry.chain_no, entry.chain_hash = number, previous
        Entry.objects.bulk_update(loose, ["chain_no", "chain_hash"], batch_size=500)
    return len(loose)


def broken_links() -> tuple[list[int], int]:
    """The chain numbers that do not fit their entry or their place, and how many entries are not yet chained."""
    broken, expected, previous = [], 0, ""
    chained = Entry.objects.filter(chain_no__isnull=False).order_by("chain_no").prefetch_related("subjects")
    for entry in chained.iterator(chunk_size=2000):
        expected += 1
        keys = sorted(subject.person for subject in entry.subjects.all())
        if entry.chain_no != expected or entry.chain_hash != _link(entry, entry.chain_no, previous, keys):
            broken.append(entry.chain_no)
            expected = entry.chain_no
        previous = entry.chain_hash
    return broken, Entry.objects.filter(chain_no__isnull=True).count()


def chain_head() -> tuple[int, str]:
    """The last chain number and its hash; (0, "") while nothing is chained. Kept outside, it betrays a cut tail."""
    last = Entry.objects.aggregate(last=Max("chain_no"))["last"]
    if last is None:
        return 0, ""
    return last, Entry.objects.get(chain_no=last).chain_hash


def _subjects(entries: list[Entry]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry, person in Subject.objects.filter(entry__in=[entry.pk for entry in entries]).values_list(
        "entry_id", "person"
    ):
        found.setdefault(entry, []).append(person)
    return {entry: sorted(keys) for entry, keys in found.items()}


def _link(entry: Entry, number: int, previous: str, persons: list[int]) -> str:
    told = [
        number, previous, entry.pk, entry.at.timestamp(), entry.by_id, entry.verb, entry.count, entry.division,
        entry.purpose, entry.facts, persons,
    ]  # fmt: skip
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.digest(settings.AUDIT_KEY, text.encode(), "sha256").hex()
