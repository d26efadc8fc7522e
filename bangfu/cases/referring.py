"""Referrals between origin and host county: sent, answered in working days, withdrawn (policy.md A13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow, locked_cases
from bangfu.cases.clockwork import deadlines
from bangfu.cases.referral_models import Referral, ReferralAnswer
from bangfu.core.keys import new_keys
from bangfu.divisions.ranges import county_of

CLOCK = "referral"
OPEN = ("", ReferralAnswer.ACCEPTED)


@dataclass(frozen=True)
class Asked:
    """A case that a county (12-digit code) is asked to help with."""

    case: int
    to_county: str
    reason: str
    client_key: str


@transaction.atomic
def send_referrals(asked: Sequence[Asked], *, by: Any, at: datetime) -> int:
    """Ask other counties to help with these cases; returns how many were new.

    Raises NotAllowedNow with the verb `close` for a closed case, `refer_home` where the county is the case's own,
    `refer_twice` where another referral of the case is open.
    """
    keys = [one.client_key for one in asked]
    known = set(Referral.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in asked if one.client_key not in known]
    cases = locked_cases([one.case for one in fresh], "close")
    home = [one.case for one in fresh if county_of(cases[one.case].division) == one.to_county]
    if home:
        raise NotAllowedNow(home, "refer_home")
    twice = list(Referral.objects.filter(case__in=list(cases), answer__in=OPEN).values_list("case_id", flat=True))
    if twice:
        raise NotAllowedNow(twice, "refer_twice")
    Referral.objects.bulk_create(
        Referral(
            id=key, case_id=one.case, from_county=county_of(cases[one.case].division), to_county=one.to_county,
            reason=one.reason, sent_at=at, sent_by=by, client_key=one.client_key,
            due_at=deadlines(at, code=CLOCK, place=one.to_county)[0].due_at,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    persons = [case.person_id for case in cases.values()]
    facts = {"to": sorted({one.to_county for one in fresh})}
    record("cases.referred", by=by, at=at, count=len(fresh), persons=persons, facts=facts)
    return len(fresh)


@transaction.atomic
def answer_referrals(referrals: Sequence[int], answer: str, said: str, *, by: Any, at: datetime) -> int:
    """Accept, reject or withdraw these referrals; returns how many were new. The same answer again changes nothing.

    Only what waits is accepted or rejected; what waits or was accepted may be withdrawn. Raises NotAllowedNow with the
    verb `referral` for anything else.
    """
    rows = {row.pk: row for row in Referral.objects.select_for_update().filter(pk__in=list(referrals))}
    fresh = [row for row in rows.values() if row.answer != answer]
    allowed = OPEN if answer == ReferralAnswer.WITHDRAWN else ("",)
    stuck = [row.pk for row in fresh if row.answer not in allowed]
    if stuck or len(rows) != len(set(referrals)):
        raise NotAllowedNow(stuck or referrals, "referral")
    for row in fresh:
        row.answer, row.said, row.answered_at, row.answered_by = answer, said, at, by
    Referral.objects.bulk_update(fresh, ["answer", "said", "answered_at", "answered_by"])
    persons = list(Referral.objects.filter(pk__in=[row.pk for row in fresh]).values_list("case__person_id", flat=True))
    record("cases.referral_answered", by=by, at=at, count=len(fresh), persons=persons, facts={"answer": answer})
    return len(fresh)
