"""Pauses: what founds one, how far the deadlines move, and what it leaves alone."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.cases.actions import (
    NeedSurvey,
    NotAllowedNow,
    Opening,
    ServiceGiven,
    give_services,
    open_cases,
    survey_cases,
)
from bangfu.cases.clockwork import deadlines
from bangfu.cases.course_models import Attempt, Pause
from bangfu.cases.models import Case, Leg
from bangfu.cases.pausing import CannotPause, PauseAsked, Tried, days_missed, end_pauses, note_attempts, pause_cases
from bangfu.core.clock import Pause as Stood
from bangfu.people.models import Standing
from tests.factories import NOON, VILLAGE, ZONE, PersonFactory
from tests.home.situations import leave

pytestmark = [pytest.mark.django_db, pytest.mark.db]
TODAY = NOON.date()


@pytest.fixture
def case(officer):
    person = PersonFactory()
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=officer, at=NOON)[person.pk]
    return Case.objects.get(pk=key)


def dues(case):
    return list(Leg.objects.filter(case=case).order_by("sequence").values_list("due_at", flat=True))


def asked(case, days=3, reason="hospital", evidence="住院证明", key="k"):
    """A pause of so many days, today the first."""
    return PauseAsked(case.pk, reason, evidence, TODAY + timedelta(days=days - 1), key)


def test_each_running_leg_moves_by_what_the_pause_takes_of_it(officer, case):
    before = dues(case)
    assert pause_cases([asked(case, 3)], by=officer, at=NOON) == 1
    survey, round_, outcome = dues(case)
    # Today's hours after noon do not count: 24 hours begin on the day after the pause.
    assert survey == datetime(2026, 7, 4, tzinfo=ZONE)
    # 30 June is day 0 and counts for nothing; 1 and 2 July were working days; a weekend lies before the next two.
    assert (before[1], round_) == (datetime(2026, 7, 10, tzinfo=ZONE), datetime(2026, 7, 14, tzinfo=ZONE))
    assert (outcome - before[2]).days == 2
    assert list(Leg.objects.filter(case=case).values_list("moved", flat=True)) == ["pause"] * 3
    assert [leg.first_due_at for leg in Leg.objects.filter(case=case).order_by("sequence")] == before
    assert Standing.objects.get(person=case.person).due_at == survey


def test_a_pause_that_ends_early_gives_back_the_days(officer, case):
    before = dues(case)
    pause_cases([asked(case, 10)], by=officer, at=NOON)
    assert end_pauses([case.pk], by=officer, at=NOON + timedelta(days=1)) == 1
    assert (dues(case)[1] - before[1]).days == 1
    pause = Pause.objects.get()
    assert (pause.last_on, pause.planned_on, pause.ended_by) == (
        TODAY + timedelta(days=1), TODAY + timedelta(days=9), officer,
    )  # fmt: skip
    assert end_pauses([case.pk], by=officer, at=NOON + timedelta(days=1)) == 0


def test_what_was_overdue_stays_overdue(officer, case):
    late = NOON + timedelta(days=2)
    survey_due = dues(case)[0]
    pause_cases(
        [PauseAsked(case.pk, "hospital", "住院证明", late.date() + timedelta(days=5), "k")], by=officer, at=late
    )
    assert dues(case)[0] == survey_due


def test_sent_twice_it_is_one_pause(officer, case):
    assert pause_cases([asked(case)], by=officer, at=NOON) == 1
    once = dues(case)
    assert pause_cases([asked(case)], by=officer, at=NOON) == 0
    assert dues(case) == once


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "holiday"}, "unknown_reason"), ({"evidence": "  "}, "no_evidence"), ({"days": 0}, "in_past"),
        ({"days": 31}, "too_long"), ({"reason": "not_contactable"}, "too_few_attempts"),
    ],
)  # fmt: skip
def test_what_the_rule_does_not_allow_changes_nothing(officer, case, change, code):
    before = dues(case)
    with pytest.raises(CannotPause) as refused:
        pause_cases([asked(case, **change)], by=officer, at=NOON)
    assert refused.value.code == code
    assert not Pause.objects.exists()
    assert dues(case) == before


def test_the_longest_pause_is_allowed_and_a_second_one_beside_it_is_not(officer, case):
    pause_cases([asked(case, 30)], by=officer, at=NOON)
    with pytest.raises(CannotPause) as refused:
        pause_cases([asked(case, 2, key="other")], by=officer, at=NOON)
    assert refused.value.code == "paused_already"


def test_a_closed_case_is_not_paused(officer, case):
    leave(case, "moved_out", officer, NOON)
    with pytest.raises(NotAllowedNow):
        pause_cases([asked(case)], by=officer, at=NOON)
    with pytest.raises(NotAllowedNow):
        note_attempts([Tried(case.pk, "phone", "a")], by=officer, at=NOON)


@pytest.mark.parametrize(("days", "allowed"), [(2, False), (3, True)])
def test_who_was_not_met_on_three_days_may_be_paused(officer, case, days, allowed):
    for number in range(days):
        for time in (0, 1):  # twice on one day counts once
            at = NOON - timedelta(days=number, hours=time)
            note_attempts([Tried(case.pk, "phone", f"{number}-{time}")], by=officer, at=at)
    ask = [asked(case, reason="not_contactable")]
    if allowed:
        assert pause_cases(ask, by=officer, at=NOON) == 1
    else:
        with pytest.raises(CannotPause):
            pause_cases(ask, by=officer, at=NOON)


def test_a_meeting_begins_the_count_anew(officer, case):
    note_attempts([Tried(case.pk, "phone", "a")], by=officer, at=NOON - timedelta(days=1))
    unanswered = ServiceGiven(case.pk, "guidance", "phone", "unreachable", "s", title="求职")
    give_services([unanswered], by=officer, at=NOON)
    assert days_missed([case.pk]) == {case.pk: 2}
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", "n")], by=officer, at=NOON + timedelta(hours=1))
    assert days_missed([case.pk]) == {case.pk: 0}
    assert note_attempts([Tried(case.pk, "visit", "a")], by=officer, at=NOON) == 0
    assert Attempt.objects.count() == 1


@given(first=st.integers(0, 120), length=st.integers(1, 30), hour=st.integers(0, 23))
def test_a_pause_never_brings_a_deadline_forward_and_moves_months_by_its_days_at_most(first, length, hour):
    starts = datetime(2026, 1, 29, hour, tzinfo=ZONE)
    begin = date(2026, 1, 29) + timedelta(days=first)
    pause = Stood(begin, begin + timedelta(days=length - 1))
    for before, after in zip(deadlines(starts), deadlines(starts, pauses=[pause]), strict=True):
        assert before.due_at <= after.due_at
        if before.stage == "outcome":
            assert after.due_at - before.due_at <= timedelta(days=length)
