"""The 2473 clock: the vectors of policy.md F2, both sides of midnight, month ends, pauses."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core import clock
from bangfu.core.calendar import WorkCalendar, read_calendar
from bangfu.core.clock import ZONE, Pause, due_at, last_day

RULES = Path(__file__).parents[2] / "rules"
CALENDAR = read_calendar(RULES / "calendar" / "cn.yaml")
CLOCK = clock.read_clock(RULES / "clocks" / "2473.yaml")
SURVEY, ROUND, OUTCOME = CLOCK.stages
moments = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.just(datetime(2020, 1, 1, tzinfo=ZONE)),
    st.integers(0, 6 * 365 * 24 * 60),
)
days = st.dates(date(2020, 1, 1), date(2026, 6, 1))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)


def test_the_rule_file_says_24_7_3():
    found = [(stage.code, stage.duration, stage.unit, stage.origin) for stage in CLOCK.stages]
    assert found == [
        ("need_survey", 24, "hour", "case_opened"),
        ("first_service_round", 7, "working_day", "case_opened"),
        ("outcome", 3, "month", "case_opened"),
    ]
    assert CLOCK.stage("outcome") is OUTCOME
    assert CLOCK.names["en"]
    assert CLOCK.source


@pytest.mark.parametrize(
    ("opened", "last"),
    [
        (date(2026, 2, 11), date(2026, 2, 27)),  # over Spring Festival; the 14th is a worked Saturday
        (date(2026, 9, 28), date(2026, 10, 13)),  # over the National Day week; the 10th is worked
        (date(2025, 1, 24), date(2025, 2, 10)),  # the 26th is a worked Sunday
        (date(2026, 4, 30), date(2026, 5, 13)),
        (date(2025, 9, 26), date(2025, 10, 13)),  # 28 September is a worked Sunday
        (date(2026, 6, 18), date(2026, 6, 30)),  # Dragon Boat on the 19th
    ],
)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_seven_working_days(opened, last, hour):
    due = due_at(ROUND, at(opened.year, opened.month, opened.day, hour, 59), CALENDAR)
    assert due == datetime.combine(last + timedelta(days=1), datetime.min.time(), ZONE)
    assert last_day(due) == last


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (at(2026, 6, 30, 23, 59, 59), at(2026, 7, 10)),  # still the 30th
        (at(2026, 7, 1, 0, 0), at(2026, 7, 11)),  # a minute later is another day 0
        (datetime(2026, 6, 30, 15, 59, tzinfo=UTC), at(2026, 7, 10)),  # 23:59 in Shanghai
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), at(2026, 7, 11)),  # 00:00 of the next day
    ],
)
def test_the_day_is_that_of_shanghai(opened, due):
    assert due_at(ROUND, opened, CALENDAR) == due


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (at(2026, 3, 6, 17, 30), at(2026, 3, 7, 17, 30)),  # Friday: weekends do not stop the hours
        (at(2026, 2, 16, 8, 0), at(2026, 2, 17, 8, 0)),  # nor do holidays
        (at(2024, 2, 28, 10, 0), at(2024, 2, 29, 10, 0)),
        (at(2026, 12, 31, 0, 0), at(2027, 1, 1, 0, 0)),
    ],
)
def test_twenty_four_natural_hours(opened, due):
    assert due_at(SURVEY, opened, CALENDAR) == due


@pytest.mark.parametrize(
    ("opened", "last"),
    [
        (date(2026, 3, 15), date(2026, 6, 15)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),  # leap year
        (date(2023, 11, 29), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2024, 5, 29)),
        (date(2025, 10, 15), date(2026, 1, 15)),  # over the year's end
        (date(2026, 6, 30), date(2026, 9, 30)),
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 7, 3), date(2026, 10, 3)),  # a day off stays the last day
    ],
)
def test_three_months(opened, last):
    due = due_at(OUTCOME, at(opened.year, opened.month, opened.day, 12), CALENDAR)
    assert due is not None
    assert last_day(due) == last
    assert (due.hour, due.minute) == (0, 0)


def test_calendar_days_count_every_day():
    stage = clock.Stage("notice", 5, "calendar_day", "case_opened", "published", {})
    assert due_at(stage, at(2026, 2, 13, 9), CALENDAR) == at(2026, 2, 19)


def test_a_pause_shifts_working_days():
    pause = Pause(date(2026, 3, 3), date(2026, 3, 4))
    assert due_at(ROUND, at(2026, 3, 2, 9), CALENDAR) == at(2026, 3, 12)
    assert due_at(ROUND, at(2026, 3, 2, 9), CALENDAR, (pause,)) == at(2026, 3, 14)


def test_a_pause_stops_hours_and_months():
    pause = Pause(date(2026, 3, 3), date(2026, 3, 4))
    assert due_at(SURVEY, at(2026, 3, 2, 18), CALENDAR, (pause,)) == at(2026, 3, 5, 18)
    assert due_at(OUTCOME, at(2026, 3, 2, 18), CALENDAR, (pause,)) == at(2026, 6, 5)


def test_an_open_pause_leaves_no_deadline_unless_it_began_too_late():
    opened = at(2026, 3, 2, 9)
    assert due_at(ROUND, opened, CALENDAR, (Pause(date(2026, 3, 11), None),)) is None
    assert due_at(ROUND, opened, CALENDAR, (Pause(date(2026, 3, 12), None),)) == at(2026, 3, 12)


def test_a_deadline_in_a_year_without_a_notice_is_provisional():
    inside, across = at(2026, 12, 1, 9), at(2026, 12, 28, 9)
    for opened, expected in ((inside, False), (across, True)):
        due = due_at(ROUND, opened, CALENDAR)
        assert due is not None
        assert clock.is_provisional(ROUND, opened, due, CALENDAR) is expected
    due = due_at(OUTCOME, across, CALENDAR)
    assert due is not None
    assert not clock.is_provisional(OUTCOME, across, due, CALENDAR)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        (at(2026, 6, 30, 2, 15), at(2026, 6, 30, 8)),
        (at(2026, 6, 30, 7, 59, 59), at(2026, 6, 30, 8)),
        (at(2026, 6, 30, 8), at(2026, 6, 30, 8)),
        (at(2026, 6, 30, 8, 0, 1), at(2026, 6, 30, 8, 0, 1)),
        (datetime(2026, 6, 29, 18, 0, tzinfo=UTC), at(2026, 6, 30, 8)),  # 02:00 in Shanghai
    ],
)
def test_a_machine_opened_case_starts_not_before_eight(moment, start):
    assert clock.starts_at(moment) == start


def test_the_reminder_comes_at_its_share():
    assert clock.share_at(at(2026, 3, 2, 0), at(2026, 3, 12, 0), CLOCK.warn_at) == at(2026, 3, 10, 0)


stages = st.sampled_from(CLOCK.stages)
pauses = st.lists(
    st.builds(lambda first, length: Pause(first, first + timedelta(days=length)), days, st.integers(0, 20)),
    max_size=3,
)


@given(stages, moments, pauses)
def test_a_pause_never_brings_the_deadline_forward(stage, opened, paused):
    with_pause, without = due_at(stage, opened, CALENDAR, paused), due_at(stage, opened, CALENDAR)
    assert None not in (with_pause, without)
    assert with_pause >= without > opened


@given(stages, moments, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_later_opening_is_never_due_earlier(stage, opened, wait):
    sooner, later = due_at(stage, opened, CALENDAR), due_at(stage, opened + wait, CALENDAR)
    assert None not in (sooner, later)
    assert sooner <= later


@given(moments)
def test_more_days_off_never_bring_a_deadline_forward(opened):
    none_off = WorkCalendar(CALENDAR.years, frozenset(), CALENDAR.swapped_in)
    with_holidays, without = due_at(ROUND, opened, CALENDAR), due_at(ROUND, opened, none_off)
    assert None not in (with_holidays, without)
    assert with_holidays >= without


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "week"}, "unknown_unit"),
        ({"origin": "birth"}, "unknown_origin"),
        ({"duration": 0}, "bad_duration"),
        ({"duration": "7"}, "bad_duration"),
    ],
)
def test_a_bad_stage_is_refused(change, code):
    stage = {
        "code": "a",
        "name": {},
        "duration": 1,
        "unit": "hour",
        "origin": "case_opened",
        "done_when": "b",
    }
    with pytest.raises(clock.ClockError) as caught:
        clock.load_clock({"code": "1", "stages": [stage | change]})
    assert caught.value.code == code


def test_a_clock_without_stages_or_with_a_missing_key_is_refused():
    for document, code in (({"code": "1", "stages": []}, "no_stages"), ({"code": "1"}, "missing_key")):
        with pytest.raises(clock.ClockError) as caught:
            clock.load_clock(document)
        assert caught.value.code == code
    with pytest.raises(clock.ClockError):
        CLOCK.stage("fourth")
