import json
from dataclasses import replace

import numpy as np
import pytest

from bangfu.core.matching.problem import edges_of, terms_of
from bangfu.core.matching.solve import solve
from bangfu.core.matching.verify import verify

# Worker 0 likes both posts, worker 1 only post 0, worker 2 nothing, worker 3 has no slot left.
EDGES = edges_of([0, 0, 1, 3], [0, 1, 0, 0], [900, 800, 700, 600], workers=4, posts=3)
TERMS = terms_of([1, 1, 1], workers=4, held=[0, 0, 0, 3])
SOLVED = solve(EDGES, TERMS, eps=1)


def codes(offers, prices=SOLVED.prices, edges=EDGES, terms=TERMS, claimed=None):
    return {f.code for f in verify(edges, terms, np.array(offers, np.int32), prices, claimed=claimed).faults}


def test_the_honest_offers_pass():
    assert SOLVED.offers.tolist() == [[1, -1, -1], [0, -1, -1], [-1, -1, -1], [-1, -1, -1]]
    assert codes(SOLVED.offers, claimed=SOLVED.certificate) == set()


@pytest.mark.parametrize(
    ("row", "offer", "expected"),
    [
        (2, [1, -1, -1], {"pair_not_eligible", "over_capacity"}),
        (2, [2, -1, -1], {"pair_not_eligible"}),
        (0, [0, -1, -1], {"over_capacity"}),
        (0, [1, 1, -1], {"pair_repeated", "over_capacity"}),
        (3, [0, -1, -1], {"over_capacity", "over_slots"}),
        (0, [3, -1, -1], {"offers_malformed"}),
    ],
)
def test_a_changed_offer_is_found(row, offer, expected):
    offers = SOLVED.offers.copy()
    offers[row] = offer
    assert expected <= codes(offers)


def test_each_single_offer_taken_away_is_found():
    for row in (0, 1):
        offers = SOLVED.offers.copy()
        offers[row] = -1
        assert {"value_differs", "offers_differ"} <= codes(offers, claimed=SOLVED.certificate)


def test_changed_prices_are_found():
    assert "price_negative" in codes(SOLVED.offers, np.array([-1, 0, 0]))
    assert "price_without_full_post" in codes(SOLVED.offers, SOLVED.prices + np.array([0, 0, 1]))
    assert "bound_differs" in codes(SOLVED.offers, SOLVED.prices + np.array([50_000, 0, 0]), claimed=SOLVED.certificate)


def test_changed_inputs_are_found():
    richer = edges_of([0, 0, 1, 3], [0, 1, 0, 0], [900, 800, 701, 600], workers=4, posts=3)
    assert {"inputs_differ", "value_differs"} <= codes(SOLVED.offers, edges=richer, claimed=SOLVED.certificate)
    wider = replace(TERMS, capacity=TERMS.capacity + np.int32(1))
    assert "inputs_differ" in codes(SOLVED.offers, terms=wider, claimed=SOLVED.certificate)


def test_the_certificate_names_the_reason_of_each_shortfall():
    assert SOLVED.certificate.offers == {
        "0": {"complete": 1, "no_eligible_post": 1, "few_eligible_posts": 0, "priced_out": 0},
        "1": {"complete": 0, "no_eligible_post": 0, "few_eligible_posts": 1, "priced_out": 1},
        "2": {"complete": 0, "no_eligible_post": 0, "few_eligible_posts": 0, "priced_out": 0},
        "3": {"complete": 0, "no_eligible_post": 0, "few_eligible_posts": 0, "priced_out": 0},
    }
    assert SOLVED.certificate.offers_over_capacity == 0


def test_the_certificate_goes_through_json():
    plain = SOLVED.certificate.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["value"] == 800 + 700 + 2 * 30_000
