"""Drawings and words of a case: points that add up, dots, reasons."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bangfu.cases.models import Cause
from bangfu.core.package import Progress
from bangfu.home.causes import cause_name, cause_shown
from bangfu.home.figures import package_dots, score_bar
from bangfu.home.fit_words import fit_reasons, limit_words
from bangfu.monitoring.words import value_words
from bangfu.ui.amounts import amount_words
from tests.home.situations import PARTS, UNKNOWN

OF = (4000, 2000, 1500, 1500, 1000)


@given(st.tuples(*(st.integers(0, of) for of in OF)))
def test_whole_points_add_up_to_the_total_and_differ_by_less_than_one(points):
    codes = ("skill", "wage", "distance", "preference", "priority")
    parts = [{"code": code, "points": p, "of": of} for code, p, of in zip(codes, points, OF, strict=True)]
    slices, total = score_bar(parts)
    assert sum(one.points for one in slices) == total
    assert abs(total - sum(points) / 100) <= 0.5
    assert all(abs(one.points - p / 100) < 1 for one, p in zip(slices, points, strict=True))


def test_slices_follow_each_other():
    slices, total = score_bar(PARTS)
    assert ([one.points for one in slices], total) == ([28, 13, 15, 5, 0], 61)
    assert [round(one.x, 1) for one in slices] == [0.0, 67.2, 98.4, 134.4, 146.4]
    assert [one.is_wide for one in slices] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("counted", "filled"),
    [((0, 0, 0), 0), ((1, 2, 0), 3), ((1, 3, 1), 5), ((4, 9, 2), 5)],
)
def test_dots_are_filled_as_services_are_given(counted, filled):
    kinds = ("guidance", "job_offer", "training_offer")
    rows = [Progress(kind, n, asked) for kind, n, asked in zip(kinds, counted, (1, 3, 1), strict=True)]
    dots = package_dots(rows)
    assert (len(dots.dots), sum(done for _x, done in dots.dots)) == (5, filled)
    assert dots.width > max(x for x, _done in dots.dots)


@pytest.mark.parametrize(
    ("amount", "words"),
    [("3600.00", "3,600"), ("3600.50", "3,600.50"), ("12345678", "12,345,678"), (None, "—"), ("0", "0")],
)
def test_yuan(amount, words):
    with translation.override("en"):
        assert amount_words(amount) == words


def test_reasons_stand_in_order_against_unknown_for():
    with translation.override("en"):
        said = fit_reasons({"barred": [], "unknown": UNKNOWN, "parts": PARTS})
    assert [mark for mark, _words in said] == sorted((mark for mark, _words in said), key="nuy".index)
    assert ("n", "No social insurance") in said
    assert ("u", "How far the person will go was not asked") in said
    assert ("y", "Wage 3,900, asked at least 3,500") in said
    assert ("y", "In the home county") in said


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("wage_below_floor", {"wage": "3000.00", "floor": "3500.00"}, "Wage 3,000: below the lowest wage asked"),
        ("above_age_limit", {"age": 51, "limit": 50}, "Age 51, limit of the post 50"),
        (
            "too_far", {"distance": "city", "willing": "county"},
            "In the home prefecture; willing to go: Within the county",
        ),
        (
            "education_below", {"education": 1, "required": 2},
            "Schooling: Primary school; the post asks: Junior secondary school",
        ),
        ("level_not_held", {}, "The skill level asked is not held"),
        ("a_code_of_tomorrow", {}, "a_code_of_tomorrow"),
    ],
)  # fmt: skip
def test_limits_in_words(code, values, words):
    with translation.override("en"):
        assert limit_words(code, values, barred=True) == words


@pytest.mark.parametrize(
    ("name", "value", "kind", "words"),
    [
        ("work_status", "jobless", "VARCHAR", "Not at work"), ("insurance_month", "2026-06-01", "DATE", "2026-06"),
        ("job_from", "2026-04-12", "DATE", "2026-04-12"), ("wage_floor", "3300.00", "DECIMAL(12,2)", "3,300"),
        ("members", 4, "BIGINT", "4"), ("able", None, "BOOLEAN", "unknown"), ("able", True, "BOOLEAN", "yes"),
    ],
)  # fmt: skip
def test_values_in_words(name, value, kind, words):
    with translation.override("en"):
        assert value_words(name, value, kind) == words


def test_a_cause_names_its_rule_and_its_conditions():
    facts = {"able": True, "will_work": None, "work_status": "jobless", "jobless_from": "2026-06-30"}
    with translation.override("en"):
        shown = cause_shown(Cause(code="willing_jobless", facts=facts))
    assert shown.words == "Able, willing and without work"
    assert [reason.mark for reason in shown.reasons] == ["y", "u", "y", "i"]
    assert "2026-06-30" in shown.reasons[-1].values


def test_a_cause_without_a_rule_is_still_named():
    with translation.override("en"):
        assert cause_name("own_request") == "Own request"
        assert cause_name("a_rule_of_yesterday") == "a_rule_of_yesterday"
        assert cause_shown(Cause(code="own_request", facts={"channel": "hall"})).reasons[0].words == "At the counter"
