"""The eligible pairs of many workers and posts at once: the same answer as `fit`, pair by pair, by column."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bangfu.core.matching.facts import CITY, COUNTY, PROVINCE, RANGES, Post, Worker
from bangfu.core.matching.fit import (
    HUNDREDTHS,
    SCORE_A_HUNDREDTH,
    closest,
    fen,
    in_wished_place,
    offered,
    own_floor,
)
from bangfu.core.matching.problem import Edges, Ints, ProblemError, edges_of
from bangfu.core.matching.weights import PERCENT, Weights

Flags = NDArray[np.bool_]
Key = TypeVar("Key", bound=Hashable)

UNKNOWN = -1
BLOCK = 256  # workers compared with all posts at once
_DIGITS = (COUNTY, CITY, PROVINCE)


@dataclass(frozen=True, eq=False)
class _WorkerColumns:
    """One entry a worker; -1 where not known. `skills`, `wishes`, `places`: rows of the `_Tables`."""

    age: Ints
    home: tuple[Ints, ...]
    willing: Ints
    floor: Ints
    level: Ints
    education: Ints
    health: Ints
    lodging: Ints
    priority: Ints
    skills: Ints
    wishes: Ints
    wishes_any: Flags
    places: Ints
    places_any: Flags


@dataclass(frozen=True, eq=False)
class _PostColumns:
    """One entry a post; -1 where not known. Wages in fen; `trade` and `place`: column in the tables of
    `_Tables`.
    """

    county: tuple[Ints, ...]
    low: Ints
    wage: Ints
    top: Ints
    minimum: Ints
    level: Ints
    education: Ints
    age_low: Ints
    age_high: Ints
    health: Ints
    lodging: Ints
    insured: Ints


@dataclass(frozen=True, eq=False)
class _Tables:
    """Closeness 0..3 of each set of terms to each post, and whether each set of wished places contains it."""

    skills: Ints
    wishes: Ints
    places: Ints


def _column(values: Iterable[int | bool | None]) -> Ints:
    return np.array([UNKNOWN if value is None else int(value) for value in values], np.int64)


def _places(codes: Sequence[str | None]) -> tuple[Ints, ...]:
    """The codes cut to county, city and province."""
    return tuple(_column(None if code is None else int(code[:digits]) for code in codes) for digits in _DIGITS)


def _numbered(keys: Sequence[Key]) -> tuple[list[int], Ints]:
    """Where each different key first occurs, and for every entry the number of its key."""
    number: dict[Key, int] = {}
    first: list[int] = []
    of = []
    for at, key in enumerate(keys):
        if key not in number:
            number[key] = len(first)
            first.append(at)
        of.append(number[key])
    return first, np.array(of, np.int64)


def _table(
    workers: Sequence[Worker],
    posts: Sequence[Post],
    kinds: tuple[Callable[[Worker], Hashable], Callable[[Post], Hashable]],
    answer: Callable[[Worker, Post], int],
) -> tuple[Ints, Ints]:
    """Asks once for each different worker kind and post kind. Returns the table, a column a post, and each
    worker's row.
    """
    rows, row_of = _numbered([kinds[0](worker) for worker in workers])
    columns, column_of = _numbered([kinds[1](post) for post in posts])
    small = np.array([[answer(workers[i], posts[j]) for j in columns] for i in rows], np.int64)
    return small.reshape(len(rows), len(columns))[:, column_of], row_of


def _tables(workers: Sequence[Worker], posts: Sequence[Post]) -> tuple[_Tables, tuple[Ints, Ints, Ints]]:
    def trade(post: Post) -> Hashable:
        return post.occupation, post.title

    skills, one = _table(workers, posts, (lambda w: w.known, trade), lambda w, p: closest(w.known, p))
    wishes, two = _table(workers, posts, (lambda w: w.wished, trade), lambda w, p: closest(w.wished, p))
    where = (lambda w: w.wished_places, lambda p: p.county)
    places, three = _table(workers, posts, where, in_wished_place)
    return _Tables(skills, wishes, places), (one, two, three)


def _worker_columns(workers: Sequence[Worker], rows: tuple[Ints, Ints, Ints], weights: Weights) -> _WorkerColumns:
    shares = weights.priority_percent
    return _WorkerColumns(
        age=_column(w.age for w in workers),
        home=_places([w.home for w in workers]),
        willing=_column(None if w.willing is None else RANGES.index(w.willing) for w in workers),
        floor=_column(own_floor(w, weights) for w in workers),
        level=_column(w.level for w in workers),
        education=_column(w.education for w in workers),
        health=_column(w.health_limited for w in workers),
        lodging=_column(w.wants_lodging for w in workers),
        priority=_column(shares[min(w.priority, len(shares) - 1)] for w in workers),
        skills=rows[0],
        wishes=rows[1],
        wishes_any=np.array([bool(w.wished) for w in workers], bool),
        places=rows[2],
        places_any=np.array([bool(w.wished_places) for w in workers], bool),
    )


def _post_columns(posts: Sequence[Post], minimum: Sequence[Decimal | None], weights: Weights) -> _PostColumns:
    pay = [offered(p, weights) for p in posts]
    return _PostColumns(
        county=_places([p.county for p in posts]),
        low=_column(fen(p.wage_low) for p in posts),
        wage=_column(wage for wage, _ in pay),
        top=_column(top for _, top in pay),
        minimum=_column(fen(wage) for wage in minimum),
        level=_column(p.level_required for p in posts),
        education=_column(p.education_required for p in posts),
        age_low=_column(p.age_low for p in posts),
        age_high=_column(p.age_high for p in posts),
        health=_column(p.needs_full_health for p in posts),
        lodging=_column(p.lodging for p in posts),
        insured=_column(p.insured for p in posts),
    )


def _distance(w: _WorkerColumns, p: _PostColumns, i: Ints, j: Ints) -> Ints:
    """0 the same county .. 3 further, -1 not known; i and j broadcast against each other."""
    county, city, province = (w.home[d][i] == p.county[d][j] for d in range(len(_DIGITS)))
    step = np.where(county, 0, np.where(city, 1, np.where(province, 2, 3)))
    return np.where((w.home[0][i] < 0) | (p.county[0][j] < 0), UNKNOWN, step)


def _below(wage: Ints, top: Ints, limit: Ints) -> Flags:
    known = np.where(wage >= 0, wage, top)
    return (limit >= 0) & (known >= 0) & (known < limit)


def _under(value: Ints, limit: Ints) -> Flags:
    return (value >= 0) & (limit >= 0) & (value < limit)


def _allowed(w: _WorkerColumns, p: _PostColumns, tables: _Tables, i: Ints, weights: Weights) -> Flags:
    """Which of all posts no hard limit bars for the workers i, (i, posts)."""
    rows = i[:, None]
    j = np.arange(len(p.wage))[None, :]
    step, willing = _distance(w, p, rows, j), w.willing[rows]
    wished = tables.places[w.places[i]] > 0
    age = w.age[rows]
    barred = (step > willing) & (willing >= 0) & ~wished
    barred |= (age >= 0) & (age < weights.minimum_age)
    barred |= _under(age, p.age_low[j]) | ((age >= 0) & (p.age_high[j] >= 0) & (age > p.age_high[j]))
    barred |= _below(p.low, p.top, p.minimum)[None, :] | _below(p.wage[j], p.top[j], w.floor[rows])
    barred |= _under(w.level[rows], p.level[j]) | _under(w.education[rows], p.education[j])
    barred |= (w.health[rows] == 1) & (p.health[j] == 1)
    return ~barred


def _liking(wish: Ints, given: Ints, neutral: int) -> Ints:
    met = np.where((wish < 0) | (given < 0), neutral, given * PERCENT)
    return np.where(wish == 0, PERCENT, met)


def _wage_points(w: _WorkerColumns, p: _PostColumns, i: Ints, j: Ints, weights: Weights) -> Ints:
    base, wage = np.where(w.floor[i] >= 0, w.floor[i], p.minimum[j]), p.wage[j]
    start = weights.wage_at_reference_percent
    span = base * (weights.full_wage_percent - PERCENT)
    above = np.minimum(np.maximum((wage - base) * PERCENT, 0), span)
    rising = start * HUNDREDTHS + (PERCENT - start) * HUNDREDTHS * above // np.maximum(span, 1)
    points = weights.wage * np.where(span == 0, PERCENT * HUNDREDTHS, rising) // PERCENT
    neutral = weights.wage * HUNDREDTHS * weights.neutral_percent // PERCENT
    return np.where((base < 0) | (wage < 0), neutral, points)


def _skill_points(w: _WorkerColumns, tables: _Tables, i: Ints, j: Ints, weights: Weights) -> Ints:
    near = (weights.no_match_percent, weights.same_class_percent, weights.same_group_percent)
    shares = np.array([*near, weights.same_occupation_percent], np.int64)
    fixed = (PERCENT - weights.level_percent) * 5 + weights.level_percent * w.level[i]
    return weights.skill * HUNDREDTHS * shares[tables.skills[w.skills[i], j]] * fixed // (PERCENT * PERCENT * 5)


def _preference_points(w: _WorkerColumns, p: _PostColumns, tables: _Tables, i: Ints, j: Ints, weights: Weights) -> Ints:
    neutral = weights.neutral_percent
    near = (0, weights.same_class_percent, weights.same_group_percent, weights.same_occupation_percent)
    shares = np.array(near, np.int64)
    occupation = np.where(w.wishes_any[i], shares[tables.wishes[w.wishes[i], j]], neutral)
    inside = np.where(p.county[0][j] < 0, UNKNOWN, tables.places[w.places[i], j])
    place = _liking(np.where(w.places_any[i], 1, UNKNOWN), inside, neutral)
    total = weights.liked_occupation * occupation + weights.liked_place * place
    total += weights.liked_lodging * _liking(w.lodging[i], p.lodging[j], neutral)
    total += weights.liked_insurance * _liking(np.ones_like(i), p.insured[j], neutral)
    return weights.preference * HUNDREDTHS * total // (PERCENT * PERCENT)


def _scores(w: _WorkerColumns, p: _PostColumns, tables: _Tables, i: Ints, j: Ints, weights: Weights) -> Ints:
    """The scores of the pairs (i, j), both (pairs,)."""
    near = (weights.county_percent, weights.city_percent, weights.province_percent, weights.away_percent)
    shares = np.array([*near, weights.neutral_percent], np.int64)  # the last one is reached by -1
    points = weights.distance * HUNDREDTHS * shares[_distance(w, p, i, j)] // PERCENT
    points += weights.priority * HUNDREDTHS * w.priority[i] // PERCENT
    points += _skill_points(w, tables, i, j, weights) + _wage_points(w, p, i, j, weights)
    points += _preference_points(w, p, tables, i, j, weights)
    return np.maximum(1, SCORE_A_HUNDREDTH * points)


def eligible_edges(
    workers: Sequence[Worker],
    posts: Sequence[Post],
    *,
    minimum_wages: Sequence[Decimal | None],
    weights: Weights | None = None,
    without: Iterable[tuple[int, int]] = (),
) -> Edges:
    """All suitable pairs with the scores of `fit`. `minimum_wages`: of each post's place, one entry a post.

    `without`: pairs (place in `workers`, place in `posts`) to leave out, such as offers of the last 30 days.
    Raises ProblemError `minimum_wages_length`.
    """
    weights = weights or Weights()
    if len(minimum_wages) != len(posts):
        raise ProblemError("minimum_wages_length", len(minimum_wages))
    tables, rows = _tables(workers, posts)
    w, p = _worker_columns(workers, rows, weights), _post_columns(posts, minimum_wages, weights)
    left_out = np.array([i * len(posts) + j for i, j in without], np.int64)
    found: list[tuple[Ints, Ints, Ints]] = []
    for start in range(0, len(workers), BLOCK):
        block = np.arange(start, min(start + BLOCK, len(workers)))
        i, j = np.nonzero(_allowed(w, p, tables, block, weights))
        i = block[i]
        wanted = ~np.isin(i * len(posts) + j, left_out)
        i, j = i[wanted], j[wanted]
        found.append((i, j, _scores(w, p, tables, i, j, weights)))
    columns = [np.concatenate(part) for part in zip(*found, strict=True)] or [np.empty(0, np.int64)] * 3
    return edges_of(*columns, workers=len(workers), posts=len(posts))
