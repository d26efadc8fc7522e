"""The forecast: how legs like it went, shifted by how one's own went."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.calendar import WorkCalendar
from bangfu.core.forecast import LONGEST, Experience, Past

DAYS = WorkCalendar(years=frozenset({2026}), holidays=frozenset(), swapped_in=frozenset())
MONDAY, FRIDAY = date(2026, 6, 1), date(2026, 6, 5)


def past(done, pool="a", starts=MONDAY, last=FRIDAY):
    """A leg from Monday to Friday, done so many days after Monday (None: never)."""
    return Past(pool, "round", starts, last, None if done is None else starts + timedelta(days=done))


@pytest.mark.parametrize(
    ("done", "left", "chance"),
    [
        ([None], 1, 1.1 / 2), ([0], 5, 0.1 / 2),
        ([0], 1, 0.1), ([0], 4, 0.1),  # done on Monday, it was open on that morning only
        ([0, 0, 0, None], 5, 1.1 / 5), ([0, 0, 0, None], 4, 1.1 / 2),
        ([4], 1, 0.1 / 2), ([5], 1, 1.1 / 2), ([None], 0, 1.1 / 2),
    ],
)  # fmt: skip
def test_what_was_still_open_teaches(done, left, chance):
    known = Experience([past(one) for one in done], DAYS)
    assert known.chance("nobody", "round", left) == pytest.approx(chance)


def test_a_deadline_on_a_sunday_has_as_many_days_left_as_on_friday():
    known = Experience([past(None, last=date(2026, 6, 7))], DAYS)
    assert known.chance("b", "round", 5) == pytest.approx(1.1 / 2)
    assert known.chance("b", "round", 6) == pytest.approx(0.1)


def test_ones_own_legs_shift_what_is_common():
    legs = [past(0, "good") for _ in range(20)] + [past(None, "bad") for _ in range(20)]
    known = Experience(legs, DAYS)
    common = 20.1 / 41
    assert known.chance("new", "round", 5) == pytest.approx(common)
    assert known.chance("good", "round", 5) == pytest.approx(10 * common / 30)
    assert known.chance("bad", "round", 5) == pytest.approx((20 + 10 * common) / 30)


def test_another_stage_teaches_nothing():
    known = Experience([past(None)], DAYS)
    assert known.chance("a", "outcome", 3) == pytest.approx(0.1)


LEGS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 20)), st.sampled_from("ab"), st.integers(0, 15)))


@given(LEGS, st.integers(0, 30))
def test_a_chance_lies_between_0_and_1_and_few_days_count_alike(legs, left):
    known = Experience([past(done, pool, last=MONDAY + timedelta(days=long)) for done, pool, long in legs], DAYS)
    assert 0 <= known.chance("a", "round", left) <= 1
    assert known.chance("a", "round", LONGEST) == known.chance("a", "round", LONGEST + left)


@given(st.integers(0, 30), st.integers(0, 30))
def test_more_misses_never_lower_a_chance(kept, missed):
    legs = [past(0)] * kept + [past(None)] * missed
    fewer, more = (Experience([*legs, past(done)], DAYS).chance("a", "round", 5) for done in (0, None))
    assert fewer <= more
