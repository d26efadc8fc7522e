"""Scores every pair of a benchmark instance at some prices, block by block, without holding the pairs.

Scores are whole and below 2^24, so single precision is exact and every machine finds the same ones.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bangfu.bench.matching_instance import REACH, TRADES, UNSKILLED_EACH, Columns, Instance
from bangfu.core.matching.candidates import PRICE_WEIGHT, SCORE_WEIGHT
from bangfu.core.matching.certificate import MISSING, Survey
from bangfu.core.matching.compiled import compiled
from bangfu.core.matching.problem import Edges, Ids, Ints, fingerprint

Floats = NDArray[np.float32]
Answer = TypeVar("Answer")

LANES = 16  # posts scored at once: a constant count compiles to straight vector code
BLOCK = 4096  # workers handed to a thread at once
TRADES_EACH = UNSKILLED_EACH + 2
POST_BITS = 24
POST_MASK = (1 << POST_BITS) - 1
F = np.float32

# Rows of the two feature tables.
(W_COUNTY, W_AGE, W_ABILITY, W_TRAVEL, W_FLOOR, W_NOW, W_TASTE, W_FREE, W_PRIORITY, W_LIKING) = range(10)
(P_COUNTY, P_LEVEL, P_ABILITY, P_LOW, P_HIGH, P_WAGE, P_STARTS, P_APPEAL, P_TASTE) = range(9)
WORKER_ROWS = (
    "county", "age", "ability", "travel", "wage_floor", "wage_now", "taste", "free_from", "priority", "liking"
)  # fmt: skip
POST_ROWS = ("county", "level", "ability", "age_low", "age_high", "wage", "starts", "appeal", "taste")


class Features(NamedTuple):
    """All that the kernels read. `workers` (n, 10) and `posts` (9, m + 16) hold the rows named above."""

    area: Ids
    workers: Floats
    trades: NDArray[np.uint8]
    levels: Floats
    runs: Ids
    reach: Ids
    hops: Floats
    posts: Floats


class _Run(NamedTuple):
    """One worker in front of one run of posts: those of a trade in an area."""

    first: int
    end: int
    home: bool
    hop: np.float32
    level: np.float32
    skilled: bool
    liking: np.float32


class _Found(NamedTuple):
    """Room for one worker's scores by run, then eligible posts and scores; `scored` counts the pairs looked
    at.
    """

    out: Floats
    post: Ids
    score: Ids
    keys: Ints
    scored: Ints


@compiled
def _score_run(out: Floats, run: _Run, p: Floats, w: Floats) -> None:
    """out[q] = score of the run's post q, 0 where not eligible; up to LANES - 1 more are written than asked
    for.
    """
    county, age, ability, floor = w[W_COUNTY], w[W_AGE], w[W_ABILITY], w[W_FLOOR]
    now, taste, free, share = w[W_NOW], w[W_TASTE], w[W_FREE], w[W_PRIORITY] * F(1 / 64)
    anywhere = w[W_TRAVEL] > F(0)
    equal, above = (F(12000), F(9600)) if run.skilled else (F(4200), F(4200))
    near = (F(7000) if run.home else F(0)) + run.liking
    far = max(F(4900) - run.hop, F(0)) + run.liking
    for j in range(run.first, run.end, LANES):
        for q in range(LANES):
            k = j + q
            same = run.home & (p[P_COUNTY, k] == county)
            fits = (age >= p[P_LOW, k]) & (age <= p[P_HIGH, k]) & (ability >= p[P_ABILITY, k])
            fits &= (run.level >= p[P_LEVEL, k]) & (p[P_WAGE, k] >= floor) & (p[P_STARTS, k] >= free)
            fits &= same | anywhere
            points = equal if run.level == p[P_LEVEL, k] else above
            points += np.floor(min(max((p[P_WAGE, k] - now) * F(1.625), F(0)), F(10000)))
            points += near if same else far
            whim = taste + p[P_TASTE, k]
            points += F(20) * p[P_APPEAL, k] + (whim - F(4096) if whim >= F(4096) else whim)
            points = min(np.floor(points * share) + F(1), F(60000))
            out[k - run.first] = points if fits else F(0)


@compiled
def _pairs_of(i: int, f: Features, found: _Found) -> int:
    """Writes post and score of every eligible pair of worker i, returns how many."""
    count = 0
    mine = f.workers[i]
    travel = mine[W_TRAVEL]
    areas = 1 if travel < F(2) else (4 if travel == F(2) else REACH)
    for near in range(areas):
        there = f.reach[f.area[i], near]
        if there < 0:
            break
        hop = np.floor(F(7000) * f.hops[f.area[i], there])
        for t in range(TRADES_EACH):
            trade = f.trades[i, t]
            if t == TRADES_EACH - 1 and trade == f.trades[i, t - 1]:
                break
            first, end = f.runs[there * TRADES + trade], f.runs[there * TRADES + trade + 1]
            liking = F(5000) if F(trade >> 3) == mine[W_LIKING] else F(0)
            run = _Run(first, end, near == 0, hop, f.levels[i, t], t >= UNSKILLED_EACH, liking)
            _score_run(found.out, run, f.posts, mine)
            found.scored[0] += end - first
            for q in range(end - first):
                found.post[count] = first + q
                found.score[count] = np.int32(found.out[q])
                count += found.out[q] > F(0)
    return count


@compiled
def _survey_block(lo: int, hi: int, f: Features, prices: Ids, found: _Found, best: Ints, eligible: Ids) -> None:
    """Fills the rows lo..hi-1 of `best` and `eligible`, as in `Survey`."""
    for i in range(lo, hi):
        count = _pairs_of(i, f, found)
        first, second, third = best[i, 0], best[i, 1], best[i, 2]
        for e in range(count):
            worth = np.int64(found.score[e]) - prices[found.post[e]]
            if worth > third:
                third = worth
                if third > second:
                    second, third = third, second
                if second > first:
                    first, second = second, first
        best[i, 0], best[i, 1], best[i, 2] = first, second, third
        eligible[i] = count


@compiled
def _select(keys: Ints, count: int, keep: int) -> None:
    """Brings the `keep` largest of the first `count` keys to the front, in any order."""
    lo, hi = 0, count - 1
    while lo < hi:
        pivot = keys[(lo + hi) >> 1]
        a, b = lo, hi
        while a <= b:
            while keys[a] > pivot:
                a += 1
            while keys[b] < pivot:
                b -= 1
            if a <= b:
                keys[a], keys[b] = keys[b], keys[a]
                a += 1
                b -= 1
        if keep - 1 <= b:
            hi = b
        elif keep - 1 >= a:
            lo = a
        else:
            return


@compiled
def _fall(keys: Ints, count: int) -> None:
    """Insertion sort, the largest first: rows are short."""
    for a in range(1, count):
        key = keys[a]
        b = a
        while b > 0 and keys[b - 1] < key:
            keys[b] = keys[b - 1]
            b -= 1
        keys[b] = key


@compiled
def _candidates_of(i: int, f: Features, prices: Ids, found: _Found, keep: int, above: int) -> int:
    """Leaves the worker's candidates in found.keys, score above post, in the order of a row. Returns how
    many.
    """
    keys = found.keys
    kept = 0
    for e in range(_pairs_of(i, f, found)):
        price = np.int64(prices[found.post[e]])
        rank = SCORE_WEIGHT * np.int64(found.score[e]) - PRICE_WEIGHT * price
        keys[kept] = (rank << POST_BITS) | (POST_MASK - found.post[e])
        kept += found.score[e] - price > above
    if kept > keep:
        _select(keys, kept, keep)
        kept = keep
    for e in range(kept):
        j = POST_MASK - (keys[e] & POST_MASK)
        score = ((keys[e] >> POST_BITS) + PRICE_WEIGHT * np.int64(prices[j])) // SCORE_WEIGHT
        keys[e] = (score << POST_BITS) | (POST_MASK - j)
    _fall(keys, kept)
    return kept


@compiled
def _candidates_block(
    chosen: Ids, f: Features, prices: Ids, found: _Found, keep: int, above: Ints, rows: Edges
) -> None:
    """Fills `rows` with the candidates of the chosen workers."""
    at = 0
    for r in range(len(chosen)):
        kept = _candidates_of(chosen[r], f, prices, found, keep, above[chosen[r]])
        for e in range(kept):
            rows.post[at + e] = POST_MASK - (found.keys[e] & POST_MASK)
            rows.score[at + e] = found.keys[e] >> POST_BITS
        at += kept
        rows.ptr[r + 1] = at


def _table(columns: Columns, names: tuple[str, ...], pad: int) -> Floats:
    return np.stack([np.pad(columns[name].astype(np.float32), (0, pad)) for name in names])


def features_of(instance: Instance) -> Features:
    """The instance's columns as tables for the kernels, all in single precision."""
    one = instance.workers
    trades = np.ascontiguousarray(np.concatenate([one["unskilled"], one["skilled"]], axis=1))
    levels = np.concatenate([np.zeros_like(one["unskilled"]), one["level"]], axis=1).astype(np.float32)
    workers = np.ascontiguousarray(_table(one, WORKER_ROWS, 0).T)
    posts = _table(instance.posts, POST_ROWS, LANES)
    return Features(one["area"], workers, trades, levels, instance.runs, instance.reach, instance.hops, posts)


@dataclass(frozen=True, eq=False)
class InstanceScorer:
    """All pairs of an instance. Threads share nothing but the feature tables; blocks do not depend on their
    number.
    """

    instance: Instance
    threads: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    _features: Features = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Makes the feature tables, once."""
        object.__setattr__(self, "_features", features_of(self.instance))

    def _room(self) -> _Found:
        """Room for the longest list a worker can reach."""
        size = TRADES_EACH * REACH * int(np.diff(self.instance.runs).max(initial=0)) + LANES
        post, score = np.empty(size, np.int32), np.empty(size, np.int32)
        return _Found(np.empty(size, np.float32), post, score, np.empty(size, np.int64), np.zeros(1, np.int64))

    @property
    def workers(self) -> int:
        return len(self.instance.workers["area"])

    @property
    def posts(self) -> int:
        return len(self.instance.capacity)

    def _each(self, count: int, work: Callable[[int, int], Answer]) -> Iterator[Answer]:
        """The answers for the blocks of 0..count-1, in order."""
        starts = range(0, count, BLOCK)
        with ThreadPoolExecutor(self.threads) as pool:
            yield from pool.map(lambda lo: work(lo, min(lo + BLOCK, count)), starts)

    def survey(self, prices: Ints) -> Survey:
        """See `Scorer.survey`."""
        cost = prices.astype(np.int32)
        best, eligible = np.full((self.workers, 3), MISSING, np.int64), np.zeros(self.workers, np.int32)

        def work(lo: int, hi: int) -> int:
            found = self._room()
            _survey_block(lo, hi, self._features, cost, found, best, eligible)
            return int(found.scored[0])

        return Survey(best, eligible, sum(self._each(self.workers, work)))

    def candidates(self, prices: Ints, keep: int, above: Ints, chosen: Ids | None = None) -> Edges:
        """See `Scorer.candidates`."""
        cost = prices.astype(np.int32)
        them = np.arange(self.workers, dtype=np.int32) if chosen is None else chosen

        def work(lo: int, hi: int) -> Edges:
            size = (hi - lo) * keep
            rows = Edges(np.zeros(hi - lo + 1, np.int64), np.empty(size, np.int32), np.empty(size, np.uint16))
            _candidates_block(them[lo:hi], self._features, cost, self._room(), keep, above, rows)
            size = int(rows.ptr[-1])
            return Edges(rows.ptr, rows.post[:size].copy(), rows.score[:size].copy())

        return _joined(list(self._each(len(them), work)))

    def fingerprint(self) -> str:
        """SHA-256 over all columns."""
        columns = (*self.instance.workers.values(), *self.instance.posts.values())
        return fingerprint(*columns, self.instance.runs, self.instance.reach, self.instance.hops)


def _joined(parts: list[Edges]) -> Edges:
    """The rows of all parts below one another."""
    if not parts:
        return Edges(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0, np.uint16))
    starts = np.cumsum([0, *(part.pairs for part in parts)])
    ptr = [part.ptr[1:] + start for part, start in zip(parts, starts, strict=False)]
    return Edges(
        np.concatenate([np.zeros(1, np.int64), *ptr]),
        np.concatenate([part.post for part in parts]),
        np.concatenate([part.score for part in parts]),
    )
