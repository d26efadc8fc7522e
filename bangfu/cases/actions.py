"""Every write to cases: opening, surveying, serving, closing. Each takes a list, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases import clockwork
from bangfu.cases.choices import NEED_SECOND, Channel, Finding, Outcome
from bangfu.cases.legs import add_clock, finish_legs, leave_out, legs_of_new, remark_legs
from bangfu.cases.models import Case, Cause, Leg, Service, Survey
from bangfu.cases.progress import missing_items
from bangfu.core.clock import starts_at
from bangfu.core.keys import new_keys
from bangfu.people.actions import mark_legs, record_facts
from bangfu.people.facts_base import Source
from bangfu.people.models import Intent
from bangfu.people.recorded import Recorded

WORK = (Outcome.EMPLOYED, Outcome.SELF_EMPLOYED, Outcome.PUBLIC_POST)
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
    wished_place: str = ""
    obstacles: Sequence[str] = ()
    health_words: str = ""
    family_words: str = ""
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
    legs = legs_of_new(cases, at=at)
    leave_out(_closed_of(by_person), at=at)  # who needs help again is not followed up beside it
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
    today = localdate(at)
    return [
        Case(
            id=key,
            person_id=opening.person,
            division=opening.division,
            clock=clockwork.CLOCK,
            package=clockwork.package_for(opening.division, today).code,
            opened_at=at,
            starts_at=starts,
            backlog=backlog,
            helper=by,
        )
        for key, opening in zip(new_keys(len(fresh)), fresh, strict=True)
    ]


def _closed_of(persons: Iterable[int]) -> list[int]:
    rows = Case.objects.filter(person__in=list(persons), closed_at__isnull=False, legs__done_at__isnull=True)
    return list(rows.values_list("pk", flat=True).distinct())


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
    cases = locked_cases([one.case for one in fresh], "survey")
    Survey.objects.bulk_create(
        Survey(
            id=key, case_id=one.case, finding=one.finding, channel=one.channel, reach=one.reach,
            wished_occupation=one.wished_occupation, wage_floor_amount=one.wage_floor_amount,
            wants_training=one.wants_training, wished_trade=one.wished_trade, barriers=one.barriers,
            wished_place=one.wished_place, obstacles=list(one.obstacles), health_words=one.health_words,
            family_words=one.family_words, minutes=one.minutes, surveyed_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    finish_legs(cases, "need_survey", at=at, by=by)
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
        **({"wished_place": one.wished_place} if one.wished_place else {}),
    }  # fmt: skip


@transaction.atomic
def give_services(services: Sequence[ServiceGiven], *, by: Any, at: datetime) -> int:
    """Record items of the package with the person's answers; returns how many were new.

    The leg of the first round ends when the package is complete. Raises NotAllowedNow for a closed case.
    """
    keys = [one.client_key for one in services]
    done = set(Service.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in services if one.client_key not in done]
    cases = locked_cases([one.case for one in fresh], "serve")
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
    settle_rounds(cases, at=at, by=by)
    persons = [case.person_id for case in cases.values()]
    record("cases.served", by=by, at=at, count=len(fresh), persons=persons)
    return len(fresh)


def settle_rounds(cases: Mapping[int, Case], *, at: datetime, by: Any = None) -> None:
    """End the leg of the first round where nothing of the package is missing; part of a deed."""
    missing = missing_items(cases.values())
    finish_legs({key: case for key, case in cases.items() if not missing[key]}, "first_service_round", at=at, by=by)
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


def close_cases(outcomes: Mapping[int, str], *, by: Any, at: datetime) -> None:
    """Close cases (by key) with an outcome that one person may record. Raises NotAllowedNow for one that is closed,
    ValueError for a way out: those are proposed and confirmed (`bangfu.cases.ways_out`).
    """
    if set(NEED_SECOND) & set(outcomes.values()):
        raise ValueError("a way out needs a second person")
    end_cases(outcomes, by=by, at=at)


@transaction.atomic
def end_cases(outcomes: Mapping[int, str], *, by: Any, at: datetime) -> None:
    """Close cases (by key), part of a deed. Raises NotAllowedNow for one that is closed.

    A job, a training place or a post ends the last leg; what else still runs is exempt. "No will" becomes a fact.
    """
    cases = locked_cases(outcomes, "close")
    happy = {key: case for key, case in cases.items() if outcomes[key] in HAPPY}
    finish_legs(happy, "outcome", at=at, by=by)
    leave_out(cases, at=at)
    for case in cases.values():
        case.outcome, case.closed_at = outcomes[case.pk], at
    Case.objects.bulk_update(cases.values(), ["outcome", "closed_at"], batch_size=500)
    unwilling = [case.person_id for case in cases.values() if case.outcome == Outcome.NO_WILL]
    if unwilling:
        how = Recorded(on=localdate(at), source=Source.OFFICER, by=by, at=at, decided=True)
        record_facts(Intent, {person: {"will_work": False} for person in unwilling}, how)
    add_clock({case.pk: at for case in cases.values() if case.outcome in WORK}, clockwork.FOLLOW_UP)
    remark_legs(cases.values())
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
    found = locked_cases(cases, "assign")
    Case.objects.filter(pk__in=list(found)).update(helper=helper)
    persons = [case.person_id for case in found.values()]
    record("cases.assigned", by=by, at=at, count=len(found), persons=persons, facts={"helper": helper.pk})


def locked_cases(keys: Iterable[int], verb: str) -> dict[int, Case]:
    """These open cases by key, locked until the deed is done. Raises NotAllowedNow with the verb for a closed one."""
    wanted = set(keys)
    cases = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=wanted)}
    stuck = [key for key in wanted if key not in cases or cases[key].closed_at]
    if stuck:
        raise NotAllowedNow(stuck, verb)
    return cases
