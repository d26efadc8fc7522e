"""Pairs of rows that are probably one person: kept for review, and set apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.people.bulk import insert_rows
from bangfu.people.choices import DuplicateState
from bangfu.people.models import Duplicate


@dataclass(frozen=True)
class Pair:
    """Two rows (by key, the older first), how likely they are one person (0 to 1), and the level of each
    comparison."""

    first: int
    second: int
    likelihood: float
    reasons: Mapping[str, str]


@transaction.atomic
def note_duplicates(pairs: Sequence[Pair], *, on: date, at: datetime) -> int:
    """Keep the probable pairs of a night for review; returns how many are new.

    A pair that was decided stays decided. An open one that is not found any more has settled itself.
    """
    found = {(pair.first, pair.second): pair for pair in pairs}
    kept = {(row.first_id, row.second_id): row for row in Duplicate.objects.select_for_update()}
    fresh = [pair for key, pair in found.items() if key not in kept]
    insert_rows(
        Duplicate,
        [
            {
                "first_id": pair.first, "second_id": pair.second, "likelihood": round(pair.likelihood * 1000),
                "reasons": dict(pair.reasons),
            }
            for pair in fresh
        ],
        {"noted_on": on, "state": DuplicateState.OPEN.value},
    )  # fmt: skip
    gone = [row.pk for key, row in kept.items() if row.state == DuplicateState.OPEN and key not in found]
    back = [row.pk for key, row in kept.items() if row.state == DuplicateState.LAPSED and key in found]
    Duplicate.objects.filter(pk__in=gone).update(state=DuplicateState.LAPSED, decided_at=at)
    Duplicate.objects.filter(pk__in=back).update(state=DuplicateState.OPEN, decided_at=None, noted_on=on)
    if fresh or gone or back:
        facts = {"new": len(fresh), "settled": len(gone), "back": len(back)}
        record("people.duplicates_noted", by=None, at=at, count=len(found), facts=facts)
    return len(fresh) + len(back)


@transaction.atomic
def set_apart(duplicates: Sequence[int], *, reason: str, by: Any, at: datetime) -> None:
    """Decide that the rows of these pairs are different persons; they are not asked about again.

    Raises Duplicate.DoesNotExist when one is decided already, ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    rows = list(Duplicate.objects.select_for_update().filter(pk__in=duplicates, state=DuplicateState.OPEN))
    if len(rows) != len(set(duplicates)):
        raise Duplicate.DoesNotExist
    decide_duplicates(rows, DuplicateState.DISTINCT, reason, by, at)
    persons = {person for row in rows for person in (row.first_id, row.second_id)}
    record("people.duplicate_set_apart", by=by, at=at, count=len(rows), persons=persons)


def decide_duplicates(rows: Iterable[Duplicate], state: DuplicateState, reason: str, by: Any, at: datetime) -> None:
    """Write the decision about pairs; part of a deed that records itself."""
    for row in rows:
        row.state, row.reason, row.decided_by, row.decided_at = state, reason.strip()[:200], by, at
        row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
