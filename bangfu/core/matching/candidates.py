"""Too many pairs to hold: a scorer looks at all of them, at given prices, and hands back a few for each
worker.

Never choose candidates by score alone: everybody's best posts are the same ones. By score minus 0.8 x price
the crowded posts drop out for those who have nearly as good a choice elsewhere.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bangfu.core.matching.certificate import MISSING, Survey
from bangfu.core.matching.compiled import compiled
from bangfu.core.matching.problem import MOST_OFFERS, Edges, Ids, Ints, pairs_fingerprint

# A candidate's rank is score - 0.8 x price, kept whole: 5 x score - 4 x price.
SCORE_WEIGHT, PRICE_WEIGHT = 5, 4


class Scorer(Protocol):
    """Knows all eligible pairs without holding them. Prices are whole score points, int64 (posts,)."""

    @property
    def workers(self) -> int: ...

    @property
    def posts(self) -> int: ...

    def survey(self, prices: Ints) -> Survey:
        """The three best score minus price of each worker and the count of eligible posts, over all pairs."""
        ...

    def candidates(self, prices: Ints, keep: int, above: Ints, chosen: Ids | None = None) -> Edges:
        """For each worker (or each `chosen` one, in that order) the `keep` best by score - 0.8 x price,
        ties to the lower post, of those with score - price > above[worker]; rows sorted as in `Edges`.
        """
        ...

    def fingerprint(self) -> str:
        """SHA-256 over all that decides the pairs and their scores."""
        ...


@compiled
def _survey_rows(edges: Edges, prices: Ints, scale: int, best: Ints) -> None:
    for i in range(len(best)):
        first, second, third = best[i, 0], best[i, 1], best[i, 2]
        for edge in range(edges.ptr[i], edges.ptr[i + 1]):
            worth = np.int64(edges.score[edge]) * scale - prices[edges.post[edge]]
            if worth > third:
                third = worth
                if third > second:
                    second, third = third, second
                if second > first:
                    first, second = second, first
        best[i, 0], best[i, 1], best[i, 2] = first, second, third


def survey_edges(edges: Edges, prices: Ints, scale: int = 1) -> Survey:
    """The survey where all pairs are held. Prices in units of 1/scale."""
    best = np.full((edges.workers, MOST_OFFERS), MISSING, np.int64)
    _survey_rows(edges, prices, scale, best)
    return Survey(best, np.diff(edges.ptr).astype(np.int32), edges.pairs)


@compiled
def _merge_row(one: Edges, two: Edges, i: int, out: Edges) -> None:
    """The union of row i of both into `out`, whose ptr[i] is set: each falls by score, then rises by post."""
    a, b, at = one.ptr[i], two.ptr[i], out.ptr[i]
    while a < one.ptr[i + 1] or b < two.ptr[i + 1]:
        first = b == two.ptr[i + 1]
        if a < one.ptr[i + 1] and not first:
            if one.post[a] == two.post[b]:
                b += 1  # the same pair has the same score and so the same place in both rows
                continue
            ahead, behind = one.score[a], two.score[b]
            first = ahead > behind or (ahead == behind and one.post[a] < two.post[b])
        if first:
            out.post[at], out.score[at] = one.post[a], one.score[a]
            a += 1
        else:
            out.post[at], out.score[at] = two.post[b], two.score[b]
            b += 1
        at += 1
    out.ptr[i + 1] = at


@compiled
def _merge(one: Edges, two: Edges, out: Edges) -> None:
    for i in range(len(out.ptr) - 1):
        _merge_row(one, two, i, out)


def merged(held: Edges, more: Edges) -> Edges:
    """The union of two sets of edges over the same workers."""
    room = held.pairs + more.pairs
    out = Edges(np.zeros_like(held.ptr), np.empty(room, np.int32), np.empty(room, np.uint16))
    _merge(held, more, out)
    size = out.ptr[-1]
    return Edges(out.ptr, out.post[:size].copy(), out.score[:size].copy())


def spread(edges: Edges, chosen: Ids, workers: int) -> Edges:
    """The rows of the chosen workers, rising, in their places among all workers; other rows are empty."""
    length = np.zeros(workers + 1, np.int64)
    length[chosen + 1] = np.diff(edges.ptr)
    return Edges(np.cumsum(length), edges.post, edges.score)


@dataclass(frozen=True, eq=False)
class HeldPairs:
    """A scorer over pairs that are held after all: for tests, and to see what others should answer."""

    edges: Edges
    posts: int

    @property
    def workers(self) -> int:
        return self.edges.workers

    def survey(self, prices: Ints) -> Survey:
        return survey_edges(self.edges, prices)

    def candidates(self, prices: Ints, keep: int, above: Ints, chosen: Ids | None = None) -> Edges:
        edges = self.edges
        row, score = edges.row_of_pair(), edges.score.astype(np.int64)
        price = prices[edges.post]
        rank = SCORE_WEIGHT * score - PRICE_WEIGHT * price
        order = np.lexsort((edges.post, -rank, row))
        order = order[(score - price > above[row])[order]]
        rows = row[order]
        place = np.arange(len(order)) - np.searchsorted(rows, rows)
        kept = np.sort(order[place < keep])  # the order of the full rows is the order wanted
        if chosen is None:
            chosen = np.arange(self.workers, dtype=np.int32)
        return _rows(edges, kept, row, chosen)

    def fingerprint(self) -> str:
        return pairs_fingerprint(self.edges)


def _rows(edges: Edges, kept: NDArray[np.int64], row: Ids, chosen: Ids) -> Edges:
    """The kept pairs of the chosen workers, in their order."""
    lo, hi = np.searchsorted(row[kept], chosen), np.searchsorted(row[kept], chosen, side="right")
    ptr = np.zeros(len(chosen) + 1, np.int64)
    np.cumsum(hi - lo, out=ptr[1:])
    parts = [kept[a:b] for a, b in zip(lo, hi, strict=True)]
    take = np.concatenate(parts) if parts else kept[:0]
    return Edges(ptr, edges.post[take], edges.score[take])
