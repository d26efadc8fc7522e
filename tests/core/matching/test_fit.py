import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.matching.facts import RANGES, FactError, Post, Worker, closeness, significant
from bangfu.core.matching.fit import fit
from bangfu.core.matching.weights import Weights

MINIMUM = Decimal(1800)
WORKER = Worker(
    age=34,
    home="150522",
    willing="province",
    wage_floor=Decimal(4000),
    known=frozenset({"4-10-01-06"}),
    wished=frozenset({"面点"}),
    level=1,
    education=2,
    health_limited=False,
    wants_lodging=False,
)
POST = Post(
    county="150523",
    wage_low=Decimal(4300),
    wage_high=Decimal(5200),
    occupation="4-10-01-06",
    title="家政服务员",
    education_required=0,
    level_required=0,
    age_low=18,
    age_high=50,
    needs_full_health=False,
    lodging=True,
    insured=True,
)

wages = st.one_of(st.none(), st.integers(1000, 9000).map(Decimal))
flags = st.sampled_from([None, True, False])
TERMS = ("4-10-01-06", "4-10-01-05", "4-10-02-01", "4-03-02-01", "焊工", "护理")
terms = st.frozensets(st.sampled_from(TERMS), max_size=3)
counties = st.sampled_from([None, "150522", "150523104000", "150722", "440605", "110101"])
workers = st.builds(
    Worker,
    age=st.one_of(st.none(), st.integers(14, 70)),
    home=counties,
    wished_places=st.lists(st.sampled_from(["44", "150700", "110101000000"]), max_size=2).map(tuple),
    willing=st.sampled_from([None, *RANGES]),
    wage_floor=wages,
    last_wage=wages,
    known=terms,
    wished=terms,
    level=st.integers(0, 5),
    education=st.one_of(st.none(), st.integers(0, 5)),
    health_limited=flags,
    wants_lodging=flags,
    priority=st.integers(0, 5),
)
posts = st.builds(
    lambda low, more, **rest: Post(wage_low=low, wage_high=more if low is None or more is None else low + more, **rest),
    low=wages,
    more=wages,
    county=counties,
    occupation=st.sampled_from(["", *TERMS[:4]]),
    title=st.sampled_from(["", "电焊工", "养老护理员"]),
    education_required=st.sampled_from([None, 0, 1, 3]),
    level_required=st.sampled_from([None, 0, 1, 3]),
    age_low=st.sampled_from([None, 16, 18]),
    age_high=st.sampled_from([None, 45, 60]),
    needs_full_health=flags,
    lodging=flags,
    insured=flags,
)


def codes(reasons):
    return [reason.code for reason in reasons]


def test_a_suitable_post_shows_its_points():
    found = fit(WORKER, POST, minimum_wage=MINIMUM)
    assert (found.barred, found.unknown) == ((), ())
    # skill 40 x (80 % + 20 % x 1/5); wage 50 % + half of (300 of 2000) more; other county of the city;
    # wishes: occupation not met, place not asked (neutral), lodging not needed, insured; ordinary priority
    assert [part.points for part in found.parts] == [3360, 1150, 1125, 600, 0]
    assert found.score == 6 * (3360 + 1150 + 1125 + 600)


@pytest.mark.parametrize(
    ("worker", "post", "barred"),
    [
        ({"age": 16}, {"age_low": None}, []),
        ({"age": 15}, {"age_low": None}, ["under_age"]),
        ({"age": 18}, {}, []),
        ({"age": 17}, {}, ["below_age_limit"]),
        ({"age": 50}, {}, []),
        ({"age": 51}, {}, ["above_age_limit"]),
        ({"age": 51}, {"age_high": None}, []),
        ({}, {"wage_low": Decimal(4000)}, []),
        ({}, {"wage_low": Decimal("3999.99")}, ["wage_below_floor"]),
        ({}, {"wage_low": None, "wage_high": Decimal("3999.99")}, ["wage_below_floor"]),
        ({}, {"wage_low": None, "wage_high": Decimal(4000)}, []),
        ({"wage_floor": None, "last_wage": Decimal(5375)}, {}, []),
        ({"wage_floor": None, "last_wage": Decimal("5375.01")}, {}, ["wage_below_last"]),
        ({"last_wage": Decimal(9000)}, {}, []),  # the own floor speaks, not the last wage
        ({"wage_floor": None}, {"wage_low": Decimal(1800)}, []),
        ({"wage_floor": None}, {"wage_low": Decimal("1799.99")}, ["wage_below_minimum"]),
        ({"willing": "city"}, {}, []),
        ({"willing": "county"}, {}, ["too_far"]),
        ({"willing": "county"}, {"county": "150522100000"}, []),
        ({"willing": "province"}, {"county": "150722"}, []),
        ({"willing": "city"}, {"county": "150722"}, ["too_far"]),
        ({"willing": "province"}, {"county": "440605"}, ["too_far"]),
        ({"willing": "anywhere"}, {"county": "440605"}, []),
        ({"willing": "county", "wished_places": ("440000000000",)}, {"county": "440605"}, []),
        ({"willing": "county", "wished_places": ("440700",)}, {"county": "440605"}, ["too_far"]),
        ({}, {"level_required": 1}, []),
        ({}, {"level_required": 2}, ["level_not_held"]),
        ({}, {"education_required": 2}, []),
        ({}, {"education_required": 3}, ["education_below"]),
        ({"health_limited": True}, {}, []),
        ({"health_limited": True}, {"needs_full_health": True}, ["health_limit"]),
        ({}, {"needs_full_health": True}, []),
        ({"age": 60, "willing": "county"}, {}, ["above_age_limit", "too_far"]),
    ],
)
def test_hard_limits(worker, post, barred):
    found = fit(replace(WORKER, **worker), replace(POST, **post), minimum_wage=MINIMUM)
    assert codes(found.barred) == barred
    assert (found.score == 0) == bool(barred)


@pytest.mark.parametrize(
    ("worker", "post", "unknown"),
    [
        ({"age": None}, {}, ["under_age", "below_age_limit", "above_age_limit"]),
        ({}, {"age_high": None}, ["above_age_limit"]),
        ({"wage_floor": None}, {}, ["wage_below_floor"]),
        ({}, {"wage_low": None, "wage_high": None}, ["wage_below_minimum", "wage_below_floor"]),
        ({"willing": None}, {}, ["too_far"]),
        ({"home": None}, {}, ["too_far"]),
        ({}, {"county": None}, ["too_far"]),
        ({"willing": "anywhere"}, {"county": None}, []),
        ({}, {"level_required": None}, ["level_not_held"]),
        ({"education": None}, {"education_required": 3}, ["education_below"]),
        ({"education": None}, {"education_required": 0}, []),
        ({}, {"education_required": None}, ["education_below"]),
        ({"health_limited": None}, {"needs_full_health": True}, ["health_limit"]),
        ({"health_limited": True}, {"needs_full_health": None}, ["health_limit"]),
        ({"health_limited": None}, {"needs_full_health": None}, []),
    ],
)
def test_unknown_is_never_no(worker, post, unknown):
    found = fit(replace(WORKER, **worker), replace(POST, **post), minimum_wage=MINIMUM)
    assert found.suitable
    assert codes(found.unknown) == unknown


def test_a_place_without_a_known_minimum_wage_is_marked():
    assert codes(fit(WORKER, POST, minimum_wage=None).unknown) == ["wage_below_minimum"]


def test_thresholds_come_from_the_weights():
    higher = Weights(wage_point_percent=50)
    post = replace(POST, wage_low=Decimal(3000), wage_high=Decimal(5000))
    assert codes(fit(WORKER, post, minimum_wage=MINIMUM).barred) == ["wage_below_floor"]
    assert fit(WORKER, post, minimum_wage=MINIMUM, weights=higher).suitable


@pytest.mark.parametrize(
    ("term", "occupation", "title", "expected"),
    [
        ("4-10-01-06", "4-10-01-06", "", 3),
        ("护理", "", "养老护理员", 3),
        ("4-10-01-05", "4-10-01-06", "", 2),
        ("4-10-02-06", "4-10-01-06", "", 1),
        ("4-11-01-06", "4-10-01-06", "", 0),
        ("4", "4-10-01-06", "", 0),
        ("焊工", "6-18-02-04", "", 0),
        ("焊工-x-y", "焊工-x-z", "", 0),
        ("焊工", "", "", 0),
    ],
)
def test_closeness(term, occupation, title, expected):
    assert closeness(term, occupation, title) == expected


@pytest.mark.parametrize(
    ("code", "digits"),
    [("44", "44"), ("440000", "44"), ("440600000000", "4406"), ("4406", "4406"), ("440605001000", "440605")],
)
def test_a_wished_place_is_a_province_a_city_or_a_county(code, digits):
    assert significant(code) == digits


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Worker, {"level": 6}),
        (Worker, {"education": -1}),
        (Worker, {"home": "1505"}),
        (Worker, {"wage_floor": Decimal("1.001")}),
        (Worker, {"willing": "moon"}),
        (Worker, {"known": frozenset({""})}),
        (Post, {"wage_low": Decimal(5), "wage_high": Decimal(4)}),
        (Post, {"level_required": 9}),
        (Post, {"openings": -1}),
    ],
)
def test_impossible_values_are_refused(kind, values):
    with pytest.raises(FactError) as refused:
        kind(**values)
    assert refused.value.code.removesuffix("_invalid") in values


@given(workers, posts, st.one_of(st.none(), st.just(MINIMUM)))
def test_scores_and_parts_stay_in_their_bounds_and_in_json(worker, post, minimum):
    found = fit(worker, post, minimum_wage=minimum)
    assert [part.of for part in found.parts] == [4000, 2000, 1500, 1500, 1000]
    assert all(0 <= part.points <= part.of for part in found.parts)
    assert found.score == (0 if found.barred else max(1, 6 * sum(part.points for part in found.parts)))
    assert not set(codes(found.barred)) & set(codes(found.unknown))
    assert json.loads(json.dumps(found.as_dict()))["score"] == found.score


@given(workers, posts, st.sampled_from(TERMS), st.integers(0, 5), st.integers(0, 5))
def test_learning_never_lowers_a_fit(worker, post, skill, level, education):
    learned = replace(
        worker,
        known=worker.known | {skill},
        level=max(worker.level, level),
        education=None if worker.education is None else max(worker.education, education),
    )
    before, after = (fit(w, post, minimum_wage=MINIMUM) for w in (worker, learned))
    assert after.score >= before.score
    assert set(codes(after.barred)) <= set(codes(before.barred))


FORGETTABLE = ("age", "home", "willing", "education", "health_limited")


@given(workers, posts, st.sampled_from(FORGETTABLE))
def test_not_knowing_a_fact_never_bars(worker, post, name):
    known = fit(worker, post, minimum_wage=MINIMUM)
    unknown = fit(replace(worker, **{name: None}), post, minimum_wage=MINIMUM)
    assert set(codes(unknown.barred)) <= set(codes(known.barred))


@given(workers, posts, st.integers(0, 3000))
def test_a_higher_wage_never_lowers_a_fit(worker, post, more):
    low = None if post.wage_low is None else post.wage_low + more
    high = None if post.wage_high is None else post.wage_high + more
    richer = replace(post, wage_low=low, wage_high=high)
    assert fit(worker, richer, minimum_wage=MINIMUM).score >= fit(worker, post, minimum_wage=MINIMUM).score
