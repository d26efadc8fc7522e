"""Every write to cases: opening, surveying, serving, closing. Each takes a list, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases import clockwork
from bangfu.cases.models import Case, Cause, Channel, Finding, Leg, Outcome, Result, Service, Survey
from bangfu.cases.progress import missing_items
from bangfu.core.clock import starts_at
from bangfu.core.keys import new_keys
from bangfu.people.actions import mark_legs, record_facts
from bangfu.people.facts_base import Source
from bangfu.people.models import Intent
from bangfu.people.recorded import Recorded

HAPPY = (Outcome.EMPLOYED, Outcome.SELF_EMPLOYED, Outcome.IN_TRAINING, Outcome.PUBLIC_POST)


class NotAllowedNow(Exception):
    """A case that is not in the state that the deed needs; `cases` names the keys, nothing was written."""

    def __init__(self, cases: Iterable[int], verb: str) -> None:
        self.cases, self.verb = list(cases), verb
        super().__init__(f"{verb}: {len(self.cases)} cases")


@dataclass(frozen=True)
class Opening:
    """A reason to help a person: the code of a signal or of another opening, with the values that show it."""

    person: int
    division: str
    cause: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NeedSurvey:
    """What an officer found out for one case; `client_key` makes a repeated sending harmless."""

    case: int
    finding: str
    channel: str
    client_key: str
    wished_occupation: str = ""
    reach: str = ""
    wage_floor_amount: Decimal | None = None
    wants_training: bool | None = None
    wished_trade: str = ""
    barriers: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class ServiceGiven:
    """One delivered item of the package with the person's answer; `post` for a job offer."""

    case: int
    kind: str
    channel: str
    answer: str
    client_key: str
    post: int | None = None
    title: str = ""
    reason: str = ""


@transaction.atomic
def open_cases(openings: Sequence[Opening], *, by: Any, at: datetime, backlog: bool = False) -> dict[int, int]:
    """Open a case for each person, or add the cause to the open one; returns the case of each person.

    A case found by the machine begins to run no earlier than 08:00; one of the backlog has no 24-hour clock.
    """
    by_person = {opening.person: opening for opening in openings}
    running = dict(
        Case.objects.select_for_update()
        .filter(person__in=list(by_person), closed_at__isnull=True)
        .values_list("person_id", "id")
    )
    fresh = [opening for person, opening in by_person.items() if person not in running]
    cases = _new_cases(fresh, by=by, at=at, backlog=backlog)
    legs = _legs_of(cases, at=at)
    Case.objects.bulk_create(cases, batch_size=1000)
    Leg.objects.bulk_create(legs, batch_size=1000)
    found = running | {case.person_id: case.pk for case in cases}
    _add_causes(openings, found, at)
    first_legs = {leg.case_id: (leg.stage, leg.due_at) for leg in legs if leg.sequence == 1}
    mark_legs({case.person_id: first_legs[case.pk] for case in cases})
    record(
        "cases.opened", by=by, at=at, count=len(cases), persons=[case.person_id for case in cases],
        facts={"joined": len(running), "backlog": backlog},
    )  # fmt: skip
    return found


def _new_cases(fresh: Sequence[Opening], *, by: Any, at: datetime, backlog: bool) -> list[Case]:
    starts = starts_at(at) if by is None else at
    return [
        Case(
            id=key, person_id=opening.person, division=opening.division, clock=clockwork.CLOCK,
            package=clockwork.PACKAGE, opened_at=at, starts_at=starts, backlog=backlog, helper=by,
        )
        for key, opening in zip(new_keys(len(fresh)), fresh, strict=True)
    ]  # fmt: skip


def _legs_of(cases: Sequence[Case], *, at: datetime) -> list[Leg]:
    towns: dict[str, int] = defaultdict(int)
    for case in cases:
        towns[case.division[:9]] += 1
    placed: dict[str, int] = defaultdict(int)
    plain: dict[datetime, list[tuple[str, datetime, bool]]] = {}
    rows = []
    for case in cases:
        town = case.division[:9]
        if case.backlog:
            dues = clockwork.backlog_deadlines(localdate(at), placed[town], towns[town])
            placed[town] += 1
        else:
            dues = plain.setdefault(case.starts_at, clockwork.deadlines(case.starts_at))
        rows += [
            Leg(case=case, stage=stage, sequence=number, due_at=due, provisional=provisional)
            for number, (stage, due, provisional) in enumerate(dues, start=1)
        ]
    for key, leg in zip(new_keys(len(rows)), rows, strict=True):
        leg.id = key
    return rows


def _add_causes(openings: Sequence[Opening], cases: Mapping[int, int], at: datetime) -> None:
    rows = [
        Cause(id=key, case_id=cases[opening.person], code=opening.cause, noted_at=at, facts=dict(opening.facts))
        for key, opening in zip(new_keys(len(openings)), openings, strict=True)
    ]
    Cause.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def survey_cases(surveys: Sequence[NeedSurvey], *, by: Any, at: datetime) -> int:
    """Record need surveys; returns how many were new. Raises NotAllowedNow for a closed case.

    "Not so" and "changed meanwhile" close the case as a false alarm; else the wishes become facts.
    """
    done = set(
        Survey.objects.filter(client_key__in=[one.client_key for one in surveys]).values_list("client_key", flat=True)
    )
    fresh = [one for one in surveys if one.client_key not in done]
    cases = _open_cases([one.case for one in fresh], "survey")
    Survey.objects.bulk_create(
        Survey(
            id=key, case_id=one.case, finding=one.finding, channel=one.channel, reach=one.reach,
            wished_occupation=one.wished_occupation, wage_floor_amount=one.wage_floor_amount,
            wants_training=one.wants_training, wished_trade=one.wished_trade, barriers=one.barriers,
            minutes=one.minutes, surveyed_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    finish_legs(cases, "need_survey", at=at)
    confirmed = {cases[one.case].person_id: one for one in fresh if one.finding == Finding.CONFIRMED}
    for source, people in _by_source(confirmed).items():
        how = Recorded(on=localdate(at), source=source, by=by, at=at, decided=True)
        record_facts(Intent, {person: _wishes(confirmed[person]) for person in people}, how)
    false_alarms = [one.case for one in fresh if one.finding != Finding.CONFIRMED]
    if false_alarms:
        close_cases(dict.fromkeys(false_alarms, Outcome.FALSE_ALARM), by=by, at=at)
    remark_legs(cases.values())
    persons = [case.person_id for case in cases.values()]
    record("cases.surveyed", by=by, at=at, count=len(fresh), persons=persons)
    return len(fresh)


def _by_source(surveys: Mapping[int, NeedSurvey]) -> dict[str, list[int]]:
    """Persons by how far what they said can be trusted: met face to face, or not (policy.md A5)."""
    found: dict[str, list[int]] = {}
    for person, one in surveys.items():
        met = one.channel in {Channel.VISIT, Channel.HALL}
        found.setdefault(Source.VISIT if met else Source.PERSON, []).append(person)
    return found


def _wishes(one: NeedSurvey) -> dict[str, Any]:
    return {
        "will_work": True, "will_train": one.wants_training, "wished_occupation": one.wished_occupation,
        "wished_trade": one.wished_trade, "wage_floor_amount": one.wage_floor_amount, "reach": one.reach,
    }  # fmt: skip


@transaction.atomic
def give_services(services: Sequence[ServiceGiven], *, by: Any, at: datetime) -> int:
    """Record items of the package with the person's answers; returns how many were new.

    The leg of the first round ends when the package is complete. Raises NotAllowedNow for a closed case.
    """
    keys = [one.client_key for one in services]
    done = set(Service.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in services if one.client_key not in done]
    cases = _open_cases([one.case for one in fresh], "serve")
    given = set(Service.objects.filter(case__in=list(cases), post__isnull=False).values_list("case_id", "post_id"))
    again = [one for one in fresh if one.post and (one.case, one.post) in given]
    for one in again:
        Service.objects.filter(case=one.case, post=one.post).update(
            answer=one.answer,
            reason=one.reason,
            channel=one.channel,
            given_on=localdate(at),
            given_at=at,
            by=by,
            client_key=one.client_key,
        )
    first = [one for one in fresh if one not in again]
    Service.objects.bulk_create(
        Service(
            id=key, case_id=one.case, kind=one.kind, post_id=one.post, title=one.title, channel=one.channel,
            answer=one.answer, reason=one.reason, given_on=localdate(at), given_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(first)), first, strict=True)
    )  # fmt: skip
    settle_rounds(cases, at=at)
    persons = [case.person_id for case in cases.values()]
    record("cases.served", by=by, at=at, count=len(fresh), persons=persons)
    return len(fresh)


def settle_rounds(cases: Mapping[int, Case], *, at: datetime) -> None:
    """End the leg of the first round where nothing of the package is missing; part of a deed."""
    missing = missing_items(cases.values())
    finish_legs({key: case for key, case in cases.items() if not missing[key]}, "first_service_round", at=at)
    remark_legs(cases.values())


@transaction.atomic
def note_posts_found(found: Mapping[int, int], *, at: datetime) -> None:
    """Record for cases (by key) that a round found fewer posts than the package asks; part of a round.

    The round of services then counts when all of them were offered (house.md 5).
    """
    cases = {case.pk: case for case in Case.objects.filter(pk__in=list(found))}
    for case in cases.values():
        case.posts_found = found[case.pk]
    Case.objects.bulk_update(cases.values(), ["posts_found"], batch_size=500)
    settle_rounds(cases, at=at)


@transaction.atomic
def close_cases(outcomes: Mapping[int, str], *, by: Any, at: datetime) -> None:
    """Close cases (by key) with an outcome. Raises NotAllowedNow for one that is closed.

    A job, a training place or a post ends the last leg; what else still runs is exempt. "No will" becomes a fact.
    """
    cases = _open_cases(outcomes, "close")
    happy = {key: case for key, case in cases.items() if outcomes[key] in HAPPY}
    finish_legs(happy, "outcome", at=at)
    Leg.objects.filter(case__in=list(cases), done_at__isnull=True).update(done_at=at, result=Result.EXEMPT)
    for case in cases.values():
        case.outcome, case.closed_at = outcomes[case.pk], at
    Case.objects.bulk_update(cases.values(), ["outcome", "closed_at"], batch_size=500)
    unwilling = [case.person_id for case in cases.values() if case.outcome == Outcome.NO_WILL]
    if unwilling:
        how = Recorded(on=localdate(at), source=Source.OFFICER, by=by, at=at, decided=True)
        record_facts(Intent, {person: {"will_work": False} for person in unwilling}, how)
    mark_legs({case.person_id: ("", None) for case in cases.values()})
    persons = [case.person_id for case in cases.values()]
    record(
        "cases.closed",
        by=by,
        at=at,
        count=len(cases),
        persons=persons,
        facts={"outcomes": sorted(set(outcomes.values()))},
    )


@transaction.atomic
def assign_helper(cases: Sequence[int], helper: Any, *, by: Any, at: datetime) -> None:
    """Give open cases to a helper. Raises NotAllowedNow for a closed one."""
    found = _open_cases(cases, "assign")
    Case.objects.filter(pk__in=list(found)).update(helper=helper)
    persons = [case.person_id for case in found.values()]
    record("cases.assigned", by=by, at=at, count=len(found), persons=persons, facts={"helper": helper.pk})


def finish_legs(cases: Iterable[int], stage: str, *, at: datetime) -> None:
    """End the named stage of these cases, on time or late by its deadline; a done stage is left alone."""
    legs = list(Leg.objects.filter(case__in=list(cases), stage=stage, done_at__isnull=True))
    for leg in legs:
        leg.done_at = at
        leg.result = Result.ON_TIME if at < leg.due_at else Result.LATE
    Leg.objects.bulk_update(legs, ["done_at", "result"], batch_size=500)


def remark_legs(cases: Iterable[Case]) -> None:
    """Write the first running leg of each case into the projection."""
    persons = {case.pk: case.person_id for case in cases}
    marks: dict[int, tuple[str, datetime | None]] = dict.fromkeys(persons.values(), ("", None))
    running = Leg.objects.filter(case__in=list(persons), done_at__isnull=True).order_by("-sequence")
    for case, stage, due in running.values_list("case_id", "stage", "due_at"):
        marks[persons[case]] = (stage, due)
    mark_legs(marks)


def _open_cases(keys: Iterable[int], verb: str) -> dict[int, Case]:
    wanted = set(keys)
    cases = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=wanted)}
    stuck = [key for key in wanted if key not in cases or cases[key].closed_at]
    if stuck:
        raise NotAllowedNow(stuck, verb)
    return cases
