"""Rounds of matching, answers to offers, hires."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow, ServiceGiven, close_cases, give_services, note_posts_found
from bangfu.cases.choices import Answer, Outcome, ServiceKind
from bangfu.cases.models import Case
from bangfu.cases.queries import known_services
from bangfu.core.keys import new_key, new_keys
from bangfu.core.matching.fit import fit
from bangfu.core.matching.solve import Solution, solve
from bangfu.core.matching.verify import verify
from bangfu.divisions.ranges import county_of
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import start_jobs
from bangfu.people.queries import unmatched_by_wish
from bangfu.people.recorded import Recorded
from bangfu.placements.models import Offer, OfferState, Round, Shortage
from bangfu.placements.problem import Problem, pose
from bangfu.placements.weighing import MatchingRule, matching_rule

_STATES = {
    Answer.ACCEPTED: OfferState.ACCEPTED,
    Answer.THINKING: OfferState.THINKING,
    Answer.REFUSED: OfferState.REFUSED,
    Answer.UNREACHABLE: OfferState.UNREACHABLE,
}


@dataclass(frozen=True)
class OfferAnswer:
    """What the person said to an offer; `client_key` makes a repeated sending harmless."""

    offer: int
    answer: str
    channel: str
    client_key: str
    reason: str = ""


def match_open_cases(on: date, *, at: datetime) -> int:
    """One round of matching for each county with open cases; returns how many offers were made.

    Persons who objected to automatic matching are left to the officers. A second round of the same day only fills
    what is still free, so running it again makes nothing twice.
    """
    counties: dict[str, list[Case]] = defaultdict(list)
    cases = Case.objects.filter(closed_at__isnull=True, opened_at__lte=at).select_related("person__standing")
    cases = cases.exclude(person__in=unmatched_by_wish())
    for case in cases.order_by("id"):
        counties[county_of(case.division)].append(case)
    return sum(_match_county(county, rows, on, at=at) for county, rows in sorted(counties.items()))


@transaction.atomic
def _match_county(county: str, cases: Sequence[Case], on: date, *, at: datetime) -> int:
    rule = matching_rule()
    problem = pose(cases, on, rule)
    solution = solve(problem.edges, problem.terms)
    verdict = verify(
        problem.edges, problem.terms, solution.offers, solution.prices, scale=solution.scale,
        claimed=solution.certificate,
    )  # fmt: skip
    if not verdict.ok:
        raise AssertionError("the certificate of a round of matching does not hold")
    offers = _offers_of(problem, solution, on, rule)
    run = _round_of(county, solution, len(cases), bool(offers), on, at)
    for offer in offers:
        offer.round = run
    Offer.objects.bulk_create(offers, batch_size=1000)
    run.offers = run.offer_rows.count()
    run.save(update_fields=["offers"])
    _note_shortages(run, problem, offers, rule, at=at)
    record("placements.matched", by=None, at=at, count=len(offers), division=county, facts={"round": run.pk})
    return len(offers)


def _round_of(county: str, solution: Solution, cases: int, is_new: bool, on: date, at: datetime) -> Round:
    """The round of the day; run again without a new offer it keeps its certificate."""
    run = Round.objects.filter(acted_on=on, division=county).first()
    if run is not None and not is_new:
        return run
    run = run or Round(id=new_key(), acted_on=on, division=county, offers=0)
    run.ran_at, run.cases = at, cases
    run.certificate = {**solution.certificate.as_dict(), "verified": True}
    run.save()
    return run


def _offers_of(problem: Problem, solution: Solution, on: date, rule: MatchingRule) -> list[Offer]:
    rows = [(at, int(post)) for at, chosen in enumerate(solution.offers) for post in chosen if post >= 0]
    offers = []
    for key, (at, column) in zip(new_keys(len(rows)), rows, strict=True):
        judged = fit(
            problem.workers[at],
            problem.post_facts[column],
            minimum_wage=problem.minimum_wages[column],
            weights=rule.weights,
        )
        offers.append(
            Offer(
                id=key, case=problem.cases[at], post=problem.posts[column], score=judged.score,
                reasons=judged.as_dict(), offered_on=on, holds_until=on + timedelta(days=rule.hold_days),
            )
        )  # fmt: skip
    return offers


def _note_shortages(run: Round, problem: Problem, offers: Sequence[Offer], rule: MatchingRule, *, at: datetime) -> None:
    """Write down who got fewer offers than are sought, and let the first round of services count what was found."""
    made = Counter(offer.case_id for offer in offers)
    ever = Counter(Offer.objects.filter(case__in=problem.cases).values_list("case_id", flat=True))
    short, found = [], {}
    for at_row, case in enumerate(problem.cases):
        total = problem.held[at_row] + made[case.pk]
        eligible = int(problem.edges.ptr[at_row + 1] - problem.edges.ptr[at_row])
        if total < rule.offers:
            reason = "no_eligible_post" if eligible == 0 else "few_eligible_posts"
            reason = "priced_out" if eligible > made[case.pk] else reason
            short.append((case, total, reason))
        was_short = case.posts_found is not None and ever[case.pk] > case.posts_found
        if was_short or (total < rule.offers and ever[case.pk] < rule.offers):
            found[case.pk] = ever[case.pk]  # a later round may find more: then more is asked again
    Shortage.objects.filter(round=run).delete()
    Shortage.objects.bulk_create(
        Shortage(id=key, round=run, case=case, found=total, reason=reason)
        for key, (case, total, reason) in zip(new_keys(len(short)), short, strict=True)
    )
    note_posts_found(found, at=at)


@transaction.atomic
def answer_offers(answers: Sequence[OfferAnswer], *, by: Any, at: datetime) -> int:
    """Record what persons said to offers, each as a delivered item of the package; returns how many were new.

    An answer sent before changes nothing. Raises NotAllowedNow for an offer whose case is closed or that became
    a job already.
    """
    known = known_services(one.client_key for one in answers)
    answers = [one for one in answers if one.client_key not in known]
    offers = {
        offer.pk: offer for offer in Offer.objects.select_for_update().filter(pk__in=[one.offer for one in answers])
    }
    final = {OfferState.HIRED, OfferState.FELL_THROUGH}
    stuck = [one.offer for one in answers if one.offer not in offers or offers[one.offer].state in final]
    if stuck:
        raise NotAllowedNow(stuck, "answer")
    for one in answers:
        offer = offers[one.offer]
        offer.state, offer.answered_at, offer.by = _STATES[Answer(one.answer)], at, by
    Offer.objects.bulk_update(offers.values(), ["state", "answered_at", "by"], batch_size=500)
    services = [
        ServiceGiven(
            case=offers[one.offer].case_id, kind=ServiceKind.JOB_OFFER, channel=one.channel, answer=one.answer,
            client_key=one.client_key, post=offers[one.offer].post_id, reason=one.reason,
        )
        for one in answers
    ]  # fmt: skip
    return give_services(services, by=by, at=at)


@transaction.atomic
def hire(offers: Sequence[int], *, start_on: date, by: Any, at: datetime) -> None:
    """Accepted offers become jobs from a day on; the cases close as employed, their other offers fall through.

    Raises NotAllowedNow for an offer that was not accepted or whose post has no place left.
    """
    rows = list(
        Offer.objects.select_for_update(of=("self",)).filter(pk__in=offers).select_related("post__employer", "case")
    )
    stuck = [row.pk for row in rows if row.state != OfferState.ACCEPTED]
    taken: dict[int, int] = defaultdict(int)
    for post in Offer.objects.filter(post__in=[row.post_id for row in rows], state=OfferState.HIRED).values_list(
        "post_id", flat=True
    ):
        taken[post] += 1
    for row in rows:
        taken[row.post_id] += 1
        if taken[row.post_id] > row.post.headcount:
            stuck.append(row.pk)
    if stuck or len(rows) != len(set(offers)):
        raise NotAllowedNow(stuck or offers, "hire")
    for row in rows:
        row.state = OfferState.HIRED
    Offer.objects.bulk_update(rows, ["state"])
    how = Recorded(on=localdate(at), source=Source.OFFICER, by=by, at=at, decided=True)
    start_jobs([_job_of(row, start_on) for row in rows], how)
    cases = {row.case_id: Outcome.EMPLOYED for row in rows}
    close_cases(cases, by=by, at=at)
    others = Offer.objects.filter(case__in=list(cases)).exclude(state__in=(OfferState.HIRED, OfferState.REFUSED))
    others.update(state=OfferState.FELL_THROUGH, answered_at=at)
    persons = [row.case.person_id for row in rows]
    record("placements.hired", by=by, at=at, count=len(rows), persons=persons)


def _job_of(offer: Offer, start_on: date) -> dict[str, Any]:
    post = offer.post
    return {
        "person": offer.case.person_id, "start": start_on, "employer": post.employer.name,
        "uscc": post.employer.uscc, "place": post.place, "occupation": post.title,
        "wage_amount": post.wage_low_amount, "insured": post.insured, "channel": "job_referral",
    }  # fmt: skip
