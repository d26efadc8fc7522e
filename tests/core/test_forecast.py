"""The forecast: earliest deadline first at the pace of the last weeks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.calendar import WorkCalendar
from bangfu.core.forecast import Due, expected_misses, horizon_end

DAYS = WorkCalendar(years=frozenset({2026}), holidays=frozenset(), swapped_in=frozenset())
MONDAY = date(2026, 6, 29)


def misses(lasts, pace, today=MONDAY):
    legs = [Due(number, "pool", MONDAY + timedelta(days=last)) for number, last in enumerate(lasts)]
    return expected_misses(legs, {"pool": pace}, today, DAYS)


@pytest.mark.parametrize(
    ("lasts", "pace", "missed"),
    [
        ([0], 1, set()), ([0, 0], 1, {1}), ([0, 0], 2, set()), ([1, 0], 1, set()), ([4], 0.2, set()), ([3], 0.2, {0}),
        ([6], 0.2, set()),  # Sunday: five working days from Monday on
        ([0, 1, 2], 0, {0, 1, 2}), ([-3, 0], 1, {1}),  # what is overdue is worked off first and not named
    ],
)  # fmt: skip
def test_the_nth_is_done_when_the_pace_allows(lasts, pace, missed):
    assert misses(lasts, pace) == missed


def test_a_pool_that_nobody_works_off_misses_everything():
    legs = [Due("a", "known", MONDAY), Due("b", "unknown", MONDAY)]
    assert expected_misses(legs, {"known": 1.0}, MONDAY, DAYS) == {"b"}


@pytest.mark.parametrize(
    ("today", "end"), [(MONDAY, date(2026, 7, 10)), (date(2026, 7, 4), date(2026, 7, 17))]
)  # fmt: skip
def test_the_horizon_counts_today_where_it_is_worked(today, end):
    assert horizon_end(today, 10, DAYS) == end


@given(st.lists(st.integers(0, 20), max_size=30), st.floats(0.1, 5), st.floats(0, 5))
def test_more_pace_never_misses_more(lasts, pace, more):
    assert misses(lasts, pace + more) <= misses(lasts, pace)


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5))
def test_nothing_is_missed_exactly_when_every_deadline_leaves_room_for_what_is_due_by_then(lasts, pace):
    ends = [MONDAY + timedelta(days=last) for last in lasts]
    room = all(
        sum(other <= end for other in ends) <= pace * DAYS.workdays_between(MONDAY, end) for end in ends
    )  # fmt: skip
    assert (misses(lasts, pace) == set()) is room
