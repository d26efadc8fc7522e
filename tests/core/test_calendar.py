"""The working-day calendar against the figures of policy.md F2."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.calendar import CalendarError, WorkCalendar, load_calendar, read_calendar

CALENDAR = read_calendar(Path(__file__).parents[2] / "rules" / "calendar" / "cn.yaml")
days = st.dates(date(2004, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("year", "workdays"),
    [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_workdays_of_a_year(year, workdays):
    assert CALENDAR.workdays_between(date(year, 1, 1), date(year, 12, 31)) == workdays


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2026, 2, 13), True),  # Friday before Spring Festival
        (date(2026, 2, 14), True),  # Saturday, worked to make up
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),  # Monday, the last day off
        (date(2026, 2, 24), True),
        (date(2026, 9, 20), True),  # Sunday, worked to make up
        (date(2026, 9, 19), False),
        (date(2026, 6, 19), False),  # Dragon Boat, a Friday
        (date(2024, 2, 29), True),  # leap day, a Thursday
        (date(2011, 12, 31), True),  # Saturday worked for New Year's Day 2012
        (date(2027, 1, 1), False),  # no notice yet: a statutory Friday
        (date(2027, 2, 8), False),  # third day of Spring Festival, a Monday
        (date(2027, 2, 9), True),
        (date(2035, 10, 1), False),  # beyond the lunar table: fixed days only
        (date(2035, 1, 2), True),
    ],
)
def test_single_days(day, is_workday):
    assert CALENDAR.is_workday(day) is is_workday


def test_all_years_with_a_notice_are_loaded():
    assert CALENDAR.years == frozenset(range(2004, 2027))
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2003, 12, 31))


def test_a_region_adds_its_own_days():
    festival, sunday = date(2026, 7, 15), date(2026, 7, 19)
    local = CALENDAR.with_days(off=[festival], worked=[sunday])
    assert (local.is_workday(festival), local.is_workday(sunday)) == (False, True)
    assert (CALENDAR.is_workday(festival), CALENDAR.is_workday(sunday)) == (True, False)


def test_a_holiday_of_its_own_ends_a_worked_weekend_day():
    assert not CALENDAR.with_days(off=[date(2026, 2, 14)]).is_workday(date(2026, 2, 14))


@pytest.mark.parametrize("text", ["0230", "1301", "0105-0101", "x", "12"])
def test_a_bad_entry_is_named(text):
    with pytest.raises(CalendarError) as caught:
        load_calendar({"notices": {2026: {"rest": text}}})
    assert (caught.value.code, caught.value.year, caught.value.entry) == ("bad_days", 2026, text)


def test_a_notice_replaces_the_expected_days():
    document = {"notices": {2026: {"rest": "0202"}}, "expected": {2026: "0303", 2027: "0303"}}
    loaded = load_calendar(document)
    assert loaded == WorkCalendar(frozenset({2026}), frozenset({date(2026, 2, 2), date(2027, 3, 3)}))


@given(days, st.integers(1, 40))
def test_the_added_day_is_a_workday_and_so_many_lie_between(day, count):
    last = CALENDAR.add_workdays(day, count)
    assert CALENDAR.is_workday(last)
    assert CALENDAR.workdays_between(day + timedelta(days=1), last) == count


@given(days)
def test_no_days_added_is_the_day_itself(day):
    assert CALENDAR.add_workdays(day, 0) == day
