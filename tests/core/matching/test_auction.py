import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.bench.matching_peer import exact_value
from bangfu.core.matching.auction import auction
from bangfu.core.matching.problem import ProblemError, edges_of, terms_of
from bangfu.core.matching.solve import solve
from bangfu.core.matching.verify import verify


@st.composite
def problems(draw):
    """Small markets, crowded or not, some people holding offers already, some posts closed."""
    workers, posts = draw(st.integers(1, 9)), draw(st.integers(1, 6))
    top = draw(st.sampled_from([3, 40, 900]))  # few different scores make many ties
    scores = draw(st.lists(st.integers(-top, top), min_size=workers * posts, max_size=workers * posts))
    pairs = [(at // posts, at % posts, score) for at, score in enumerate(scores) if score > 0]
    row, column, score = zip(*pairs, strict=True) if pairs else ((), (), ())
    edges = edges_of(row, column, score, workers=workers, posts=posts)
    capacity = draw(st.lists(st.integers(0, 4), min_size=posts, max_size=posts))
    held = draw(st.lists(st.integers(0, 3), min_size=workers, max_size=workers))
    bonus = draw(st.sampled_from([(0, 0, 0), (30, 10, 0), (500, 500, 500), (7, 7, 1)]))
    return edges, terms_of(capacity, workers=workers, held=held, bonus=bonus)


def market(seed, workers=300, posts=40, chance=0.3, top=20_000):
    draw = np.random.default_rng(seed)
    row, column = np.nonzero(draw.random((workers, posts)) < chance)
    score = draw.integers(1, top, len(row))
    edges = edges_of(row, column, score, workers=workers, posts=posts)
    return edges, terms_of(draw.integers(0, 2 * 3 * workers // posts, posts), workers=workers)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_exact_mode_is_optimal_and_proves_it(problem):
    edges, terms = problem
    found = solve(edges, terms, exact=True).certificate
    assert found.value == exact_value(edges, terms).value
    assert found.bound == found.value


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(1, 500))
def test_offers_are_always_feasible_and_within_eps_of_the_optimum(problem, eps):
    edges, terms = problem
    found = solve(edges, terms, eps=eps)
    assert verify(edges, terms, found.offers, found.prices, claimed=found.certificate).ok
    best = exact_value(edges, terms).value
    # Each of the optimum's offers, made or missed, may be eps off.
    assert found.certificate.value <= best <= found.certificate.bound
    assert found.certificate.bound - found.certificate.value <= eps * int(terms.slots.sum())


@pytest.mark.parametrize("eps", [1000, 100, 1])
def test_a_medium_market_lies_within_its_certified_gap(eps):
    edges, terms = market(5, workers=3000, posts=150, chance=0.15)
    found = solve(edges, terms, eps=eps).certificate
    best = exact_value(edges, terms).value
    assert found.value <= best <= found.bound
    assert found.gap <= {1000: 0.05, 100: 0.01, 1: 0.0001}[eps]


def test_the_bonus_spreads_offers():
    # One post, one room: without a bonus it goes to the better score, whose worker has another post too.
    edges = edges_of([0, 0, 1], [0, 1, 0], [500, 400, 300], workers=2, posts=2)
    plain = auction(edges, terms_of([1, 1], workers=2, bonus=(0, 0, 0)), eps=1)
    spread = auction(edges, terms_of([1, 1], workers=2, bonus=(300, 0, 0)), eps=1)
    assert plain.offers.tolist() == [[0, 1, -1], [-1, -1, -1]]
    assert spread.offers.tolist() == [[1, -1, -1], [0, -1, -1]]
    assert spread.value == 400 + 300 + 2 * 300


@pytest.mark.parametrize(("held", "count"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_live_offers_leave_fewer_slots_and_use_up_the_bonus(held, count):
    edges = edges_of([0] * 4, [0, 1, 2, 3], [10, 40, 30, 20], workers=1, posts=4)
    found = auction(edges, terms_of([1] * 4, workers=1, held=[held], bonus=(100, 50, 5)), eps=1)
    assert found.offers[0].tolist() == ([1, 2, 3][:count] + [-1] * 3)[:3]
    assert found.value == sum([40, 30, 20][:count]) + sum([100, 50, 5][held:])


@pytest.mark.parametrize(("room", "price_is_positive"), [(2, True), (3, False), (4, False)])
def test_a_post_costs_nothing_until_it_is_full_and_wanted_by_more(room, price_is_positive):
    edges = edges_of([0, 1, 2], [0, 0, 0], [50, 40, 30], workers=3, posts=1)
    found = auction(edges, terms_of([room], workers=3, bonus=(0, 0, 0)), eps=1)
    assert (found.offers[:, 0] >= 0).tolist() == [True, True, room > 2]
    if room != 3:  # just full: any price up to the lowest bid is right
        assert (found.prices[0] > 0) == price_is_positive


def test_a_closed_post_is_never_offered():
    edges = edges_of([0, 0], [0, 1], [50_000, 1], workers=1, posts=2)
    found = auction(edges, terms_of([0, 1], workers=1))
    assert found.offers[0].tolist() == [1, -1, -1]


def test_equals_are_served_in_the_order_of_their_numbers():
    edges = edges_of(range(6), [0] * 6, [100] * 6, workers=6, posts=1)
    found = auction(edges, terms_of([2], workers=6), eps=10)
    assert np.flatnonzero(found.offers[:, 0] == 0).tolist() == [0, 1]


def test_the_order_of_the_input_does_not_matter():
    edges, terms = market(3)
    mixed = np.random.default_rng(9).permutation(edges.pairs)
    columns = (edges.row_of_pair()[mixed], edges.post[mixed], edges.score[mixed])
    other = edges_of(*columns, workers=edges.workers, posts=len(terms.capacity))
    one, two = solve(edges, terms), solve(other, terms)
    assert one.certificate == two.certificate


def test_known_offers_on_any_machine():
    edges, terms = market(1)
    digest = solve(edges, terms, eps=100).certificate.offers_sha256
    assert digest == "f5fad0d2af71e918ef5444fb4649d6653be105fb73b5270b0d8de85ff1626978"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (([0, 0], [1, 1], [5, 6]), "pair_repeated"),
        (([2], [0], [5]), "worker_out_of_range"),
        (([0], [2], [5]), "post_out_of_range"),
        (([0], [-1], [5]), "post_out_of_range"),
        (([0], [0], [0]), "score_out_of_range"),
        (([0], [0], [60_001]), "score_out_of_range"),
    ],
)
def test_impossible_pairs_are_refused(columns, code):
    with pytest.raises(ProblemError) as refused:
        edges_of(*columns, workers=2, posts=2)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given_terms", "code"),
    [
        ({"capacity": [-1]}, "capacity_negative"),
        ({"capacity": [1], "held": [4, 0]}, "held_out_of_range"),
        ({"capacity": [1], "held": [-1, 0]}, "held_out_of_range"),
        ({"capacity": [1], "held": [0]}, "held_length"),
        ({"capacity": [1], "bonus": (1, 2, 0)}, "bonus_increasing"),
        ({"capacity": [1], "bonus": (1, 0, -1)}, "bonus_increasing"),
    ],
)
def test_impossible_terms_are_refused(given_terms, code):
    with pytest.raises(ProblemError) as refused:
        terms_of(workers=2, **given_terms)
    assert refused.value.code == code


def test_impossible_settings_are_refused():
    edges, terms = market(1)
    for settings_given, code in (
        ({"eps": 0}, "eps_not_positive"),
        ({"scale": 2**40}, "too_large_for_scale"),
    ):
        with pytest.raises(ProblemError) as refused:
            auction(edges, terms, **settings_given)
        assert refused.value.code == code
    with pytest.raises(ProblemError) as refused:
        auction(edges, terms_of(terms.capacity, workers=5))
    assert refused.value.code == "worker_count_differs"


def test_nobody_and_nothing():
    edges = edges_of([], [], [], workers=0, posts=0)
    found = solve(edges, terms_of([], workers=0)).certificate
    assert (found.value, found.bound, found.gap) == (0, 0, 0.0)
