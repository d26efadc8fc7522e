"""The question put to the auction: eligible pairs with their scores, room at each post, offers already
held.
"""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
Ids = NDArray[np.int32]
Scores = NDArray[np.uint16]
Levels = NDArray[np.uint8]

MOST_OFFERS = 3
FIRST_OFFER_BONUS = (30_000, 10_000, 0)
HIGHEST_SCORE = 60_000


class ProblemError(ValueError):
    """The input cannot be a matching problem. `code` names the fault, `number` counts or locates it."""

    def __init__(self, code: str, number: int) -> None:
        super().__init__(f"{code} ({number})")
        self.code = code
        self.number = number


def _refuse(code: str, broken: NDArray[np.bool_]) -> None:
    if broken.any():
        raise ProblemError(code, int(np.count_nonzero(broken)))


class Edges(NamedTuple):
    """Eligible pairs as rows, one row a worker, the best score first and equal scores by post number.

    `ptr` int64 (n + 1,) where each row begins; `post` int32 and `score` uint16 (pairs,). A pair occurs at
    most once. Make one with `edges_of`, which sorts and checks; the plain constructor trusts its caller. A
    named tuple, because compiled code takes those.
    """

    ptr: Ints
    post: Ids
    score: Scores

    @property
    def workers(self) -> int:
        return len(self.ptr) - 1

    @property
    def pairs(self) -> int:
        return len(self.post)

    def row_of_pair(self) -> Ids:
        """The worker of each pair, int32 (pairs,)."""
        return np.repeat(np.arange(self.workers, dtype=np.int32), np.diff(self.ptr))


def edges_of(worker: ArrayLike, post: ArrayLike, score: ArrayLike, *, workers: int, posts: int) -> Edges:
    """Edges from three columns in any order.

    Raises ProblemError: `worker_out_of_range`, `post_out_of_range`, `score_out_of_range` (1..60000),
    `pair_repeated`.
    """
    row = np.asarray(worker, dtype=np.int64)
    column = np.asarray(post, dtype=np.int64)
    value = np.asarray(score, dtype=np.int64)
    _refuse("worker_out_of_range", (row < 0) | (row >= workers))
    _refuse("post_out_of_range", (column < 0) | (column >= posts))
    _refuse("score_out_of_range", (value < 1) | (value > HIGHEST_SCORE))
    pair = np.sort(row * max(posts, 1) + column)
    _refuse("pair_repeated", pair[1:] == pair[:-1])
    order = np.lexsort((column, -value, row))
    ptr = np.zeros(workers + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=workers), out=ptr[1:])
    return Edges(ptr, column[order].astype(np.int32), value[order].astype(np.uint16))


@dataclass(frozen=True, eq=False)
class Terms:
    """What holds beside the pairs.

    `capacity` int32 (posts,): offers each post may still receive, 0 = closed. `held` uint8 (workers,): live
    offers each worker already has; 3 - held are sought, the bonus goes on from there. `bonus`: added for a
    worker's first, second and third offer, never increasing. It is in score units. Raises ProblemError:
    `capacity_negative`, `held_out_of_range`, `bonus_increasing`.
    """

    capacity: Ids
    held: Levels
    bonus: tuple[int, int, int] = FIRST_OFFER_BONUS
    slots: Levels = field(init=False)

    def __post_init__(self) -> None:
        _refuse("capacity_negative", self.capacity < 0)
        _refuse("held_out_of_range", self.held > MOST_OFFERS)
        first, second, third = self.bonus
        if not first >= second >= third >= 0:
            raise ProblemError("bonus_increasing", first)
        object.__setattr__(self, "slots", (MOST_OFFERS - self.held).astype(np.uint8))


def terms_of(
    capacity: ArrayLike,
    *,
    workers: int,
    held: ArrayLike | None = None,
    bonus: tuple[int, int, int] = FIRST_OFFER_BONUS,
) -> Terms:
    """Terms from plain sequences; `held` None means that nobody holds an offer."""
    room = np.asarray(capacity, dtype=np.int64)
    live = np.zeros(workers, np.int64) if held is None else np.asarray(held, dtype=np.int64)
    if len(live) != workers:
        raise ProblemError("held_length", len(live))
    _refuse("held_out_of_range", (live < 0) | (live > MOST_OFFERS))
    _refuse("capacity_negative", room < 0)
    return Terms(room.astype(np.int32), live.astype(np.uint8), bonus)


def fingerprint(*arrays: NDArray[np.generic]) -> str:
    """SHA-256 over type, shape and little-endian bytes of each array, as hexadecimal digits."""
    digest = hashlib.sha256()
    for array in arrays:
        plain = np.ascontiguousarray(array)
        plain = plain.astype(plain.dtype.newbyteorder("<"), copy=False)
        digest.update(f"{plain.dtype.str}{plain.shape}".encode())
        digest.update(plain.tobytes())
    return digest.hexdigest()


def inputs_fingerprint(pairs: str, terms: Terms) -> str:
    """SHA-256 of all inputs: the fingerprint of the pairs, then capacity, held offers and bonus."""
    rest = fingerprint(terms.capacity, terms.held, np.array(terms.bonus, np.int64))
    return hashlib.sha256(f"{pairs}{rest}".encode()).hexdigest()


def pairs_fingerprint(edges: Edges) -> str:
    """SHA-256 of the pairs alone."""
    return fingerprint(edges.ptr, edges.post, edges.score)
