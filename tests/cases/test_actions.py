"""Cases: their clocks, their legs, what closes them."""

from datetime import datetime, timedelta

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
from bangfu.cases.clockwork import backlog_deadlines, deadlines
from bangfu.cases.models import Case, Cause, Leg, Service, Survey
from bangfu.cases.settling import close_cases_of_employed
from bangfu.people.models import Intent, Standing
from tests.factories import NOON, VILLAGE, ZONE, JobFactory, PersonFactory, PostFactory
from tests.home.situations import leave

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def opened(person, by=None, at=NOON, **more):
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=by, at=at, **more)[person.pk]
    return Case.objects.get(pk=key)


def leg(case, stage):
    return Leg.objects.get(case=case, stage=stage)


def test_the_three_deadlines_of_2473():
    survey, round_, outcome = deadlines(datetime(2026, 2, 11, 10, tzinfo=ZONE))
    assert survey[1] == datetime(2026, 2, 12, 10, tzinfo=ZONE)
    assert round_[1] == datetime(2026, 2, 28, tzinfo=ZONE)  # 24:00 of 27 February, over Spring Festival
    assert outcome[1] == datetime(2026, 5, 12, tzinfo=ZONE)


@pytest.mark.parametrize(("hour", "due"), [(2, 8), (8, 8), (9, 9)])
def test_a_case_of_the_machine_begins_no_earlier_than_eight(hour, due):
    case = opened(PersonFactory(), at=datetime(2026, 6, 30, hour, tzinfo=ZONE))
    assert leg(case, "need_survey").due_at == datetime(2026, 7, 1, due, tzinfo=ZONE)


def test_a_request_at_night_begins_at_once(officer):
    case = opened(PersonFactory(), by=officer, at=datetime(2026, 6, 30, 2, tzinfo=ZONE))
    assert leg(case, "need_survey").due_at == datetime(2026, 7, 1, 2, tzinfo=ZONE)


def test_the_backlog_of_a_town_is_spread_over_twenty_working_days():
    days = [backlog_deadlines(NOON.date(), place, 40)[0][1] for place in range(40)]
    assert days == sorted(days)
    assert len(set(days)) == 20
    assert days[0] == datetime(2026, 7, 2, tzinfo=ZONE)  # the end of the first working day after 30 June
    assert days[-1] == datetime(2026, 7, 29, tzinfo=ZONE)


def test_a_second_reason_joins_the_open_case(officer):
    person = PersonFactory()
    case = opened(person, by=officer)
    open_cases([Opening(person.pk, VILLAGE, "insurance_stopped")], by=None, at=NOON)
    open_cases([Opening(person.pk, VILLAGE, "insurance_stopped")], by=None, at=NOON)
    assert Case.objects.get() == case
    assert sorted(Cause.objects.values_list("code", flat=True)) == ["insurance_stopped", "own_request"]


@pytest.mark.parametrize(("late", "result"), [(-1, "on_time"), (0, "late"), (1, "late")])
def test_a_survey_is_on_time_until_its_deadline(officer, late, result):
    case = opened(PersonFactory(), by=officer)
    at = leg(case, "need_survey").due_at + timedelta(seconds=late)
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", "k", wished_occupation="焊工")], by=officer, at=at)
    assert leg(case, "need_survey").result == result
    assert Intent.objects.open().get().wished_occupation == "焊工"
    assert Standing.objects.get().leg == "first_service_round"


@pytest.mark.parametrize("finding", ["not_so", "changed"])
def test_a_false_alarm_closes_the_case(officer, finding):
    case = opened(PersonFactory(), by=officer)
    survey_cases([NeedSurvey(case.pk, finding, "phone", "k")], by=officer, at=NOON)
    case.refresh_from_db()
    assert case.outcome == "false_alarm"
    assert leg(case, "need_survey").result == "on_time"
    assert leg(case, "outcome").result == "exempt"
    assert Standing.objects.get().leg == ""


def test_sending_a_survey_twice_records_it_once(officer):
    case = opened(PersonFactory(), by=officer)
    survey = NeedSurvey(case.pk, "confirmed", "phone", "k")
    assert survey_cases([survey], by=officer, at=NOON) == 1
    assert survey_cases([survey], by=officer, at=NOON) == 0
    assert Survey.objects.count() == 1


def test_a_refusal_changes_nothing(officer):
    one, other = opened(PersonFactory(), by=officer), opened(PersonFactory(), by=officer)
    leave(one, "moved_out", officer, NOON)
    surveys = [NeedSurvey(case.pk, "confirmed", "phone", f"k{case.pk}") for case in (one, other)]
    with pytest.raises(NotAllowedNow) as refused:
        survey_cases(surveys, by=officer, at=NOON)
    assert refused.value.cases == [one.pk]
    assert not Survey.objects.exists()
    assert leg(other, "need_survey").result == ""


def package(case, posts, answered=True):
    answer = "thinking" if answered else "unreachable"
    return [
        ServiceGiven(case.pk, "guidance", "visit", answer, "g", title="求职方向"),
        ServiceGiven(case.pk, "training_offer", "visit", answer, "t", title="电工班"),
        *(ServiceGiven(case.pk, "job_offer", "visit", answer, f"o{post.pk}", post=post.pk) for post in posts),
    ]


@pytest.mark.parametrize(
    ("posts", "found", "result"),
    [(3, None, "on_time"), (2, None, ""), (2, 2, "on_time"), (0, 0, "on_time"), (1, 2, "")],
)
def test_the_round_is_complete_at_131_or_when_all_that_was_found_is_offered(officer, posts, found, result):
    case = opened(PersonFactory(), by=officer)
    Case.objects.filter(pk=case.pk).update(posts_found=found)
    give_services(package(case, PostFactory.create_batch(posts)), by=officer, at=NOON)
    assert leg(case, "first_service_round").result == result


def test_the_same_post_offered_again_changes_the_answer_only(officer):
    case, post = opened(PersonFactory(), by=officer), PostFactory()
    for answer, key in (("thinking", "a"), ("accepted", "b")):
        give_services([ServiceGiven(case.pk, "job_offer", "phone", answer, key, post=post.pk)], by=officer, at=NOON)
    assert [service.answer for service in Service.objects.all()] == ["accepted"]


def test_no_will_becomes_a_fact(officer):
    case = opened(PersonFactory(), by=officer)
    leave(case, "no_will", officer, NOON)
    assert Intent.objects.open().get().will_work is False
    assert Standing.objects.get().will_work is False


@pytest.mark.parametrize(("days", "closed"), [(-1, 0), (0, 1)])
def test_a_job_found_since_the_opening_closes_the_case(officer, days, closed):
    person = PersonFactory()
    opened(person, by=officer)
    JobFactory(person=person, valid_from=NOON.date() + timedelta(days=days))
    assert close_cases_of_employed(NOON.date(), at=NOON) == closed
    assert Case.objects.filter(outcome="employed").count() == closed
