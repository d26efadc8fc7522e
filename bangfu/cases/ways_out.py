"""Ways out of a case that are not work: proposed by one, confirmed by another, asked again after some months."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow, Opening, end_cases, locked_cases, open_cases
from bangfu.cases.choices import NEED_SECOND, Answer, Outcome, ServiceKind
from bangfu.cases.course_models import WayOut
from bangfu.cases.models import Case, Service
from bangfu.cases.pausing import days_missed, reason_of
from bangfu.core.keys import new_keys
from bangfu.core.retirement import add_months
from bangfu.people.choices import WorkStatus

ASKED_AGAIN = "way_out_expired"
"""The cause of a case that asks again."""


@dataclass(frozen=True)
class WaysOutRule:
    """`refusals` fitting offers in a row count as no will; reasons in `not_counted` break no row and count for nothing;
    the outcomes in `again` are asked again after `months`."""

    refusals: int
    not_counted: frozenset[str]
    months: int
    again: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """Why a case should end without work, in the officer's words."""

    case: int
    outcome: str
    reason: str


@dataclass(frozen=True)
class Decision:
    """What the second person says to a proposal; `said` is needed where it is turned down."""

    proposal: int
    confirmed: bool
    said: str = ""


@lru_cache(maxsize=1)
def ways_out_rule() -> WaysOutRule:
    """The rule of rules/weights/ways_out.yaml."""
    found = yaml.safe_load((settings.RULES / "weights" / "ways_out.yaml").read_text(encoding="utf-8"))
    return WaysOutRule(
        found["refusals_in_a_row"], frozenset(found["reasons_not_counted"]), found["asked_again_after_months"],
        tuple(found["asked_again"]),
    )  # fmt: skip


@transaction.atomic
def propose_ways_out(proposals: Sequence[Proposal], *, by: Any, at: datetime) -> list[int]:
    """Propose to end these cases without work; returns the keys of the proposals, in their order.

    The clocks run on until somebody else has decided. Who proposes again what waits already changes nothing. Raises
    NotAllowedNow with the verb `close` for a closed case, `waits` where another outcome waits, `unreachable` where too
    few contacts failed on different days; ValueError for an outcome that is no way out.
    """
    if any(one.outcome not in NEED_SECOND for one in proposals):
        raise ValueError("not a way out")
    cases = locked_cases([one.case for one in proposals], "close")
    waiting = {row.case_id: row for row in WayOut.objects.filter(case__in=list(cases), confirmed__isnull=True)}
    other = [one.case for one in proposals if one.case in waiting and waiting[one.case].outcome != one.outcome]
    if other:
        raise NotAllowedNow(other, "waits")
    missed, refused = days_missed(cases), refusals_in_row(cases)
    unfounded = [
        one.case
        for one in proposals
        if one.outcome == Outcome.UNREACHABLE
        and missed[one.case] < reason_of(cases[one.case], "not_contactable").attempts
    ]
    if unfounded:
        raise NotAllowedNow(unfounded, "unreachable")
    fresh = [one for one in proposals if one.case not in waiting]
    rows = [
        WayOut(
            id=key, case_id=one.case, outcome=one.outcome, reason=one.reason, refusals=refused[one.case],
            attempts=missed[one.case], proposed_at=at, proposed_by=by,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    ]  # fmt: skip
    WayOut.objects.bulk_create(rows)
    persons = [cases[one.case].person_id for one in fresh]
    record(
        "cases.way_out_proposed", by=by, at=at, count=len(fresh), persons=persons,
        facts={"outcomes": sorted({one.outcome for one in fresh})},
    )  # fmt: skip
    found = {row.case_id: row.pk for row in [*waiting.values(), *rows]}
    return [found[one.case] for one in proposals]


@transaction.atomic
def decide_ways_out(decisions: Sequence[Decision], *, by: Any, at: datetime) -> int:
    """Confirm proposals, which ends their cases, or turn them down, which lets them run on; returns how many were
    decided now. A decision given before by anybody stays.

    Raises NotAllowedNow with the verb `second` for a proposal of the same user, `decide` for one that is not there or
    was decided otherwise, `close` for a case that is closed meanwhile.
    """
    by_key = {one.proposal: one for one in decisions}
    rows = {row.pk: row for row in WayOut.objects.select_for_update().filter(pk__in=list(by_key))}
    stuck = [key for key, one in by_key.items() if key not in rows or rows[key].confirmed not in {None, one.confirmed}]
    if stuck:
        raise NotAllowedNow([rows[key].case_id for key in stuck if key in rows] or stuck, "decide")
    open_now = [row for row in rows.values() if row.confirmed is None]
    own = [row.case_id for row in open_now if row.proposed_by_id == by.pk]
    if own:
        raise NotAllowedNow(own, "second")
    for row in open_now:
        decision = by_key[row.pk]
        row.confirmed, row.said, row.decided_at, row.decided_by = decision.confirmed, decision.said, at, by
    WayOut.objects.bulk_update(open_now, ["confirmed", "said", "decided_at", "decided_by"])
    cases = {row.case_id: row.outcome for row in open_now if row.confirmed}
    if cases:
        end_cases(cases, by=by, at=at)
    persons = list(Case.objects.filter(ways_out__in=open_now).values_list("person_id", flat=True))
    record(
        "cases.way_out_decided", by=by, at=at, count=len(open_now), persons=persons,
        facts={"confirmed": sum(row.confirmed is True for row in open_now)},
    )  # fmt: skip
    return len(open_now)


def refusals_in_row(cases: Iterable[int]) -> dict[int, int]:
    """For each case how many of its job offers, the newest first, were refused one after the other for personal
    reasons (policy.md A3)."""
    listed = list(cases)
    answers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    offers = Service.objects.filter(case__in=listed, kind=ServiceKind.JOB_OFFER).order_by("-given_at", "-id")
    for case, answer, reason in offers.values_list("case_id", "answer", "reason"):
        answers[case].append((answer, reason))
    return {case: count_refusals(answers[case], ways_out_rule().not_counted) for case in listed}


def count_refusals(answers: Iterable[tuple[str, str]], not_counted: Iterable[str]) -> int:
    """How many of these (answer, reason), the newest first, are refusals before anything else was said; refusals for a
    reason that is not counted are passed over."""
    ignored, count = set(not_counted), 0
    for answer, reason in answers:
        if answer != Answer.REFUSED:
            break
        count += reason not in ignored
    return count


@transaction.atomic
def ask_again(on: date, *, at: datetime) -> int:
    """Open a case for everybody whose way out ran out by that day and who still has no work; returns how many.

    Run again on the same day it opens nothing twice: a later case answers for the way out.
    """
    rule = ways_out_rule()
    later = Case.objects.filter(person=OuterRef("person"), opened_at__gt=OuterRef("opened_at"))
    rows = (
        Case.objects.filter(outcome__in=rule.again, closed_at__date__lte=add_months(on, -rule.months))
        .filter(~Exists(later), person__withdrawn_at__isnull=True)
        .exclude(person__standing__work_status=WorkStatus.AT_WORK)
        .values_list("person_id", "division", "outcome", "closed_at")
    )
    openings = [
        Opening(person, division, ASKED_AGAIN, {"outcome": outcome, "closed_on": localdate(closed).isoformat()})
        for person, division, outcome, closed in rows
    ]
    if openings:
        open_cases(openings, by=None, at=at)
    return len(openings)


def outcome_counts(rows: Iterable[WayOut]) -> Mapping[str, int]:
    """How many proposals there are of each outcome."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.outcome] += 1
    return counts
