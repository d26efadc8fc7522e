"""Writes about the jobs that people hold: ledgers, hires, and the monthly work round."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_key
from bangfu.people import trust
from bangfu.people.bulk import insert_rows
from bangfu.people.choices import RoundAnswer
from bangfu.people.differences import Proposal, note_differences
from bangfu.people.models import Intent, Job, Joblessness, WorkAnswer
from bangfu.people.recorded import Recorded
from bangfu.people.recording import close_states, record_states, supersede
from bangfu.people.standing import refresh_standings
from bangfu.people.watchers import facts_changed, persons_changed

Row = Mapping[str, Any]
_JOB_COLUMNS = (
    "employer", "uscc", "place", "occupation", "wage_amount", "form", "channel", "organised", "insured",
    "insurances", "contract", "industry", "travel_aid_amount", "precision",
)  # fmt: skip
_INTENT_COLUMNS = (
    "will_work", "will_train", "will_go_out", "will_start_business", "wished_occupation", "wished_trade",
    "wished_place", "service_need", "wage_floor_amount", "reach",
)  # fmt: skip


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
    persons = {row["person"] for row in rows}
    persons_changed(persons, how)
    record(
        "people.work_recorded", by=how.by, at=how.at, count=len(rows), persons=persons, facts={"batch": how.batch},
    )  # fmt: skip


def save_jobs(rows: Sequence[Row], how: Recorded) -> None:
    """Add or correct jobs; part of a deed that records itself. Ends a recorded joblessness at the job's start.

    What a more trusted source said of a job stays, and a difference is opened, unless `how.decided`.
    """
    persons = {row["person"] for row in rows} - how.new
    held = {(job.person_id, job.valid_from): job for job in Job.objects.known().filter(person__in=persons)}
    changes = _Changes()
    for row in rows:
        news = {name: row.get(name) for name in _JOB_COLUMNS if row.get(name) not in (None, "")}
        end = row.get("end")
        if end is not None and end <= row["start"]:
            end = None
        old = held.get((row["person"], row["start"]))
        if old is None:
            changes.fresh.append(_version(row["person"], None, row["start"], end, news))
        else:
            changes.correct(old, {**news, "valid_to": end or old.valid_to}, how)
    changes.write(how)
    begun = {row["person"]: row["start"] for row in rows if not _ended_by(row.get("end"), how.on)}
    close_states(Joblessness, begun, how)


@dataclass
class _Changes:
    """Versions to write and differences to open."""

    stale: list[int] = field(default_factory=list)
    fresh: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    def correct(self, old: Job, news: Row, how: Recorded) -> None:
        """What a new statement makes of a job on file; `news` may hold `valid_to`."""
        differing = [name for name, value in news.items() if getattr(old, name) != value]
        held = [] if how.decided else guarded_columns(old, differing, how.source, how.on)
        if held:
            self.proposals.append(Proposal(old, {name: news[name] for name in held}))
        changed = {name: news[name] for name in differing if name not in held}
        if not changed:
            return
        self.stale.append(old.pk)
        if changed.get("valid_to") and changed["valid_to"] <= old.valid_from:
            return  # it would end before its first day: it never began
        known = {name: getattr(old, name) for name in _JOB_COLUMNS}
        kept = [name for name in (*_JOB_COLUMNS, "valid_to") if name not in changed]
        self.fresh.append({
            **_version(old.person_id, old.spell, old.valid_from, old.valid_to, known), **changed,
            "origins": trust.origins_of(old, kept, how.source),
        })  # fmt: skip

    def write(self, how: Recorded) -> None:
        """Write all of it."""
        supersede(Job, self.stale, how)
        insert_rows(Job, self.fresh, how.stamp())
        note_differences(Job, self.proposals, how)


def guarded_columns(old: Job, differing: Sequence[str], source: str, on: date) -> list[str]:
    """Those of the changed columns of a job that a more trusted source than `source` stated. That a job goes on is a
    statement too, though its column is empty."""
    held = trust.guarded(old, differing, source, on)
    if "valid_to" in differing and "valid_to" not in held:
        origin = trust.origin_of(old, "valid_to")
        if trust.trust().outranks(origin, source, on):
            held.append("valid_to")
    return held


def _ended_by(end: date | None, day: date) -> bool:
    return end is not None and end <= day


def _version(person: int, spell: int | None, start: date, end: date | None, columns: Row) -> dict[str, Any]:
    """A version of a job; a new job (`spell` None) gets a spell of its own."""
    return {"person_id": person, "spell": spell or new_key(), "valid_from": start, "valid_to": end, **columns}


def _state_jobless(rows: Sequence[Row], how: Recorded) -> None:
    """Of those whose job a more trusted source knows, nothing is said before somebody decided."""
    held = end_open_jobs({row["person"]: how.on for row in rows}, how)
    states = {row["person"]: {"reason": row.get("reason") or "-"} for row in rows if row["person"] not in held}
    record_states(Joblessness, states, how)


def end_open_jobs(ends: Mapping[int, date], how: Recorded, *, spells: Iterable[int] | None = None) -> set[int]:
    """End the jobs open on the given day of each person (all of them, or the named spells); part of a deed.

    A job that would end on or before its first day is withdrawn as never begun. Returns the persons of whom a job
    goes on, because a more trusted source says so; a difference is open for each.
    """
    jobs = Job.objects.known().filter(person__in=list(ends))
    if spells is not None:
        jobs = jobs.filter(spell__in=list(spells))
    changes = _Changes()
    for job in jobs:
        end = ends[job.person_id]
        if (job.valid_to is None or job.valid_to > end) and job.valid_from <= end:
            changes.correct(job, {"valid_to": end}, how)
    changes.write(how)
    return {proposal.held.person_id for proposal in changes.proposals}


def change_wages(wages: Mapping[int, Any], how: Recorded) -> None:
    """Change the monthly wage of the job that each person holds on the day (of several the latest); part of a deed."""
    jobs = Job.objects.true_on(how.on).filter(person__in=list(wages)).order_by("valid_from")
    changes = _Changes()
    for person, job in {job.person_id: job for job in jobs}.items():
        changes.correct(job, {"wage_amount": wages[person]}, how)
    changes.write(how)


@transaction.atomic
def start_jobs(rows: Sequence[Row], how: Recorded) -> None:
    """Record that persons began to work: rows of `person`, `start` and the columns of a job."""
    save_jobs(rows, how)
    persons = {row["person"] for row in rows}
    persons_changed(persons, how)
    record("people.job_started", by=how.by, at=how.at, count=len(rows), persons=persons)


@transaction.atomic
def correct_jobs(columns: Mapping[int, Row], how: Recorded) -> int:
    """Correct columns of the job that each person (by key) has held longest of those open on the day; None and ""
    leave what is on file. Returns how many jobs were changed."""
    jobs = Job.objects.true_on(how.on).filter(person__in=list(columns)).order_by("-valid_from", "-spell")
    changes = _Changes()
    for person, job in {job.person_id: job for job in jobs}.items():
        changes.correct(job, {name: value for name, value in columns[person].items() if value not in (None, "")}, how)
    if not (changes.stale or changes.proposals):
        return 0
    changes.write(how)
    facts_changed(columns, how.at, batch=how.batch)
    record("people.job_corrected", by=how.by, at=how.at, count=len(changes.stale), persons=columns)
    return len(changes.stale)


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
    facts_changed({*ended, *jobless, *(row["person"] for row in started)}, how.at, batch=how.batch)
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
