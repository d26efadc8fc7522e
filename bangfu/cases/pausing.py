"""Pauses of a case's clocks and the failed contacts that may found one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases import clockwork
from bangfu.cases.actions import locked_cases
from bangfu.cases.choices import Answer, Moved
from bangfu.cases.course_models import Attempt, Pause
from bangfu.cases.legs import move_legs, remark_legs
from bangfu.cases.models import Case, Leg, Service, Survey
from bangfu.core.clock import ClockError, PauseReason
from bangfu.core.keys import new_keys


class CannotPause(Exception):
    """A pause that the rule does not allow; `code` says why, `case` names the case, `asked` the figure of the rule.

    `unknown_reason`, `no_evidence`, `too_long` (days at most), `in_past`, `too_few_attempts` (days needed),
    `paused_already`.
    """

    def __init__(self, code: str, case: int, asked: int = 0) -> None:
        super().__init__(f"{code}: {case}")
        self.code, self.case, self.asked = code, case, asked


@dataclass(frozen=True)
class PauseAsked:
    """The clocks of a case stand still from the day of the deed to `last_on`, included."""

    case: int
    reason: str
    evidence: str
    last_on: date
    client_key: str


@dataclass(frozen=True)
class Tried:
    """A contact that failed."""

    case: int
    channel: str
    client_key: str


@transaction.atomic
def pause_cases(asked: Sequence[PauseAsked], *, by: Any, at: datetime) -> int:
    """Let the clocks of these cases stand still; returns how many pauses were new.

    The running legs move on; what was overdue before stays overdue. Raises NotAllowedNow for a closed case, CannotPause
    where the clock's rule does not allow the pause; then nothing is written.
    """
    known = set(
        Pause.objects.filter(client_key__in=[one.client_key for one in asked]).values_list("client_key", flat=True)
    )
    fresh = [one for one in asked if one.client_key not in known]
    cases = locked_cases([one.case for one in fresh], "pause")
    today = localdate(at)
    missed, running = days_missed(cases), set(_running_pauses(cases, today).values_list("case_id", flat=True))
    for one in fresh:
        if one.case in running:
            raise CannotPause("paused_already", one.case)
        _check(one, reason_of(cases[one.case], one.reason), today, missed[one.case])
    Pause.objects.bulk_create(
        Pause(
            id=key, case_id=one.case, reason=one.reason, evidence=one.evidence.strip(), first_on=today,
            last_on=one.last_on, planned_on=one.last_on, paused_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    _move(cases.values(), at)
    persons = [case.person_id for case in cases.values()]
    record(
        "cases.paused",
        by=by,
        at=at,
        count=len(fresh),
        persons=persons,
        facts={"reasons": [one.reason for one in fresh]},
    )
    return len(fresh)


def reason_of(case: Case, code: str) -> PauseReason:
    """The reason of that code in the clock of the case. Raises CannotPause `unknown_reason`."""
    try:
        return clockwork.clock(case.clock, case.division, localdate(case.starts_at)).pause_reason(code)
    except ClockError as error:
        raise CannotPause("unknown_reason", case.pk) from error


def _check(one: PauseAsked, reason: PauseReason, today: date, missed: int) -> None:
    if not one.evidence.strip():
        raise CannotPause("no_evidence", one.case)
    if one.last_on < today:
        raise CannotPause("in_past", one.case)
    if one.last_on >= today + timedelta(days=reason.longest_days):
        raise CannotPause("too_long", one.case, reason.longest_days)
    if missed < reason.attempts:
        raise CannotPause("too_few_attempts", one.case, reason.attempts)


@transaction.atomic
def end_pauses(cases: Iterable[int], *, by: Any, at: datetime) -> int:
    """The reason fell away: the clocks run on from tomorrow, today still counts as paused. Returns how many pauses
    ended; a case without one is left alone. Raises NotAllowedNow for a closed case."""
    found, today = locked_cases(cases, "resume"), localdate(at)
    ended = _running_pauses(found, today).filter(last_on__gt=today)
    count = ended.update(last_on=today, ended_by=by)
    if count:
        _move(found.values(), at)
        persons = [case.person_id for case in found.values()]
        record("cases.resumed", by=by, at=at, count=count, persons=persons)
    return count


def _running_pauses(cases: Iterable[int], today: date) -> Any:
    return Pause.objects.filter(case__in=list(cases), first_on__lte=today, last_on__gte=today)


def _move(cases: Iterable[Case], at: datetime) -> None:
    listed = list(cases)
    legs = Leg.objects.filter(case__in=listed, clock=clockwork.CLOCK, done_at__isnull=True, due_at__gt=at)
    move_legs(list(legs.select_related("case")), Moved.PAUSE)
    remark_legs(listed)


@transaction.atomic
def note_attempts(tried: Sequence[Tried], *, by: Any, at: datetime) -> int:
    """Record contacts that failed; returns how many were new. Raises NotAllowedNow for a closed case."""
    keys = [one.client_key for one in tried]
    known = set(Attempt.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in tried if one.client_key not in known]
    cases = locked_cases([one.case for one in fresh], "attempt")
    Attempt.objects.bulk_create(
        Attempt(id=key, case_id=one.case, channel=one.channel, tried_at=at, by=by, client_key=one.client_key)
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )
    persons = [case.person_id for case in cases.values()]
    record("cases.tried", by=by, at=at, count=len(fresh), persons=persons)
    return len(fresh)


def days_missed(cases: Iterable[int]) -> dict[int, int]:
    """For each case on how many different days nobody was met, by attempts and unanswered services, since the person
    was last met."""
    listed = list(cases)
    missed: dict[int, list[datetime]] = defaultdict(list)
    met: dict[int, list[datetime]] = defaultdict(list)
    for case, at in Attempt.objects.filter(case__in=listed).values_list("case_id", "tried_at"):
        missed[case].append(at)
    for case, at, answer in Service.objects.filter(case__in=listed).values_list("case_id", "given_at", "answer"):
        (missed if answer == Answer.UNREACHABLE else met)[case].append(at)
    for case, at in Survey.objects.filter(case__in=listed).values_list("case_id", "surveyed_at"):
        met[case].append(at)
    return {
        case: len({localdate(at) for at in missed[case] if not met[case] or at > max(met[case])}) for case in listed
    }
