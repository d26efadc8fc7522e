"""From the register to the arrays of the matching core: who seeks, what is open, what is held already."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import Q, QuerySet

from bangfu.cases.models import Case
from bangfu.core.matching.facts import Post as PostFacts
from bangfu.core.matching.facts import Range, Worker
from bangfu.core.matching.pairs import eligible_edges
from bangfu.core.matching.problem import Edges, Terms, terms_of
from bangfu.core.retirement import full_years
from bangfu.employers.models import Post
from bangfu.employers.queries import open_posts
from bangfu.people.choices import Education
from bangfu.people.models import Condition, Intent, Job
from bangfu.placements.models import Offer, OfferState
from bangfu.placements.weighing import MatchingRule

LIVE = (OfferState.PROPOSED, OfferState.THINKING, OfferState.ACCEPTED)
LEVELS = 5
EDUCATION_RANKS = {name: rank for rank, name in enumerate(Education.values)}


@dataclass(frozen=True, eq=False)
class Problem:
    """Cases and posts in the order of the arrays; `edges` and `terms` are what the core solves."""

    cases: Sequence[Case]
    posts: Sequence[Post]
    workers: Sequence[Worker]
    post_facts: Sequence[PostFacts]
    minimum_wages: Sequence[Decimal | None]
    edges: Edges
    terms: Terms
    held: Sequence[int]


def pose(cases: Sequence[Case], on: date, rule: MatchingRule) -> Problem:
    """The matching problem of these open cases (with their persons loaded) and all posts open on the day."""
    posts = list(open_posts(on).select_related("employer").order_by("id"))
    workers = worker_facts(cases, on, rule)
    facts = [post_facts(post) for post in posts]
    minimums = [rule.minimum_wage(post.place, on) if post.place else None for post in posts]
    edges = eligible_edges(
        workers, facts, minimum_wages=minimums, weights=rule.weights, without=_offered_before(cases, posts, on, rule)
    )
    held = _held(cases, on)
    terms = terms_of(
        _room(posts, on, rule),
        workers=len(cases),
        held=np.minimum(held, rule.offers),
        bonus=rule.bonus,
    )
    return Problem(cases, posts, workers, facts, minimums, edges, terms, held)


def worker_facts(cases: Sequence[Case], on: date, rule: MatchingRule) -> list[Worker]:
    """What matching knows of the person of each case."""
    persons = [case.person_id for case in cases]
    intents = {row.person_id: row for row in Intent.objects.open().filter(person__in=persons)}
    schooling = dict(Condition.objects.open().filter(person__in=persons).values_list("person_id", "education"))
    jobs: dict[int, list[Job]] = defaultdict(list)
    for job in Job.objects.known().filter(person__in=persons, valid_from__lte=on).order_by("valid_from"):
        jobs[job.person_id].append(job)
    workers = []
    for case in cases:
        person, intent, held = case.person, intents.get(case.person_id), jobs[case.person_id]
        wages = [job.wage_amount for job in held if job.wage_amount is not None]
        reach: Range | None = intent.reach if intent and intent.reach else None  # type: ignore[assignment]
        workers.append(
            Worker(
                age=full_years(person.born_on, on),
                home=case.division[:6],
                willing=reach,
                wage_floor=intent.wage_floor_amount if intent else None,
                last_wage=wages[-1] if wages else None,
                known=frozenset(job.occupation for job in held if job.occupation),
                wished=frozenset({intent.wished_occupation} - {""}) if intent else frozenset(),
                education=EDUCATION_RANKS.get(schooling.get(case.person_id, "")),
                priority=rule.priority.get(person.standing.category, 0),
            )
        )
    return workers


def post_facts(post: Post) -> PostFacts:
    """What matching knows of a vacancy."""
    return PostFacts(
        county=post.place[:6] or None,
        wage_low=post.wage_low_amount,
        wage_high=post.wage_high_amount,
        occupation=post.occupation,
        title=post.title,
        education_required=EDUCATION_RANKS.get(post.education, 0),
        level_required=_level_rank(post.level),
        age_low=post.age_low,
        age_high=post.age_high,
        lodging=bool(post.lodging) if post.lodging else None,
        insured=post.insured,
        openings=post.headcount,
    )


def _level_rank(level: int | None) -> int | None:
    """National levels fall from 5 (junior) to 1 (senior technician); matching counts upwards, 0 for none asked."""
    return LEVELS + 1 - level if level else level


def live_offers(on: date) -> QuerySet[Offer]:
    """Offers that hold a place on the day."""
    return Offer.objects.filter(state__in=LIVE, holds_until__gte=on)


def _held(cases: Sequence[Case], on: date) -> list[int]:
    held = Counter(live_offers(on).filter(case__in=[case.pk for case in cases]).values_list("case_id", flat=True))
    return [held[case.pk] for case in cases]


def _room(posts: Sequence[Post], on: date, rule: MatchingRule) -> list[int]:
    live = Counter(live_offers(on).values_list("post_id", flat=True))
    hired = Counter(Offer.objects.filter(state=OfferState.HIRED).values_list("post_id", flat=True))
    return [max(0, max(0, post.headcount - hired[post.pk]) * rule.exposure - live[post.pk]) for post in posts]


def _offered_before(
    cases: Sequence[Case], posts: Sequence[Post], on: date, rule: MatchingRule
) -> list[tuple[int, int]]:
    rows = {case.person_id: at for at, case in enumerate(cases)}
    columns = {post.pk: at for at, post in enumerate(posts)}
    lately = Q(offered_on__gt=on - timedelta(days=rule.repeat_days))
    same_case = Q(case__in=[case.pk for case in cases])
    pairs = Offer.objects.filter(lately | same_case, case__person__in=list(rows)).values_list(
        "case__person_id", "post_id"
    )
    return sorted({(rows[person], columns[post]) for person, post in pairs if post in columns})
