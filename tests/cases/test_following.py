"""Follow-ups after placement, and clocks that run side by side."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bangfu.cases.actions import NotAllowedNow, Opening, close_cases, open_cases
from bangfu.cases.course_models import FollowUp
from bangfu.cases.following import Asked, record_follow_ups
from bangfu.cases.models import Case, Leg
from bangfu.people.models import Job, Standing
from tests.factories import NOON, VILLAGE, ZONE, JobFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def case(officer):
    """A case that ended in work at noon of 30 June."""
    person = PersonFactory()
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=officer, at=NOON)[person.pk]
    JobFactory(person=person, valid_from=NOON.date())
    close_cases({key: "employed"}, by=officer, at=NOON)
    return Case.objects.get(pk=key)


def running(case):
    legs = Leg.objects.filter(case=case, done_at__isnull=True).order_by("sequence")
    return list(legs.values_list("stage", flat=True))


def ask(case, found, officer, key="k", at=NOON + timedelta(days=7), **more):
    return record_follow_ups([Asked(case.pk, found, "phone", key, **more)], by=officer, at=at)


def test_work_is_followed_up_after_7_30_and_90_days(case):
    dues = Leg.objects.filter(case=case, clock="follow_up").order_by("sequence").values_list("due_at", flat=True)
    assert list(dues) == [datetime(2026, *day, tzinfo=ZONE) for day in ((7, 8), (7, 31), (9, 29))]
    standing = Standing.objects.get(person=case.person)
    assert (standing.leg, standing.due_at) == ("follow_up_7", dues[0])


@pytest.mark.parametrize("outcome", ["in_training", "false_alarm"])
def test_what_is_no_work_is_not_followed_up(officer, outcome):
    person = PersonFactory()
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=officer, at=NOON)[person.pk]
    close_cases({key: outcome}, by=officer, at=NOON)
    assert not Leg.objects.filter(clock="follow_up").exists()
    assert Standing.objects.get(person=person).leg == ""


def test_who_is_still_there_is_asked_again_later(officer, case):
    assert ask(case, "at_work", officer, wage_amount=Decimal(4200)) == 1
    assert ask(case, "at_work", officer) == 0  # sent twice
    assert running(case) == ["follow_up_30", "follow_up_90"]
    assert Leg.objects.get(stage="follow_up_7").result == "on_time"
    assert Standing.objects.get(person=case.person).leg == "follow_up_30"
    assert FollowUp.objects.get().wage_amount == 4200


def test_who_was_not_reached_is_tried_again(officer, case):
    ask(case, "unreachable", officer)
    assert running(case) == ["follow_up_7", "follow_up_30", "follow_up_90"]


def test_who_lost_it_gets_a_new_case_and_the_job_ends(officer, case):
    at = NOON + timedelta(days=7)
    ask(case, "lost", officer, at=at)
    fresh = Case.objects.get(closed_at__isnull=True)
    assert fresh.causes.get().code == "lost_after_placement"
    assert not Job.objects.true_on(at.date() + timedelta(days=1)).filter(person=case.person).exists()
    assert running(case) == []
    assert set(Leg.objects.filter(case=case, sequence__gt=1, clock="follow_up").values_list("result", flat=True)) == {
        "exempt"
    }
    assert Standing.objects.get(person=case.person).leg == "need_survey"


def test_what_is_over_is_refused_and_changes_nothing(officer, case):
    for number, found in enumerate(("at_work", "other_job", "at_work")):
        ask(case, found, officer, key=f"k{number}")
    with pytest.raises(NotAllowedNow):
        ask(case, "lost", officer, key="late")
    assert FollowUp.objects.count() == 3
    assert not Case.objects.filter(closed_at__isnull=True).exists()


def test_a_new_case_ends_the_follow_ups(officer, case):
    open_cases([Opening(case.person_id, VILLAGE, "job_did_not_last")], by=None, at=NOON + timedelta(days=3))
    assert running(case) == []
    assert Standing.objects.get(person=case.person).leg == "need_survey"
