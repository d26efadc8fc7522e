"""The strip of jobs: what is drawn lies inside, in order, and adds up."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.home.job_strip import LEFT, MOST_DAYS, RIGHT, WIDTH, Spell, job_strip, text_width

TODAY = date(2026, 6, 30)


def spell(start, end=None, words=("a job",)):
    return Spell(start, end, words)


def test_nobody_who_never_worked_has_a_strip():
    assert job_strip([], TODAY) is None
    assert job_strip([spell(TODAY + timedelta(days=1))], TODAY) is None
    assert job_strip([spell(TODAY - timedelta(days=4000), TODAY - timedelta(days=MOST_DAYS + 100))], TODAY) is None


def test_a_job_begun_today_is_drawn():
    strip = job_strip([spell(TODAY)], TODAY)
    assert [bar.title for bar in strip.bars] == ["a job"]
    assert strip.gaps == []
    assert strip.worked_days == 1


@pytest.mark.parametrize(
    ("end", "next_start", "days"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), []),
        (date(2026, 3, 1), date(2026, 3, 2), [1]),
        (date(2026, 3, 1), date(2026, 5, 10), [70]),
        (date(2026, 5, 10), date(2026, 3, 1), []),
    ],
)
def test_gaps_between_two_jobs(end, next_start, days):
    strip = job_strip([spell(date(2025, 8, 1), end), spell(next_start)], TODAY)
    assert [gap.days for gap in strip.gaps] == days


@pytest.mark.parametrize(
    ("end", "days"), [(None, []), (TODAY + timedelta(days=1), []), (TODAY, [1]), (TODAY - timedelta(days=14), [15])]
)
def test_the_gap_since_the_last_job_counts_today(end, days):
    strip = job_strip([spell(date(2025, 8, 1), end)], TODAY)
    assert [gap.days for gap in strip.gaps] == days


def test_a_bar_shows_the_longest_words_that_fit():
    words = ("宁波 · 焊接辅助 · 5,100 元", "焊接辅助", "")
    wide = job_strip([spell(date(2025, 7, 1), None, words)], TODAY).bars[0]
    middle = job_strip([spell(TODAY - timedelta(days=39), None, words)], TODAY).bars[0]
    narrow = job_strip([spell(TODAY, None, words)], TODAY).bars[0]
    assert [wide.words, middle.words, narrow.words] == [words[0], words[1], ""]
    assert narrow.title == words[0]


def test_the_axis_names_years_and_quarters():
    strip = job_strip([spell(date(2025, 8, 17))], TODAY)
    assert [tick.day for tick in strip.ticks] == [
        date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1),
    ]  # fmt: skip
    assert [tick.is_year for tick in strip.ticks] == [False, False, False, True, False]


def test_a_long_life_labels_only_years():
    strip = job_strip([spell(date(2015, 1, 1))], TODAY)
    assert strip.first == date(2021, 7, 1)
    assert {tick.labelled for tick in strip.ticks if not tick.is_year and tick.day.month in (4, 10)} == {False}


days = st.integers(min_value=-20, max_value=2500)


@given(st.lists(st.tuples(days, st.one_of(st.none(), st.integers(min_value=1, max_value=900))), max_size=8))
def test_bars_and_gaps_fill_the_time_since_the_first_job(drawn):
    spells = [
        spell(TODAY - timedelta(days=ago), None if long is None else TODAY - timedelta(days=ago - long))
        for ago, long in drawn
    ]
    strip = job_strip(spells, TODAY)
    if strip is None:
        assert all(one.start > TODAY or (one.end and one.end <= TODAY) for one in spells)
        return
    for part in [*strip.bars, *strip.gaps]:
        assert LEFT <= part.x < WIDTH
        assert part.width >= 2
        assert part.x + part.width <= WIDTH - RIGHT + 2
    first = max(strip.first, min(one.start for one in spells if one.end is None or one.end > strip.first))
    assert strip.worked_days + sum(gap.days for gap in strip.gaps) == (TODAY - first).days + 1
    assert all(text_width(bar.words) <= bar.width for bar in strip.bars if bar.words)
