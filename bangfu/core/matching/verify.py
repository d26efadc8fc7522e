"""A second opinion on finished offers, in plain NumPy: it shares no step with the auction that made them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bangfu.core.matching.certificate import Certificate
from bangfu.core.matching.problem import (
    MOST_OFFERS,
    Edges,
    Ids,
    Ints,
    Terms,
    fingerprint,
    inputs_fingerprint,
    pairs_fingerprint,
)


@dataclass(frozen=True)
class Fault:
    """`code` of what is wrong and how many times, or by how much."""

    code: str
    number: int


@dataclass(frozen=True)
class Verdict:
    """What the check found: value and bound recomputed (score points), and the faults, none when all is
    well.
    """

    value: int
    bound: int
    gap: float
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        return not self.faults


def _pair_scores(edges: Edges, offers: Ids, posts: int) -> NDArray[np.int64]:
    """The score of each offered pair, 0 where the pair is not eligible; offers of other shapes are not
    looked at.
    """
    keys = edges.row_of_pair().astype(np.int64) * posts + edges.post
    order = np.argsort(keys)
    worker, _ = np.nonzero(offers >= 0)
    wanted = worker * posts + offers[offers >= 0]
    at = np.minimum(np.searchsorted(keys, wanted, sorter=order), max(len(keys) - 1, 0))
    if not len(keys):
        return np.zeros(len(wanted), np.int64)
    return np.where(keys[order[at]] == wanted, edges.score[order[at]].astype(np.int64), 0)


def _bound(edges: Edges, terms: Terms, prices: Ints, scale: int) -> int:
    """D(p) from all pairs: sort each row by score minus price, add the bonus by rank, keep gains only."""
    row = edges.row_of_pair()
    worth = edges.score.astype(np.int64) * scale - prices[edges.post]
    order = np.lexsort((-worth, row))
    rank = np.arange(len(order)) - edges.ptr[row]  # the row of a sorted place is the same as before sorting
    level = rank + terms.held[row]
    bonus = np.array(terms.bonus, np.int64) * scale
    counted = level < MOST_OFFERS
    gain = worth[order][counted] + bonus[level[counted]]
    rooms = int(terms.capacity.astype(object) @ np.where(terms.capacity > 0, prices, 0).astype(object))
    return (rooms + int(np.maximum(gain, 0).sum())) // scale


def _faults(edges: Edges, terms: Terms, offers: Ids, prices: Ints, scores: NDArray[np.int64]) -> dict[str, int]:
    given = offers >= 0
    load = np.bincount(offers[given], minlength=len(terms.capacity))
    sorted_rows = np.sort(offers, axis=1)
    return {
        "pair_not_eligible": int((scores == 0).sum()),
        "pair_repeated": int(((sorted_rows[:, 1:] == sorted_rows[:, :-1]) & (sorted_rows[:, 1:] >= 0)).sum()),
        "over_capacity": int(np.maximum(load - terms.capacity, 0).sum()),
        "over_slots": int(np.maximum(given.sum(axis=1) - terms.slots, 0).sum()),
        "price_negative": int((prices < 0).sum()),
        "price_without_full_post": int(((prices > 0) & (load < terms.capacity)).sum()),
    }


def _differences(
    edges: Edges, terms: Terms, offers: Ids, value: int, bound: int, claimed: Certificate
) -> dict[str, int]:
    inputs = inputs_fingerprint(pairs_fingerprint(edges), terms)
    return {
        "value_differs": abs(value - claimed.value),
        "bound_differs": abs(bound - claimed.bound),
        "inputs_differ": int(inputs != claimed.inputs_sha256),
        "offers_differ": int(fingerprint(offers) != claimed.offers_sha256),
    }


def verify(
    edges: Edges,
    terms: Terms,
    offers: Ids,
    prices: Ints,
    *,
    scale: int = 1,
    claimed: Certificate | None = None,
) -> Verdict:
    """Recomputes feasibility, value and D(p) from all eligible pairs, the offers (workers, 3) and the
    prices (posts,), which are in units of 1/scale. With `claimed`, its figures and fingerprints must be met
    exactly as well.

    Faults: `offers_malformed` (shape, or a post that does not exist: nothing else is looked at),
    `pair_not_eligible`, `pair_repeated`, `over_capacity`, `over_slots`, `price_negative`,
    `price_without_full_post`, `value_differs`, `bound_differs`, `inputs_differ`, `offers_differ`.
    """
    posts = len(terms.capacity)
    if offers.shape != (edges.workers, MOST_OFFERS) or prices.shape != (posts,) or (offers >= posts).any():
        return Verdict(0, 0, 1.0, (Fault("offers_malformed", 1),))
    scores = _pair_scores(edges, offers, posts)
    bonus = np.concatenate([np.array(terms.bonus, np.int64), np.zeros(2 * MOST_OFFERS, np.int64)])
    given = (offers >= 0).sum(axis=1)
    value = int(scores.sum())
    for t in range(MOST_OFFERS):
        value += int(bonus[terms.held[given > t].astype(np.int64) + t].sum())
    bound = _bound(edges, terms, prices, scale)
    found = _faults(edges, terms, offers, prices, scores)
    if claimed is not None:
        found |= _differences(edges, terms, offers, value, bound, claimed)
    faults = tuple(Fault(code, number) for code, number in found.items() if number)
    return Verdict(value, bound, (bound - value) / bound if bound else 0.0, faults)
