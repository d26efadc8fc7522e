"""The interval of a share: published values, its bounds, and that it narrows with the sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bangfu.core.rates import share_interval


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (0, 20), (15, 148), (81, 263), (5, 56), (1000, 1000)])
def test_the_interval_is_that_of_another_program(part, whole):
    low, high = share_interval(part, whole)
    other = binomtest(part, whole).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((other.low, other.high), abs=1e-9)


def test_of_nothing_there_is_no_share():
    assert share_interval(0, 0) is None


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3)])
def test_a_part_larger_than_the_whole_is_refused(part, whole):
    with pytest.raises(ValueError, match="between nothing and the whole"):
        share_interval(part, whole)


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_it_holds_the_share_found_and_narrows_with_more(sample):
    part, whole = sample
    low, high = share_interval(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    low2, high2 = share_interval(part * 4, whole * 4)
    assert high2 - low2 < high - low
