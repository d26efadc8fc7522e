"""From eligible pairs to certified offers: all pairs held, or candidates regenerated at the prices found."""

from dataclasses import dataclass, field

import numpy as np

from bangfu.core.matching.auction import Assignment, auction
from bangfu.core.matching.candidates import Scorer, merged, spread, survey_edges
from bangfu.core.matching.certificate import Certificate, Survey, certify, worker_gains
from bangfu.core.matching.compiled import compiled
from bangfu.core.matching.problem import Edges, Ids, Ints, Terms, pairs_fingerprint


@dataclass(frozen=True)
class Effort:
    """How hard to try. `eps` in score points an offer; `gap` the certified share at which to stop, unless
    more than the share `overlooked` of workers have no offer though some post is worth it; `rounds` at most.

    `keep` candidates a worker and round. Starting prices come from a sample: every `stride`-th worker,
    `sample_keep` candidates each, solved coarsely with `sample_eps`, `sample_rounds` times. stride 0: start
    from no prices.
    """

    eps: int = 1000
    gap: float = 0.005
    overlooked: float = 0.001
    rounds: int = 4
    keep: int = 24
    stride: int = 8
    sample_keep: int = 24
    sample_eps: int = 2000
    sample_rounds: int = 2
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Solution:
    """Offers int32 (workers, 3), prices int64 (posts,) in units of 1/scale, and their certificate.

    `edges` are the pairs the last auction saw; `gaps` the certified gap of each round.
    """

    offers: Ids
    prices: Ints
    scale: int
    certificate: Certificate
    edges: Edges = field(repr=False)
    gaps: tuple[float, ...]


def solve(edges: Edges, terms: Terms, *, eps: int = 1000, exact: bool = False) -> Solution:
    """Offers where all eligible pairs are held, as for a county. `exact`: optimal, for some thousand pairs
    at most.
    """
    scale = int(terms.slots.sum(dtype=np.int64)) + 1 if exact else 1
    result = auction(edges, terms, eps=1 if exact else eps, scale=scale)
    survey = survey_edges(edges, result.prices, scale)
    certificate = certify(result, terms, survey, rounds=1, pairs_sha256=pairs_fingerprint(edges))
    return Solution(result.offers, result.prices, scale, certificate, edges, (certificate.gap,))


def _scaled_down(terms: Terms, stride: int, chosen: Ids, seed: int) -> Terms:
    """Room for a sample: capacity / stride, rounded up or down by chance so that the sum is right on
    average.
    """
    chance = np.random.default_rng(seed).random(len(terms.capacity))
    room = np.floor(terms.capacity / stride + chance).astype(np.int32)
    room = np.where(terms.capacity > 0, np.maximum(room, 1), 0).astype(np.int32)
    return Terms(room, terms.held[chosen], terms.bonus)


def _worst_worth(terms: Terms) -> Ints:
    """Below this score minus price a pair can be of no use to the worker: -B of the next offer, int64
    (workers,).
    """
    bonus = np.array([*terms.bonus, 0], np.int64)
    return -bonus[terms.held]


@compiled
def _own_worth(edges: Edges, offers: Ids, prices: Ints, worth: Ints) -> None:
    """Adds up score minus price of each worker's offers."""
    for i in range(len(worth)):
        for edge in range(edges.ptr[i], edges.ptr[i + 1]):
            j = edges.post[edge]
            if j in (offers[i, 0], offers[i, 1], offers[i, 2]):
                worth[i] += np.int64(edges.score[edge]) - prices[j]


def _could_gain(edges: Edges, result: Assignment, survey: Survey, terms: Terms, eps: int) -> Ids:
    """The workers who would gain more than eps at these prices from pairs that were no candidates."""
    worth = np.zeros(edges.workers, np.int64)
    _own_worth(edges, result.offers, result.prices, worth)
    earned = np.concatenate([[0], np.cumsum([*terms.bonus, 0, 0, 0])])
    held, got = terms.held.astype(np.int64), (result.offers >= 0).sum(axis=1)
    worth += earned[held + got] - earned[held]
    return np.flatnonzero(worker_gains(survey.best, terms, 1) - worth > eps).astype(np.int32)


def _overlooked(result: Assignment, survey: Survey, terms: Terms) -> int:
    """How many have no offer at all although some post would be worth it at these prices."""
    without = (result.offers[:, 0] < 0) & (terms.held == 0)
    return int(np.count_nonzero(without & (survey.best[:, 0] + terms.bonus[0] > 0)))


def sample_prices(scorer: Scorer, terms: Terms, effort: Effort) -> Ints:
    """Starting prices, int64 (posts,), whole score points."""
    prices = np.zeros(scorer.posts, np.int64)
    if effort.stride < 1:
        return prices
    edges: Edges | None = None
    above = _worst_worth(terms)
    chosen = np.arange(effort.stride // 2, scorer.workers, effort.stride, dtype=np.int32)
    part = _scaled_down(terms, effort.stride, chosen, effort.seed)
    for _ in range(effort.sample_rounds):
        more = scorer.candidates(prices, effort.sample_keep, above, chosen)
        edges = more if edges is None else merged(edges, more)
        prices = auction(edges, part, eps=effort.sample_eps).prices
    return prices


def solve_by_rounds(scorer: Scorer, terms: Terms, effort: Effort | None = None) -> Solution:
    """Offers where the pairs are too many to hold: candidates at the prices so far, auction, proof over all
    pairs, again with new candidates for those who could gain, until it is good enough or the rounds are used
    up.
    """
    effort = effort or Effort()
    prices = sample_prices(scorer, terms, effort)
    sha = scorer.fingerprint()
    gaps: list[float] = []
    edges: Edges | None = None
    above, chosen = _worst_worth(terms), np.arange(scorer.workers, dtype=np.int32)
    while True:
        more = spread(scorer.candidates(prices, effort.keep, above, chosen), chosen, scorer.workers)
        edges = more if edges is None else merged(edges, more)
        result: Assignment = auction(edges, terms, eps=effort.eps)
        prices = result.prices
        survey = scorer.survey(prices)
        certificate = certify(result, terms, survey, rounds=len(gaps) + 1, pairs_sha256=sha)
        gaps.append(certificate.gap)
        good = certificate.gap <= effort.gap
        good = good and _overlooked(result, survey, terms) <= effort.overlooked * scorer.workers
        if good or len(gaps) >= effort.rounds:
            return Solution(result.offers, prices, 1, certificate, edges, tuple(gaps))
        chosen = _could_gain(edges, result, survey, terms, effort.eps)
