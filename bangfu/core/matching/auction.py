"""The auction: workers bid for posts until nobody can do better by more than eps at the posted prices.

After Bertsekas (1988), with rooms at each post, up to three different posts a worker, and a bonus for the
first ones. A worker with free slots takes the best posts by score minus price and bids up to the next best
one plus eps. A full post keeps its highest bids and costs the lowest of them; a post with room left costs
0. At the end no worker can gain more than eps an offer by changing, so the value is within eps x offers of
the best possible.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bangfu.core.matching.compiled import compiled
from bangfu.core.matching.problem import MOST_OFFERS, Edges, Ids, Ints, Levels, ProblemError, Terms

NONE = -1
_KEY_BITS = 63


@dataclass(frozen=True, eq=False)
class Assignment:
    """`offers` int32 (workers, 3): posts, the best score first, -1 where empty. `prices` int64 (posts,) in
    units of 1/`scale` of a score point; `eps` in the same units. `value` in score points, bonus included.
    `bids` made.
    """

    offers: Ids
    prices: Ints
    scale: int
    eps: int
    value: int
    bids: int


class _Units(NamedTuple):
    """`eps` and prices in 1/`scale` of a score point; a bid's key is its amount above `bits` bits of
    worker.
    """

    eps: int
    scale: int
    bits: int


class _Best(NamedTuple):
    """Room for the best posts of one worker: score minus price, falling, and where in the edges each
    stands.
    """

    worth: Ints
    edge: Ints


@compiled
def _look(edges: Edges, i: int, price: Ints, mine: Ids, scale: int, most: int, best: _Best) -> int:
    """The `most` best posts of worker i by score minus price, those already `mine` left out. Returns how
    many.
    """
    found = 0
    value, where = best.worth, best.edge
    first, second, third = mine[i, 0], mine[i, 1], mine[i, 2]
    for edge in range(edges.ptr[i], edges.ptr[i + 1]):
        raw = np.int64(edges.score[edge]) * scale
        if found == most and raw <= value[most - 1]:
            break  # rows fall by score and prices are never negative: nothing better follows
        j = edges.post[edge]
        if j in (first, second, third):
            continue
        worth = raw - price[j]
        if found == most and worth <= value[most - 1]:
            continue
        at = found if found < most else most - 1
        while at > 0 and value[at - 1] < worth:
            value[at] = value[at - 1]
            where[at] = where[at - 1]
            at -= 1
        value[at] = worth
        where[at] = edge
        found = min(found + 1, most)
    return found


@compiled
def _keep(key: int, lo: int, size: int, room: int, heap: Ints) -> int:
    """Puts a bid on the post's heap (lowest on top). Returns the key that fell out, -1 where there was
    room.
    """
    if size < room:
        at = size
        while at > 0:
            parent = (at - 1) >> 1
            if heap[lo + parent] <= key:
                break
            heap[lo + at] = heap[lo + parent]
            at = parent
        heap[lo + at] = key
        return NONE
    fallen: int = heap[lo]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= room:
            break
        if child + 1 < room and heap[lo + child + 1] < heap[lo + child]:
            child += 1
        if heap[lo + child] >= key:
            break
        heap[lo + at] = heap[lo + child]
        at = child
    heap[lo + at] = key
    return fallen


@compiled
def _release(worker: np.int64, j: int, mine: Ids, count: Levels) -> None:
    """Takes post j from the worker; the last one held moves into its place."""
    last = count[worker] - 1
    for t in range(last):
        if mine[worker, t] == j:
            mine[worker, t] = mine[worker, last]
            break
    mine[worker, last] = NONE
    count[worker] = last


@compiled
def _first_queue(ptr: Ints, slots: Levels, queue: Ids, waits: NDArray[np.bool_]) -> int:
    """Lines up every worker who has free slots and some eligible post. Returns how many."""
    waiting = 0
    for i in range(len(ptr) - 1):
        if slots[i] > 0 and ptr[i + 1] > ptr[i]:
            queue[waiting] = i
            waits[i] = True
            waiting += 1
    return waiting


@compiled
def _run(edges: Edges, base: Ints, slots: Levels, bonus: Ints, units: _Units, mine: Ids, price: Ints) -> int:
    """Fills `mine` (workers, 3) and `price`, returns the bids made. `base`: where the heap of each post
    begins.
    """
    workers = len(slots)
    heap, size = np.empty(base[-1], np.int64), np.zeros(len(price), np.int32)
    count, waits = np.zeros(workers, np.uint8), np.zeros(workers, np.bool_)
    queue = np.empty(workers, np.int32)
    best = _Best(np.empty(MOST_OFFERS + 1, np.int64), np.empty(MOST_OFFERS + 1, np.int64))
    mask = (np.int64(1) << units.bits) - 1
    head, bids, waiting = 0, 0, _first_queue(edges.ptr, slots, queue, waits)
    while waiting > 0:
        i = queue[head]
        head = head + 1 if head + 1 < workers else 0
        waiting -= 1
        waits[i] = False
        need = np.int64(slots[i]) - count[i]
        level = MOST_OFFERS - need  # offers in hand, the live ones of earlier rounds included
        found = _look(edges, i, price, mine, units.scale, need + 1, best)
        wanted = 0
        while wanted < min(need, found) and best.worth[wanted] > -bonus[level + wanted]:
            wanted += 1
        if wanted == 0:
            continue
        other = -bonus[level + wanted - 1]
        if found > wanted:
            other = max(best.worth[wanted] - units.eps, other)
        for t in range(wanted):
            edge = best.edge[t]
            j = edges.post[edge]
            bid = np.int64(edges.score[edge]) * units.scale - other
            fallen = _keep((bid << units.bits) | (mask - i), base[j], size[j], base[j + 1] - base[j], heap)
            mine[i, count[i]] = j
            count[i] += 1
            if fallen == NONE:
                size[j] += 1
            else:
                loser = mask - (fallen & mask)
                _release(loser, j, mine, count)
                if not waits[loser]:
                    queue[(head + waiting) % workers] = loser
                    waits[loser] = True
                    waiting += 1
            if size[j] == base[j + 1] - base[j]:
                price[j] = heap[base[j]] >> units.bits
        bids += wanted
    return bids


@compiled
def _settle(edges: Edges, mine: Ids, offers: Ids, bonus: Ints, slots: Levels) -> int:
    """Writes the held posts in the order of the row and returns their value, bonus included."""
    value = 0
    for i in range(len(slots)):
        count = 0
        for edge in range(edges.ptr[i], edges.ptr[i + 1]):
            j = edges.post[edge]
            if j in (mine[i, 0], mine[i, 1], mine[i, 2]):
                offers[i, count] = j
                value += np.int64(edges.score[edge]) + bonus[MOST_OFFERS - slots[i] + count]
                count += 1
    return value


def auction(edges: Edges, terms: Terms, *, eps: int = 1000, scale: int = 1) -> Assignment:
    """Offers within eps / scale score points of the optimum, each offer.

    With scale > 3 x workers and eps 1 the result is optimal; that is for small problems, since prices then
    climb in very small steps. A post without capacity is never offered and gets a price above all scores.
    Raises ProblemError: `eps_not_positive`, `worker_count_differs`, `too_large_for_scale`.
    """
    workers, posts = edges.workers, len(terms.capacity)
    if eps < 1 or scale < 1:
        raise ProblemError("eps_not_positive", min(eps, scale))
    if workers != len(terms.slots):
        raise ProblemError("worker_count_differs", workers)
    bits = max(1, workers.bit_length())
    dearest = (int(edges.score.max(initial=0)) + terms.bonus[0] + 1) * scale
    if dearest.bit_length() + bits >= _KEY_BITS:
        raise ProblemError("too_large_for_scale", scale)
    # No post can use more rooms than there are pairs with it: spares memory where capacities are generous.
    rooms = np.minimum(terms.capacity, np.bincount(edges.post, minlength=posts) + 1)
    base = np.zeros(posts + 1, np.int64)
    np.cumsum(rooms, out=base[1:])
    prices = np.where(terms.capacity > 0, 0, dearest).astype(np.int64)
    bonus = np.array(terms.bonus, np.int64)
    mine = np.full((workers, MOST_OFFERS), NONE, np.int32)
    bids = _run(edges, base, terms.slots, bonus * scale, _Units(eps, scale, bits), mine, prices)
    offers = np.full_like(mine, NONE)
    value = _settle(edges, mine, offers, bonus, terms.slots)
    return Assignment(offers, prices, scale, eps, int(value), int(bids))
