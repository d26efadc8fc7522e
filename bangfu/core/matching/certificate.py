"""How good the offers are, proved over every eligible pair, and an independent check of that proof.

For any prices p >= 0 nothing can be worth more than
    D(p) = sum_j capacity_j p_j + sum_i sum_t max(0, v_i(t) + B_t),
v_i(t) being the t-th largest score minus price of worker i. So (D - value) / D bounds the distance to the
optimum, whatever found the offers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from bangfu.core.matching.auction import Assignment
from bangfu.core.matching.problem import MOST_OFFERS, Ids, Ints, Terms, fingerprint, inputs_fingerprint

NO_ELIGIBLE_POST = "no_eligible_post"
FEW_ELIGIBLE_POSTS = "few_eligible_posts"
PRICED_OUT = "priced_out"
COMPLETE = "complete"
REASONS = (COMPLETE, NO_ELIGIBLE_POST, FEW_ELIGIBLE_POSTS, PRICED_OUT)
MISSING = np.iinfo(np.int64).min // 4


@dataclass(frozen=True)
class Certificate:
    """The figures printed with a run. Values and bound in score points, bonus included; the gap is a share
    of the bound.

    `offers`: for 0..3 new offers, how many workers, by reason. `complete`: all sought; `no_eligible_post`;
    `few_eligible_posts`: fewer eligible than sought and all of them offered; `priced_out`: others were
    worth more.
    """

    value: int
    bound: int
    gap: float
    eps: float
    rounds: int
    bids: int
    pairs_scored: int
    eligible_pairs: int
    workers: int
    posts: int
    capacity: int
    offers_made: int
    offers_over_capacity: int
    offers: Mapping[str, Mapping[str, int]]
    inputs_sha256: str
    offers_sha256: str

    def as_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        return asdict(self)


def worker_gains(best: Ints, terms: Terms, scale: int) -> Ints:
    """What each worker would gain from the best offers at the prices, int64 (workers,), as summed in D(p).

    `best` int64 (workers, 3): the largest score minus price, falling, MISSING where there are fewer eligible
    pairs. All in units of 1/scale.
    """
    bonus = np.concatenate([np.array(terms.bonus, np.int64) * scale, np.zeros(MOST_OFFERS, np.int64)])
    gains = np.zeros(len(best), np.int64)
    for t in range(MOST_OFFERS):
        gain = np.maximum(best[:, t] + bonus[terms.held.astype(np.int64) + t], 0)
        gains += np.where(terms.slots > t, gain, 0)
    return gains


def dual_bound(best: Ints, prices: Ints, terms: Terms, scale: int) -> int:
    """The whole score points of D(p), `best` as in `worker_gains`. An optimum is whole, so rounding down is
    sound.
    """
    rooms = int(terms.capacity.astype(np.int64) @ np.where(terms.capacity > 0, prices, 0))
    return (rooms + int(worker_gains(best, terms, scale).sum())) // scale


def shortfalls(got: Ids, eligible: Ids, terms: Terms) -> dict[str, dict[str, int]]:
    """How many workers got 0..3 new offers, by reason. `eligible`: eligible posts of each worker."""
    reason = np.full(len(got), REASONS.index(PRICED_OUT))
    reason[got == eligible] = REASONS.index(FEW_ELIGIBLE_POSTS)
    reason[eligible == 0] = REASONS.index(NO_ELIGIBLE_POST)
    reason[got == terms.slots] = REASONS.index(COMPLETE)
    table = np.bincount(got.astype(np.int64) * len(REASONS) + reason, minlength=(MOST_OFFERS + 1) * len(REASONS))
    rows = table.reshape(MOST_OFFERS + 1, len(REASONS))
    return {str(t): {code: int(n) for code, n in zip(REASONS, rows[t], strict=True)} for t in range(MOST_OFFERS + 1)}


@dataclass(frozen=True, eq=False)
class Survey:
    """What one look at all eligible pairs tells, at given prices: `best` (workers, 3) as in `dual_bound`,
    `eligible` int32 (workers,), and the number of pairs that were scored to find them.
    """

    best: Ints
    eligible: Ids
    pairs_scored: int


def certify(result: Assignment, terms: Terms, survey: Survey, *, rounds: int, pairs_sha256: str) -> Certificate:
    """The certificate of a result, from a survey taken at the result's prices."""
    bound = dual_bound(survey.best, result.prices, terms, result.scale)
    given = result.offers[result.offers >= 0]
    load = np.bincount(given, minlength=len(terms.capacity))
    got = (result.offers >= 0).sum(axis=1).astype(np.int32)
    return Certificate(
        value=result.value,
        bound=bound,
        gap=(bound - result.value) / bound if bound else 0.0,
        eps=result.eps / result.scale,
        rounds=rounds,
        bids=result.bids,
        pairs_scored=survey.pairs_scored,
        eligible_pairs=int(survey.eligible.sum(dtype=np.int64)),
        workers=len(got),
        posts=len(load),
        capacity=int(terms.capacity.sum(dtype=np.int64)),
        offers_made=len(given),
        offers_over_capacity=int(np.maximum(load - terms.capacity, 0).sum()),
        offers=shortfalls(got, survey.eligible, terms),
        inputs_sha256=inputs_fingerprint(pairs_sha256, terms),
        offers_sha256=fingerprint(result.offers),
    )
