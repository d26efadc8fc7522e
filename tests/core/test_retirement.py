"""The gradual delay of the retirement age, both sides of each step."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.retirement import DELAYS, add_months, delay_months, of_working_age, retires_on

kinds = st.sampled_from(sorted(DELAYS))
births = st.dates(date(1940, 1, 1), date(2010, 12, 31))


@pytest.mark.parametrize(
    ("kind", "born_on", "delay", "retires"),
    [
        ("man", date(1964, 12, 31), 0, date(2024, 12, 31)),
        ("man", date(1965, 1, 1), 1, date(2025, 2, 1)),
        ("man", date(1965, 4, 30), 1, date(2025, 5, 30)),
        ("man", date(1965, 5, 1), 2, date(2025, 7, 1)),
        ("man", date(1976, 8, 15), 35, date(2039, 7, 15)),
        ("man", date(1976, 9, 15), 36, date(2039, 9, 15)),
        ("man", date(1990, 9, 15), 36, date(2053, 9, 15)),
        ("woman_55", date(1969, 12, 31), 0, date(2024, 12, 31)),
        ("woman_55", date(1970, 1, 1), 1, date(2025, 2, 1)),
        ("woman_55", date(1981, 9, 1), 36, date(2039, 9, 1)),
        ("woman_50", date(1974, 12, 31), 0, date(2024, 12, 31)),
        ("woman_50", date(1975, 1, 31), 1, date(2025, 2, 28)),
        ("woman_50", date(1975, 2, 1), 1, date(2025, 3, 1)),
        ("woman_50", date(1975, 3, 1), 2, date(2025, 5, 1)),
        ("woman_50", date(1984, 10, 31), 59, date(2039, 9, 30)),
        ("woman_50", date(1984, 11, 1), 60, date(2039, 11, 1)),
    ],
)
def test_steps(kind, born_on, delay, retires):
    assert delay_months(kind, born_on) == delay
    assert retires_on(kind, born_on) == retires


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2016, 2, 13), False),
        (date(2016, 2, 14), True),
        (date(2063, 2, 13), True),
        (date(2063, 2, 14), False),
    ],
)
def test_working_age(on, expected):
    assert of_working_age("man", date(2000, 2, 14), on) is expected


@given(kinds, births)
def test_the_delay_stays_between_nothing_and_its_cap(kind, born_on):
    assert 0 <= delay_months(kind, born_on) <= DELAYS[kind].cap


@given(kinds, births, births)
def test_the_younger_never_retire_first(kind, one, other):
    first, second = sorted((one, other))
    assert retires_on(kind, first) <= retires_on(kind, second)


@given(births, st.integers(0, 900))
def test_adding_months_keeps_the_day_or_takes_the_last(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and add_months(later, 1).day >= later.day)
