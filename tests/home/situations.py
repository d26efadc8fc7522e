"""Situations of casework, made through the real actions."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from bangfu.cases.actions import NeedSurvey, Opening, open_cases, survey_cases
from bangfu.cases.models import Case
from bangfu.cases.pausing import Tried, note_attempts
from bangfu.cases.ways_out import Decision, Proposal, decide_ways_out, propose_ways_out
from bangfu.core.keys import new_key
from bangfu.placements.models import Offer
from tests.factories import EmployerFactory, PersonFactory, PostFactory, UserFactory

PARTS = [
    {"code": "skill", "points": 2867, "of": 4000, "values": {"match": 3, "level": 0, "known": True}},
    {"code": "wage", "points": 1291, "of": 2000, "values": {"wage": "3900.00", "reference": "3500.00"}},
    {"code": "distance", "points": 1500, "of": 1500, "values": {"distance": "county"}},
    {"code": "preference", "points": 487, "of": 1500, "values": {"occupation": 50, "insurance": 0}},
    {"code": "priority", "points": 0, "of": 1000, "values": {"class": 0}},
]
UNKNOWN = [{"code": "too_far", "values": {"distance": "county", "willing": None}}]


def key() -> str:
    """A key as a page makes it."""
    return str(uuid4())


def open_case(by, cause="own_request", **standing):
    """An open case of a new person, by an officer, now."""
    person = PersonFactory(**{f"standing__{name}": value for name, value in standing.items()})
    opening = Opening(person.pk, person.standing.division, cause, {"channel": "phone"})
    return Case.objects.get(pk=open_cases([opening], by=by, at=timezone.now())[person.pk])


def surveyed_case(by, **standing):
    """The same after its need survey."""
    case = open_case(by, **standing)
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", key())], by=by, at=timezone.now())
    return case


def leave(case, outcome, by, at=None):
    """End a case without work as in life: one proposes, another confirms; who cannot be reached was tried on three
    days."""
    at = at or timezone.now()
    if outcome == "unreachable":
        for days in (2, 1, 0):
            note_attempts([Tried(case.pk, "phone", key())], by=by, at=at - timedelta(days=days))
    proposals = propose_ways_out([Proposal(case.pk, outcome, "入户核实")], by=by, at=at)
    decide_ways_out([Decision(one, True) for one in proposals], by=UserFactory(), at=at)


def open_posts(count):
    """Vacancies open today, each of an employer of its own."""
    today = timezone.localdate()
    days = {"posted_on": today - timedelta(days=1), "valid_until": today + timedelta(days=365)}
    return [PostFactory(employer=EmployerFactory(), **days) for _ in range(count)]


def offers_to(case, count=3, **columns):
    """Offers as a round of matching makes them, the best first."""
    today = timezone.localdate()
    return [
        Offer.objects.create(
            pk=new_key(), case=case, post=post, score=36870 - number, offered_on=today,
            reasons={"score": 36870, "barred": [], "unknown": UNKNOWN, "parts": PARTS},
            holds_until=today + timedelta(days=7), **columns,
        )
        for number, post in enumerate(open_posts(count))
    ]  # fmt: skip
