"""Asking people some days after they began to work whether the job lasts; who lost it again gets a new case at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow, Opening, open_cases
from bangfu.cases.choices import Channel
from bangfu.cases.clockwork import FOLLOW_UP
from bangfu.cases.course_models import FollowUp, StillThere
from bangfu.cases.legs import finish_legs, remark_legs
from bangfu.cases.models import Case, Leg
from bangfu.core.keys import new_keys
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import end_open_jobs
from bangfu.people.recorded import Recorded

LOST_AGAIN = "lost_after_placement"
"""The cause of a case that a follow-up opens."""


@dataclass(frozen=True)
class Asked:
    """What one person said when followed up; `case` is the closed one that ended in work."""

    case: int
    found: str
    channel: str
    client_key: str
    wage_amount: Decimal | None = None
    words: str = ""


@transaction.atomic
def record_follow_ups(asked: Sequence[Asked], *, by: Any, at: datetime) -> int:
    """Record follow-ups, each for the first follow-up leg of its case that still runs; returns how many were new.

    "Out of work again" ends the open job today and opens a new case; "not reached" leaves the leg running, to be tried
    again. Raises NotAllowedNow where no follow-up runs any more.
    """
    known = set(
        FollowUp.objects.filter(client_key__in=[one.client_key for one in asked]).values_list("client_key", flat=True)
    )
    fresh = [one for one in asked if one.client_key not in known]
    cases = {case.pk: case for case in Case.objects.select_for_update().filter(pk__in=[one.case for one in fresh])}
    stages = _first_legs(cases)
    stuck = [one.case for one in fresh if one.case not in stages]
    if stuck:
        raise NotAllowedNow(stuck, "follow_up")
    FollowUp.objects.bulk_create(
        FollowUp(
            id=key, case_id=one.case, stage=stages[one.case], found=one.found, channel=one.channel,
            wage_amount=one.wage_amount, words=one.words, asked_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    reached: dict[str, list[int]] = {}
    for one in fresh:
        if one.found != StillThere.UNREACHABLE:
            reached.setdefault(stages[one.case], []).append(one.case)
    for stage, some in reached.items():
        finish_legs(some, stage, at=at, by=by)
    remark_legs(cases.values())
    _open_again([one for one in fresh if one.found == StillThere.LOST], cases, by=by, at=at)
    persons = [case.person_id for case in cases.values()]
    record("cases.followed_up", by=by, at=at, count=len(fresh), persons=persons)
    return len(fresh)


def _first_legs(cases: Sequence[int] | dict[int, Case]) -> dict[int, str]:
    """For each of these cases the first follow-up stage that runs."""
    rows = Leg.objects.filter(case__in=list(cases), clock=FOLLOW_UP, done_at__isnull=True).order_by("-sequence")
    return dict(rows.values_list("case_id", "stage"))


def _open_again(lost: Sequence[Asked], cases: dict[int, Case], *, by: Any, at: datetime) -> None:
    for met in (True, False):
        some = [one for one in lost if (one.channel in {Channel.VISIT, Channel.HALL}) is met]
        if not some:
            continue
        how = Recorded(on=localdate(at), source=Source.VISIT if met else Source.PERSON, by=by, at=at, decided=True)
        end_open_jobs({cases[one.case].person_id: localdate(at) for one in some}, how)
    openings = [
        Opening(cases[one.case].person_id, cases[one.case].division, LOST_AGAIN, {"channel": one.channel})
        for one in lost
    ]
    if openings:
        open_cases(openings, by=by, at=at)
