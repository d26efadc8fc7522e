"""What persons ask of their file: to correct it, to object to its use, to delete, to have a copy; and the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.core.calendar import WorkCalendar, read_calendar
from bangfu.core.clock import Clock, last_day_of, read_clock
from bangfu.core.keys import new_keys
from bangfu.people.choices import ConsentKind, CorrectionAnswer, CorrectionKind
from bangfu.people.facts_base import Source
from bangfu.people.identity import REPLY_PLACE, SAID_PLACE
from bangfu.people.models import Consent, Correction
from bangfu.people.recorded import Recorded
from bangfu.people.recording import record_states

MATCHING = "matching"
"""The subject of an objection to being matched with posts by the machine alone (PIPL 24)."""


@dataclass(frozen=True)
class Asked:
    """One request: the person (key), what is asked, about which group of facts ("" for none), who asks, and in which
    words. `client_key` makes a form that is sent twice count once."""

    person: int
    kind: str
    subject: str
    asked_by: str
    said: str
    client_key: str


@lru_cache(maxsize=1)
def _clock() -> tuple[Clock, WorkCalendar]:
    return read_clock(settings.RULES / "clocks" / "correction.yaml"), read_calendar(
        settings.RULES / "calendar" / "cn.yaml"
    )


def answer_due_on(opened_at: datetime) -> date:
    """The last day on which an answer is in time."""
    clock, calendar = _clock()
    return last_day_of(clock.stages[0], opened_at, calendar)


@transaction.atomic
def ask_corrections(requests: Sequence[Asked], *, by: Any, at: datetime) -> int:
    """Register what persons ask; returns how many were new. A key sent before changes nothing."""
    keys = [one.client_key for one in requests]
    known = set(Correction.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in requests if one.client_key not in known]
    keys = new_keys(len(fresh))
    sealed = settings.KEYRING.seal(SAID_PLACE, ((key, one.said) for key, one in zip(keys, fresh, strict=True)))
    due_on = answer_due_on(at)
    Correction.objects.bulk_create(
        Correction(
            id=key, person_id=one.person, kind=one.kind, subject=one.subject, asked_by=one.asked_by,
            said_sealed=hidden, opened_at=at, opened_by=by, client_key=one.client_key, due_on=due_on,
        )
        for key, one, hidden in zip(keys, fresh, sealed, strict=True)
    )  # fmt: skip
    if fresh:
        record("people.correction_asked", by=by, at=at, count=len(fresh), persons={one.person for one in fresh})
    return len(fresh)


@transaction.atomic
def answer_corrections(answers: Mapping[int, tuple[str, str]], *, by: Any, at: datetime) -> None:
    """Answer requests (by key) with what was done and the words to the person.

    An objection to automatic matching that is granted becomes a fact: no machine proposes posts any more. Raises
    Correction.DoesNotExist when one was answered already, ValueError for an answer without words; then nothing
    is changed.
    """
    if not all(reply.strip() for _, reply in answers.values()):
        raise ValueError("an answer needs words")
    rows = list(Correction.objects.select_for_update().filter(pk__in=list(answers), answered_at__isnull=True))
    if len(rows) != len(answers):
        raise Correction.DoesNotExist
    sealed = settings.KEYRING.seal(REPLY_PLACE, ((row.pk, answers[row.pk][1].strip()) for row in rows))
    for row, hidden in zip(rows, sealed, strict=True):
        row.answer, row.reply_sealed = answers[row.pk][0], hidden
        row.answered_at, row.answered_by = at, by
    Correction.objects.bulk_update(rows, ["answer", "reply_sealed", "answered_at", "answered_by"])
    freed = {row.person_id for row in rows if _frees_from_matching(row)}
    if freed:
        how = Recorded(on=localdate(at), source=Source.PERSON, by=by, at=at, decided=True)
        states = {(person, ConsentKind.AUTOMATIC_MATCHING.value): {"given": False} for person in freed}
        record_states(Consent, states, how)
    persons = {row.person_id for row in rows}
    record("people.correction_answered", by=by, at=at, count=len(rows), persons=persons)


def _frees_from_matching(row: Correction) -> bool:
    granted = row.answer in {CorrectionAnswer.DONE, CorrectionAnswer.PARTLY}
    return row.kind == CorrectionKind.OBJECT and row.subject == MATCHING and granted


def said_in(row: Correction) -> str:
    """What the person said."""
    return str(settings.KEYRING.open(SAID_PLACE, row.pk, row.said_sealed))


def reply_in(row: Correction) -> str:
    """What the office answered, "" while it has not."""
    return str(settings.KEYRING.open(REPLY_PLACE, row.pk, row.reply_sealed)) if row.reply_sealed else ""
