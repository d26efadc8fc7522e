"""Deciding what is in question: differences between sources."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.people.choices import DifferenceState
from bangfu.people.differences import kind_text, proposed_values
from bangfu.people.facts_base import Source
from bangfu.people.groups import group_named
from bangfu.people.models import Difference, Job
from bangfu.people.recorded import Recorded
from bangfu.people.recording import open_versions, record_states, rewrite, supersede
from bangfu.people.standing import refresh_standings
from bangfu.people.watchers import facts_changed


@transaction.atomic
def decide_differences(keys: Sequence[int], *, take: bool, reason: str, by: Any, at: datetime) -> None:
    """Take the proposed values, or keep those on file, for all of the differences named; each decision has its reason.

    Raises Difference.DoesNotExist when one of them is not open any more, and ValueError without a reason; then
    nothing is changed.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    rows = list(Difference.objects.select_for_update().filter(pk__in=keys, state=DifferenceState.OPEN))
    if len(rows) != len(set(keys)):
        raise Difference.DoesNotExist
    if take:
        _take(rows, by=by, at=at)
    for row in rows:
        row.state = DifferenceState.TAKEN if take else DifferenceState.KEPT
        row.decided_at, row.decided_by, row.reason = at, by, reason.strip()[:200]
    Difference.objects.bulk_update(rows, ["state", "decided_at", "decided_by", "reason"])
    persons = {row.person_id for row in rows}
    facts = {"taken": take, "differences": [row.pk for row in rows][:100]}
    record("people.difference_decided", by=by, at=at, count=len(rows), persons=persons, facts=facts)


def _take(rows: Sequence[Difference], *, by: Any, at: datetime) -> None:
    """The values become facts on the day on which they were said, on the word of the officer who decided."""
    grouped: dict[tuple[str, Any], list[Difference]] = defaultdict(list)
    for row in rows:
        grouped[row.group, row.noted_on].append(row)
    for (group, day), members in grouped.items():
        model = group_named(group)
        how = Recorded(on=day, source=Source.OFFICER, by=by, at=at, decided=True)
        if model is Job:
            _take_jobs(members, how)
        else:
            held = open_versions(model, {row.person_id for row in members})
            keys = {(version.person_id, kind_text(version)): key for key, version in held.items()}
            named = [(keys.get((row.person_id, row.kind)), row) for row in members]
            states = {key: proposed_values(model, row) for key, row in named if key is not None}
            record_states(model, states, how)
        persons = {row.person_id for row in members}
        refresh_standings(persons, localdate(at))
        facts_changed(persons, at)


def _take_jobs(rows: Sequence[Difference], how: Recorded) -> None:
    news = {int(row.kind): proposed_values(Job, row) for row in rows}
    jobs = list(Job.objects.known().filter(spell__in=list(news)))
    never_began = {job.pk for job in jobs if (end := news[job.spell].get("valid_to")) and end <= job.valid_from}
    supersede(Job, list(never_began), how)
    rewrite(Job, [job for job in jobs if job.pk not in never_began], lambda job: news[job.spell], how)
