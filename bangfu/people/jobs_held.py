"""Writes about the jobs that people hold: ledgers, hires, and the monthly work round."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_key
from bangfu.people.bulk import insert_rows
from bangfu.people.choices import RoundAnswer
from bangfu.people.models import Intent, Job, Joblessness, WorkAnswer
from bangfu.people.recording import Recorded, close_states, record_states, supersede, value_fields
from bangfu.people.standing import refresh_standings

Row = Mapping[str, Any]
_JOB_COLUMNS = (
    "employer", "uscc", "place", "occupation", "wage_amount", "form", "channel", "organised", "insured",
    "precision",
)  # fmt: skip
_INTENT_COLUMNS = ("will_work", "will_train", "wished_occupation", "wished_trade", "wage_floor_amount", "reach")


@dataclass(frozen=True)
class Answered:
    """One answer of the work round: the person, the month (its first day), what was said, and for a new job
    its columns. `client_key` is made where the answer is given, so that sending twice records once."""

    person: int
    month: date
    answer: str
    client_key: str
    on: date | None = None
    job: Row | None = None


@transaction.atomic
def record_work(rows: Sequence[Row], how: Recorded) -> None:
    """Record checked rows of a jobs ledger.

    A row has `person` (key), `working`, for those at work `start`, `end` and the columns of a job, for the others
    `reason`; `working` None says nothing of work; and the wishes of all. A job that is known by its person and first
    day is corrected, not doubled.
    """
    save_jobs([row for row in rows if row["working"] is True], how)
    _state_jobless([row for row in rows if row["working"] is False], how)
    wishes = {row["person"]: {name: row.get(name) for name in _INTENT_COLUMNS} for row in rows}
    record_states(Intent, wishes, how)
    refresh_standings({row["person"] for row in rows}, how.on)
    record(
        "people.work_recorded", by=how.by, at=how.at, count=len(rows), persons={row["person"] for row in rows},
        facts={"batch": how.batch},
    )  # fmt: skip


def save_jobs(rows: Sequence[Row], how: Recorded) -> None:
    """Add or correct jobs; part of a deed that records itself. Ends a recorded joblessness at the job's start."""
    persons = {row["person"] for row in rows}
    held = {(job.person_id, job.valid_from): job for job in Job.objects.known().filter(person__in=persons)}
    stale, fresh = [], []
    for row in rows:
        news = {name: row.get(name) for name in _JOB_COLUMNS if row.get(name) not in (None, "")}
        old = held.get((row["person"], row["start"]))
        end = row.get("end")
        if end is not None and end <= row["start"]:
            end = None
        if old is None:
            fresh.append(_version(row["person"], None, row["start"], end, news))
            continue
        end = end or old.valid_to
        if end == old.valid_to and all(getattr(old, name) == value for name, value in news.items()):
            continue
        stale.append(old.pk)
        known = {name: getattr(old, name) for name in _JOB_COLUMNS}
        fresh.append(_version(row["person"], old.spell, row["start"], end, {**known, **news}))
    _insert(stale, fresh, how)
    begun = {row["person"]: row["start"] for row in rows if not _ended_by(row.get("end"), how.on)}
    close_states(Joblessness, begun, how)


def _ended_by(end: date | None, day: date) -> bool:
    return end is not None and end <= day


def _version(person: int, spell: int | None, start: date, end: date | None, columns: Row) -> dict[str, Any]:
    """A version of a job; a new job (`spell` None) gets a spell of its own."""
    return {"person_id": person, "spell": spell or new_key(), "valid_from": start, "valid_to": end, **columns}


def _insert(stale: list[int], fresh: list[dict[str, Any]], how: Recorded) -> None:
    supersede(Job, stale, how)
    insert_rows(Job, fresh, how.stamp())


def _state_jobless(rows: Sequence[Row], how: Recorded) -> None:
    end_open_jobs({row["person"]: how.on for row in rows}, how)
    record_states(Joblessness, {row["person"]: {"reason": row.get("reason") or "-"} for row in rows}, how)


def end_open_jobs(ends: Mapping[int, date], how: Recorded, *, spells: Iterable[int] | None = None) -> None:
    """End the jobs open on the given day of each person (all of them, or the named spells); part of a deed.

    A job that would end on or before its first day is withdrawn as never begun.
    """
    jobs = Job.objects.known().filter(person__in=list(ends))
    if spells is not None:
        jobs = jobs.filter(spell__in=list(spells))
    stale, fresh = [], []
    for job in jobs:
        end = ends[job.person_id]
        if (job.valid_to is not None and job.valid_to <= end) or job.valid_from > end:
            continue
        stale.append(job.pk)
        if job.valid_from < end:
            columns = {name: getattr(job, name) for name in value_fields(Job) if name != "spell"}
            fresh.append(_version(job.person_id, job.spell, job.valid_from, end, columns))
    _insert(stale, fresh, how)


@transaction.atomic
def start_jobs(rows: Sequence[Row], how: Recorded) -> None:
    """Record that persons began to work: rows of `person`, `start` and the columns of a job."""
    save_jobs(rows, how)
    persons = {row["person"] for row in rows}
    refresh_standings(persons, how.on)
    record("people.job_started", by=how.by, at=how.at, count=len(rows), persons=persons)


@transaction.atomic
def answer_work_round(answers: Sequence[Answered], how: Recorded) -> int:
    """Record answers of the monthly work round; returns how many were new. A key sent before changes nothing."""
    known = set(
        WorkAnswer.objects.filter(client_key__in=[answer.client_key for answer in answers]).values_list(
            "client_key", flat=True
        )
    )
    fresh = {answer.person: answer for answer in answers if answer.client_key not in known}
    if not fresh:
        return 0
    spells = _open_spells(fresh, how.on)
    ended = {
        answer.person: answer.on or how.on
        for answer in fresh.values()
        if answer.answer in {RoundAnswer.ENDED, RoundAnswer.CHANGED}
    }
    end_open_jobs(ended, how)
    started = [
        {"person": answer.person, "start": answer.on or how.on, **(answer.job or {})}
        for answer in fresh.values()
        if answer.answer in {RoundAnswer.STARTED, RoundAnswer.CHANGED}
    ]
    save_jobs(started, how)
    jobless = [key for key, answer in fresh.items() if answer.answer in {RoundAnswer.JOBLESS, RoundAnswer.ENDED}]
    record_states(Joblessness, {key: {"reason": "-"} for key in jobless}, how)
    _replace_answers(fresh, spells, how)
    refresh_standings(fresh, how.on)
    record("people.work_round_answered", by=how.by, at=how.at, count=len(fresh), persons=fresh)
    return len(fresh)


def _open_spells(persons: Iterable[int], on: date) -> dict[int, int]:
    jobs = Job.objects.true_on(on).filter(person__in=list(persons)).order_by("valid_from")
    return dict(jobs.values_list("person_id", "spell"))


def _replace_answers(fresh: Mapping[int, Answered], spells: Mapping[int, int], how: Recorded) -> None:
    month = {answer.month for answer in fresh.values()}
    WorkAnswer.objects.filter(person__in=list(fresh), month__in=month, superseded_at__isnull=True).update(
        superseded_at=how.at
    )
    rows = [
        {
            "person_id": answer.person, "month": answer.month, "answer": answer.answer,
            "spell": spells.get(answer.person), "client_key": answer.client_key,
        }
        for answer in fresh.values()
    ]  # fmt: skip
    by = how.by.pk if how.by else None
    insert_rows(WorkAnswer, rows, {"answered_on": how.on, "answered_at": how.at, "by_id": by})
