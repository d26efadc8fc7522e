"""Legs that ran out go up to the county, which says what it does about each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow
from bangfu.cases.course_models import Escalation
from bangfu.cases.models import Leg
from bangfu.core.keys import new_keys


@transaction.atomic
def raise_overdue(*, at: datetime) -> int:
    """Send every running leg that is past its deadline up to its county (policy.md A2: at 100 % of the clock), once;
    returns how many went up. Safe to run at any time."""
    legs = list(
        Leg.objects.filter(done_at__isnull=True, due_at__lte=at, escalation__isnull=True)
        .order_by("id")
        .values_list("id", "case__person_id")
    )
    keys = new_keys(len(legs))
    rows = [Escalation(id=key, leg_id=leg, raised_at=at) for key, (leg, _) in zip(keys, legs, strict=True)]
    Escalation.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    if rows:
        record("cases.escalated", by=None, at=at, count=len(rows), persons=[person for _, person in legs])
    return len(rows)


@transaction.atomic
def take_up(escalations: Sequence[int], measure: str, words: str, *, by: Any, at: datetime) -> int:
    """Write down what the county does about these legs; returns how many were new. What somebody took up before stays
    as it is. Raises NotAllowedNow where the leg is done meanwhile or there is none."""
    rows = {
        row.pk: row
        for row in Escalation.objects.select_for_update(of=("self",))
        .filter(pk__in=list(escalations))
        .select_related("leg__case")
    }
    gone = [key for key in escalations if key not in rows or (not rows[key].measure and rows[key].leg.done_at)]
    if gone:
        raise NotAllowedNow(gone, "escalation")
    fresh = [row for row in rows.values() if not row.measure]
    for row in fresh:
        row.measure, row.words, row.taken_up_at, row.taken_up_by = measure, words, at, by
    Escalation.objects.bulk_update(fresh, ["measure", "words", "taken_up_at", "taken_up_by"])
    persons = [row.leg.case.person_id for row in fresh]
    record("cases.escalation_taken_up", by=by, at=at, count=len(fresh), persons=persons, facts={"measure": measure})
    return len(fresh)
