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


def test_a_helper_who_never_finished_anything_misses_what_is_due(officer):
    cases = opened(officer, 3, MONDAY)
    surveyed(cases, officer, MONDAY + timedelta(hours=1))
    (load,) = forecast(legs_of(officer), MONDAY + timedelta(hours=2))
    assert (load.pool.helper, load.pool.stage, load.due, load.overdue) == (officer.pk, "first_service_round", 3, 0)
    assert sorted(load.missed) == sorted(case.pk for case in cases)


def test_a_pace_carries_what_it_can(officer):
    """Twenty surveys in the last twenty working days: one a day, so the second of two due tomorrow is missed."""
    for number in range(20):
        at = MONDAY - timedelta(days=20) + timedelta(hours=number)
        surveyed(opened(officer, 1, at), officer, at + timedelta(hours=1))
    Leg.objects.filter(stage="first_service_round").update(done_at=MONDAY, result="exempt")
    opened(officer, 3, MONDAY)
    load = next(one for one in forecast(legs_of(officer), MONDAY) if one.pool.stage == "need_survey")
    assert (load.pace, load.due, len(load.missed), load.pool.town) == (1.0, 3, 1, VILLAGE[:9])


def test_other_divisions_are_not_counted(officer, stranger):
    opened(officer, 2, MONDAY)
    assert forecast(legs_of(stranger), MONDAY) == []


def test_forecasts_of_the_past_are_held_against_what_came(officer):
    late, kept = opened(officer, 1, MONDAY - timedelta(hours=3)), opened(officer, 1, MONDAY - timedelta(hours=2))
    surveyed(kept, officer, MONDAY + timedelta(hours=1))
    surveyed(late, officer, MONDAY + timedelta(days=3))
    Leg.objects.exclude(stage="need_survey").update(done_at=MONDAY, result="exempt")
    found = measure(Leg.objects.filter(clock=CLOCK), MONDAY.date(), MONDAY.date() + timedelta(days=6))
    assert (found.weeks, found.expected, found.missed, found.both) == (1, 2, 1, 1)
    assert (found.precision, found.recall, found.error) == (0.5, 1.0, 1.0)


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
    assert {case.pk for case, _ in listed.context["cases"]} == {case.pk for case in cases}
