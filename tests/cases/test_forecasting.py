"""The forecast over the register, its page, and forecasts of the past held against what came."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from bangfu.cases.actions import NeedSurvey, Opening, assign_helper, open_cases, survey_cases
from bangfu.cases.clockwork import CLOCK
from bangfu.cases.forecasting import forecast, legs_of, measure
from bangfu.cases.models import Case, Leg
from tests.factories import VILLAGE, ZONE, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
FORECAST = "/cases/forecast/"
MONDAY = datetime(2026, 6, 29, 8, tzinfo=ZONE)


def opened(by, count, at):
    people = [PersonFactory() for _ in range(count)]
    cases = open_cases([Opening(person.pk, VILLAGE, "own_request") for person in people], by=by, at=at)
    return [Case.objects.get(pk=cases[person.pk]) for person in people]


def surveyed(cases, by, at):
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", f"k{case.pk}") for case in cases], by=by, at=at)


def test_what_was_missed_before_is_expected_to_be_missed_again(officer):
    """Ten surveys that were all late, then two that are open with as little time left."""
    for number in range(10):
        at = MONDAY - timedelta(days=20) + timedelta(hours=number)
        surveyed(opened(officer, 1, at), officer, at + timedelta(days=4))
    Leg.objects.exclude(stage="need_survey").update(done_at=MONDAY, result="exempt")
    fresh = opened(officer, 2, MONDAY)
    (load,) = [one for one in forecast(legs_of(officer), MONDAY) if one.pool.stage == "need_survey"]
    assert (load.due, load.overdue, load.pool.town, load.pool.helper) == (2, 0, VILLAGE[:9], "")
    assert set(load.chances) == {case.pk for case in fresh}
    assert 1.8 < load.expected < 2


def test_what_ran_out_is_counted_apart(officer):
    opened(officer, 1, MONDAY - timedelta(days=2))
    loads = {load.pool.stage: load for load in forecast(legs_of(officer), MONDAY)}
    assert (loads["need_survey"].due, loads["need_survey"].overdue, loads["need_survey"].chances) == (1, 1, {})
    assert loads["first_service_round"].pool.helper == officer.pk


def test_other_divisions_are_not_counted(officer, stranger):
    opened(officer, 2, MONDAY)
    assert forecast(legs_of(stranger), MONDAY) == []


def test_forecasts_of_the_past_are_held_against_what_came(officer):
    late, kept = opened(officer, 1, MONDAY - timedelta(hours=3)), opened(officer, 1, MONDAY - timedelta(hours=2))
    surveyed(kept, officer, MONDAY + timedelta(hours=1))
    surveyed(late, officer, MONDAY + timedelta(days=3))
    Leg.objects.exclude(stage="need_survey").update(done_at=MONDAY, result="exempt")
    found = measure(Leg.objects.filter(clock=CLOCK), MONDAY.date(), MONDAY.date() + timedelta(days=6))
    assert (found.weeks, found.likely, found.missed, found.both) == (1, 0, 1, 0)
    assert found.expected == pytest.approx(0.2)  # nothing is known yet: one in ten of two
    assert (found.precision, found.recall, found.error) == (None, 0.0, pytest.approx(0.8))


@pytest.mark.parametrize("rows", [1, 25])
def test_the_page_costs_the_same_for_1_and_25_pools(client, officer, django_assert_num_queries, rows):
    now = timezone.now()
    for _ in range(rows):
        helper = UserFactory()
        cases = opened(helper, 1, now - timedelta(hours=1))
        surveyed(cases, helper, now)
        assign_helper([case.pk for case in cases], helper, by=helper, at=now)
    client.force_login(officer)
    client.get(FORECAST)
    with django_assert_num_queries(12):
        page = client.get(FORECAST)
    assert len(page.context["lines"]) == rows


def test_a_number_opens_its_cases(client, officer):
    now = timezone.now()
    cases = opened(officer, 2, now)
    surveyed(cases, officer, now)
    client.force_login(officer)
    page = client.get(FORECAST)
    (line,) = page.context["lines"]
    listed = client.get(FORECAST, {"pool": line.code})
    assert {case.pk for case, _, _ in listed.context["cases"]} == {case.pk for case in cases}
