"""Made-up labour markets for the matching benchmark: the same numbers for the same seed, on any machine.

Workers and posts lie in labour-market areas of 8 counties. A fifth of the areas are destinations, each area
is twinned with two of them. How far a worker goes is one of four classes: own county, own area, three
neighbouring areas as well, two destinations as well. Each takes three of 8 unskilled trades and one or two
of 56 skilled ones. Posts are sorted by area and trade, so that what a worker can reach is a few runs of
posts. Post sizes are Pareto, wishes cluster. The order of the draws is part of the definition: do not move
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bangfu.core.matching.problem import Ids, Ints

Array = NDArray[Any]
Columns = Mapping[str, Array]

TRADES, UNSKILLED, COUNTIES = 64, 8, 8
UNSKILLED_EACH = 3
REACH = 6  # home area, three neighbours, two destinations
WORKERS_AN_AREA = 25_000
OFFERS = 3
SIZES = {"C50": (50_000, 2_000), "T200": (200_000, 10_000), "M1": (1_000_000, 50_000)}


@dataclass(frozen=True, eq=False)
class Instance:
    """`workers` and `posts`: columns by name. `runs`: where the posts of (area, trade) begin, (areas x 64 +
    1,). `reach` (areas, 6): areas by travel class, home first, -1 where none. `hops` float32 (areas,
    areas): distance.
    """

    workers: Columns
    posts: Columns
    runs: Ids
    reach: Ids
    hops: NDArray[np.float32]

    @property
    def capacity(self) -> Ids:
        capacity: Ids = self.posts["capacity"]
        return capacity


@dataclass(frozen=True, eq=False)
class _Map:
    place: NDArray[np.float32]
    destination: NDArray[np.bool_]
    workers: NDArray[np.float64]
    posts: NDArray[np.float64]


def _draw_map(draw: np.random.Generator, areas: int) -> _Map:
    """Where the areas lie, and which share of workers and posts each has."""
    place = draw.random((areas, 2)).astype(np.float32)
    destination = np.zeros(areas, bool)
    destination[draw.choice(areas, max(1, areas // 5), replace=False)] = True
    workers = draw.lognormal(0, 0.6, areas)
    workers[destination] *= 0.3
    workers /= workers.sum()
    pull = destination * draw.lognormal(0, 0.4, areas)
    pull = pull / (destination * draw.lognormal(0, 0.4, areas)).sum()
    posts = 0.5 * workers + 0.5 * pull
    posts /= posts.sum()
    return _Map(place, destination, workers, posts)


def _draw_reach(draw: np.random.Generator, land: _Map) -> tuple[Ids, NDArray[np.float32]]:
    """The areas within reach of each area, nearest first, then its twins; and all distances."""
    areas = len(land.place)
    squared = ((land.place[:, None] - land.place[None]) ** 2).sum(-1)
    near = np.argsort(squared, 1)[:, 1:4]
    far = np.flatnonzero(land.destination)
    twins = [draw.choice(far, 2, replace=len(far) < 2).tolist() for _ in range(areas)]
    reach = np.full((areas, REACH), -1, np.int32)
    for area in range(areas):
        line = [area, *(int(other) for other in near[area] if other != area)]
        line += [other for other in dict.fromkeys(twins[area]) if other not in line]
        reach[area, : len(line)] = line[:REACH]
    return reach, np.sqrt(squared).astype(np.float32)


def _zipf(count: int) -> NDArray[np.float64]:
    share = 1 / np.arange(1, count + 1) ** 0.7
    share = share / share.sum()
    return np.asarray(share, np.float64)


def _draw_workers(draw: np.random.Generator, count: int, land: _Map, skilled: NDArray[np.float64]) -> Columns:
    areas = len(land.place)
    return {
        "area": np.sort(draw.choice(areas, count, p=land.workers)).astype(np.int32),
        "county": draw.integers(0, COUNTIES, count).astype(np.uint8),
        "age": np.clip(draw.normal(42, 11, count), 16, 68).astype(np.uint8),
        "ability": draw.choice(4, count, p=[0.05, 0.15, 0.35, 0.45]).astype(np.uint8),
        "travel": draw.choice(4, count, p=[0.30, 0.30, 0.15, 0.25]).astype(np.uint8),
        "skilled": (UNSKILLED + draw.choice(TRADES - UNSKILLED, (count, 2), p=skilled)).astype(np.uint8),
        "unskilled": np.argsort(draw.random((count, UNSKILLED)), 1)[:, :3].astype(np.uint8),
        "level": draw.choice(5, (count, 2), p=[0.35, 0.3, 0.2, 0.1, 0.05]).astype(np.uint8),
        "liking": draw.integers(0, TRADES // 8, count).astype(np.uint8),
        "wage_floor": np.clip(draw.lognormal(7.9, 0.25, count), 1500, 8000).astype(np.uint16),
        "wage_now": np.clip(draw.lognormal(7.4, 0.5, count), 0, 9000).astype(np.uint16),
        "taste": draw.integers(0, 4096, count).astype(np.int32),
        "free_from": draw.integers(0, 45, count).astype(np.uint8),
        "priority": draw.choice(np.array([64, 72, 84, 96], np.uint8), count, p=[0.55, 0.25, 0.15, 0.05]),
    }


def _draw_demands(draw: np.random.Generator, area: Array, trade: Array, land: _Map) -> dict[str, Array]:
    """What each post asks and pays."""
    count = len(area)
    columns: dict[str, Array] = {"county": draw.integers(0, COUNTIES, count).astype(np.uint8)}
    columns["level"] = np.where(trade < UNSKILLED, 0, draw.choice(4, count, p=[0.4, 0.3, 0.2, 0.1])).astype(np.uint8)
    columns["ability"] = draw.choice(4, count, p=[0.15, 0.35, 0.35, 0.15]).astype(np.uint8)
    columns["age_low"] = np.where(draw.random(count) < 0.15, 16, 18).astype(np.uint8)
    limits = np.array([45, 50, 55, 60, 65, 70], np.uint8)
    columns["age_high"] = draw.choice(limits, count, p=[0.15, 0.2, 0.25, 0.25, 0.1, 0.05]).astype(np.uint8)
    wage = draw.lognormal(8.25, 0.28, count) * (1 + 0.15 * land.destination[area])
    columns["wage"] = np.clip(wage, 1800, 15000).astype(np.uint16)
    columns["taste"] = draw.integers(0, 4096, count).astype(np.int32)
    columns["starts"] = draw.integers(5, 90, count).astype(np.uint8)
    appeal = 1 / (1 + draw.permutation(count)) ** 0.5
    columns["appeal"] = np.clip(255 * (appeal / np.quantile(appeal, 0.999)) ** 0.5, 0, 255).astype(np.uint8)
    return columns


def _draw_capacity(draw: np.random.Generator, count: int, workers: int, tight: float, exposure: float) -> Ids:
    """Offers each post may receive: its vacancies times the exposure, in all about tight x 3 a worker."""
    vacancies = np.clip(draw.pareto(1.3, count) * 3 + 1, 1, 400)
    vacancies *= tight * OFFERS * workers / (exposure * vacancies.sum())
    whole = np.maximum(1, np.floor(vacancies + draw.random(count))).astype(np.int32)
    capacity: Ids = np.maximum(1, whole * exposure).astype(np.int32)
    return capacity


def make_instance(workers: int, posts: int, *, seed: int = 1, tight: float = 1.10, exposure: float = 5.0) -> Instance:
    """An instance fully given by its sizes and seed."""
    draw = np.random.default_rng(seed)
    land = _draw_map(draw, max(3, workers // WORKERS_AN_AREA))
    reach, hops = _draw_reach(draw, land)
    skilled = _zipf(TRADES - UNSKILLED)
    worker_columns = _draw_workers(draw, workers, land, skilled)
    area = draw.choice(len(land.place), posts, p=land.posts).astype(np.int32)
    shares = np.concatenate([np.full(UNSKILLED, 0.35 / UNSKILLED), 0.65 * skilled])
    trade = draw.choice(TRADES, posts, p=shares).astype(np.uint8)
    key: Ints = area.astype(np.int64) * TRADES + trade
    order = np.argsort(key, kind="stable")
    area, trade, key = area[order], trade[order], key[order]
    post_columns = _draw_demands(draw, area, trade, land)
    post_columns["capacity"] = _draw_capacity(draw, posts, workers, tight, exposure)
    runs = np.searchsorted(key, np.arange(len(land.place) * TRADES + 1)).astype(np.int32)
    return Instance(worker_columns, {"area": area, "trade": trade, **post_columns}, runs, reach, hops)
