import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.bench.matching import run
from bangfu.bench.matching_instance import SIZES, make_instance
from bangfu.bench.matching_peer import exact_value
from bangfu.bench.matching_scan import InstanceScorer
from bangfu.core.matching.candidates import HeldPairs, merged
from bangfu.core.matching.problem import edges_of, fingerprint, terms_of
from bangfu.core.matching.solve import Effort, solve, solve_by_rounds
from bangfu.core.matching.verify import verify


def trap():
    """Everybody likes the same few posts best; good ones with room stand just behind them."""
    draw = np.random.default_rng(4)
    workers, stars, plain = 400, 5, 80
    pairs = {(i, j): int(draw.integers(45_000, 50_000)) for i in range(workers) for j in range(stars)}
    for i in range(workers):
        for j in draw.choice(plain, 12, replace=False):
            pairs[i, stars + int(j)] = int(draw.integers(30_000, 40_000))
    row, column = zip(*pairs, strict=True)
    edges = edges_of(row, column, list(pairs.values()), workers=workers, posts=stars + plain)
    return edges, terms_of([30] * stars + [14] * plain, workers=workers)


def test_candidates_by_score_alone_fall_into_the_trap_and_the_second_round_leads_out():
    edges, terms = trap()
    scorer, best = HeldPairs(edges, len(terms.capacity)), exact_value(edges, terms).value
    naive = solve_by_rounds(scorer, terms, Effort(eps=20, keep=5, stride=0, rounds=1))
    assert naive.certificate.value < 0.9 * best
    assert naive.certificate.gap > 0.1  # and it says so itself
    mended = solve_by_rounds(scorer, terms, Effort(eps=20, keep=5, stride=0, rounds=4))
    assert mended.gaps[0] == naive.gaps[0]
    assert mended.gaps[1] < mended.gaps[0] / 4
    assert mended.certificate.gap <= 0.005
    assert mended.certificate.value >= 0.995 * best
    assert verify(edges, terms, mended.offers, mended.prices, claimed=mended.certificate).ok


def test_prices_of_a_sample_avoid_the_trap_at_once():
    edges, terms = trap()
    scorer = HeldPairs(edges, len(terms.capacity))
    found = solve_by_rounds(scorer, terms, Effort(eps=20, keep=8, stride=2, sample_keep=8, sample_eps=50))
    assert found.gaps[0] < 0.1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6))
def test_merged_rows_are_the_union(seed, one, two):
    draw = np.random.default_rng(seed)
    row, column = np.nonzero(draw.random((8, 9)) < 0.6)
    edges = edges_of(row, column, draw.integers(1, 5, len(row)), workers=8, posts=9)
    scorer, above = HeldPairs(edges, 9), np.full(8, -10)
    first = scorer.candidates(np.zeros(9, np.int64), one, above)
    second = scorer.candidates(draw.integers(0, 5, 9), two, above)
    both = merged(first, second)
    expected = {(i, int(j)) for e in (first, second) for i, j in zip(e.row_of_pair(), e.post, strict=True)}
    again = [(int(i), int(j)) for i, j in zip(both.row_of_pair(), both.post, strict=True)]
    assert sorted(again) == sorted(expected)
    keys = list(zip(both.row_of_pair(), -both.score.astype(int), both.post, strict=True))
    assert keys == sorted(keys)


INSTANCE = make_instance(3000, 120, seed=2)


def all_pairs(instance):
    scorer = InstanceScorer(instance)
    above = np.full(scorer.workers, -(10**6), np.int64)
    return scorer.candidates(np.zeros(scorer.posts, np.int64), 10_000, above)


@pytest.mark.parametrize("threads", [1, 2])
def test_the_scan_of_an_instance_answers_as_if_all_pairs_were_held(threads):
    held = HeldPairs(all_pairs(INSTANCE), 120)
    scorer = InstanceScorer(INSTANCE, threads=threads)
    draw = np.random.default_rng(1)
    prices = draw.integers(0, 30_000, 120) * (draw.random(120) < 0.7)
    above = draw.choice([-30_000, 0], 3000)
    one, two = scorer.survey(prices), held.survey(prices)
    assert np.array_equal(one.best, two.best)
    assert np.array_equal(one.eligible, two.eligible)
    assert one.pairs_scored >= int(two.eligible.sum())
    chosen = np.array([5, 6, 2000, 2999], np.int32)
    for some in (None, chosen):
        mine, theirs = (s.candidates(prices, 7, above, some) for s in (scorer, held))
        assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))


def test_rounds_over_an_instance_do_not_depend_on_threads():
    terms = terms_of(INSTANCE.capacity, workers=3000)
    runs = [solve_by_rounds(InstanceScorer(INSTANCE, threads=t), terms) for t in (1, 2)]
    assert runs[0].certificate == runs[1].certificate
    edges = all_pairs(INSTANCE)
    verdict = verify(edges, terms, runs[0].offers, runs[0].prices)
    assert verdict.ok
    assert (verdict.value, verdict.bound) == (runs[0].certificate.value, runs[0].certificate.bound)


@pytest.mark.parametrize(
    ("workers", "posts", "seed", "pairs", "columns", "eligible"),
    [
        (5000, 200, 1, 36262, "b053ff9e18c94014", "a73d9a08f0f6713b"),
        (3000, 120, 2, 15922, "63e9312058816810", "343f661384e794e8"),
        (2000, 60, 7, 4480, "f61ca3ecf28ca825", "4a18519da24ad737"),
    ],
)
def test_the_instances_are_those_of_the_published_figures(workers, posts, seed, pairs, columns, eligible):
    instance = make_instance(workers, posts, seed=seed)
    edges = all_pairs(instance)
    assert edges.pairs == pairs
    names = ("age", "priority", "skilled")
    given_columns = [instance.workers[name] for name in names] + [instance.posts["wage"], instance.capacity]
    assert fingerprint(*given_columns)[:16] == columns
    assert fingerprint(edges.post, edges.score)[:16] == eligible


def test_the_benchmark_reports_what_it_measured(monkeypatch):
    monkeypatch.setitem(SIZES, "C50", (3000, 120))
    figures = run("C50", repeats=1)
    assert figures["runs"] == 1
    assert figures["certificate"]["gap"] <= 0.005
    assert figures["certificate"]["offers_over_capacity"] == 0
    assert 0 <= figures["peer"]["auction_true_gap"] <= figures["certificate"]["gap"]


def test_nobody_stays_without_an_offer_that_is_worth_its_price():
    edges, terms = all_pairs(INSTANCE), terms_of(INSTANCE.capacity, workers=3000)
    scorer = InstanceScorer(INSTANCE)
    quick, fair = (
        solve_by_rounds(scorer, terms, Effort(keep=3, stride=2, gap=1.0, overlooked=share, rounds=9))
        for share in (1.0, 0.0)
    )
    least = sum(solve(edges, terms, eps=1).certificate.offers["0"].values())
    assert len(quick.gaps) == 1
    assert sum(quick.certificate.offers["0"].values()) > least + 3
    assert sum(fair.certificate.offers["0"].values()) <= least + 3
