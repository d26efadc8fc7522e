"""Matching, answering, hiring on the real register."""

from datetime import date, datetime, time, timedelta

import pytest

from bangfu.cases.actions import (
    NeedSurvey,
    NotAllowedNow,
    Opening,
    ServiceGiven,
    give_services,
    open_cases,
    survey_cases,
)
from bangfu.cases.models import Case, Leg
from bangfu.people.models import Job, Standing
from bangfu.placements.actions import OfferAnswer, answer_offers, hire, match_open_cases
from bangfu.placements.models import Offer, Round, Shortage
from tests.factories import NOON, VILLAGE, ZONE, PersonFactory, PostFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def case(officer):
    person = PersonFactory()
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=officer, at=NOON)[person.pk]
    return Case.objects.get(pk=key)


def test_a_round_makes_three_offers_and_a_second_one_none(case, on):
    PostFactory.create_batch(5)
    assert match_open_cases(on, at=NOON) == 3
    assert match_open_cases(on, at=NOON) == 0
    run = Round.objects.get()
    assert (run.cases, run.offers, run.certificate["offers_over_capacity"]) == (1, 3, 0)
    assert {offer.holds_until for offer in Offer.objects.all()} == {on + timedelta(days=7)}


def test_what_is_short_is_written_down_and_asked_no_more(case, on):
    PostFactory.create_batch(2)
    match_open_cases(on, at=NOON)
    case.refresh_from_db()
    assert case.posts_found == 2
    assert Shortage.objects.get().reason == "few_eligible_posts"


def test_no_post_is_offered_beyond_its_exposure(officer, on):
    people = PersonFactory.create_batch(8)
    open_cases([Opening(one.pk, VILLAGE, "own_request") for one in people], by=officer, at=NOON)
    post = PostFactory(headcount=1)
    match_open_cases(on, at=NOON)
    assert Offer.objects.filter(post=post).count() == 5  # exposure 5 of rules/weights/matching.yaml


def test_an_expired_or_closed_post_is_not_offered(case, on):
    PostFactory(valid_until=on - timedelta(days=1))
    PostFactory(closed_on=on)
    assert match_open_cases(on, at=NOON) == 0


def test_from_survey_to_hire(case, officer, on):
    PostFactory.create_batch(3)
    match_open_cases(on, at=NOON)
    survey_cases([NeedSurvey(case.pk, "confirmed", "visit", "k1")], by=officer, at=NOON)
    give_services(
        [
            ServiceGiven(case.pk, "guidance", "visit", "accepted", "k2", title="求职方向"),
            ServiceGiven(case.pk, "training_offer", "visit", "refused", "k3", title="电工班"),
        ],
        by=officer,
        at=NOON,
    )
    offers = list(Offer.objects.order_by("id"))
    answers = [OfferAnswer(offer.pk, "refused", "phone", f"o{offer.pk}") for offer in offers[:2]]
    answer_offers([*answers, OfferAnswer(offers[2].pk, "accepted", "phone", "o3")], by=officer, at=NOON)
    assert Leg.objects.get(case=case, stage="first_service_round").result == "on_time"
    hire([offers[2].pk], start_on=on, by=officer, at=NOON)
    case.refresh_from_db()
    assert case.outcome == "employed"
    assert Leg.objects.get(case=case, stage="outcome").result == "on_time"
    assert Job.objects.get(person=case.person).valid_from == on
    standing = Standing.objects.get(person=case.person)
    assert (standing.work_status, standing.leg, standing.due_at) == (
        "at_work",
        "follow_up_7",
        datetime.combine(on + timedelta(days=8), time(), ZONE),
    )


def test_an_offer_that_was_not_accepted_is_no_job(case, officer, on):
    PostFactory()
    match_open_cases(on, at=NOON)
    offer = Offer.objects.get()
    with pytest.raises(NotAllowedNow):
        hire([offer.pk], start_on=on, by=officer, at=NOON)
    assert not Job.objects.exists()
    assert Case.objects.get().closed_at is None


def test_more_are_not_hired_than_the_post_has_places(officer, on):
    people = PersonFactory.create_batch(2)
    open_cases([Opening(one.pk, VILLAGE, "own_request") for one in people], by=officer, at=NOON)
    PostFactory(headcount=1)
    match_open_cases(on, at=NOON)
    first, second = Offer.objects.order_by("id")
    answer_offers(
        [OfferAnswer(one.pk, "accepted", "phone", f"a{one.pk}") for one in (first, second)], by=officer, at=NOON
    )
    hire([first.pk], start_on=on, by=officer, at=NOON)
    with pytest.raises(NotAllowedNow):
        hire([second.pk], start_on=date(2026, 7, 1), by=officer, at=NOON)
    assert Job.objects.count() == 1
