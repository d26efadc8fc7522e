"""The exact peer of the matching benchmark and of its tests: minimum-cost flow by OR-Tools."""

import time
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from bangfu.core.matching.problem import MOST_OFFERS, Edges, Terms


@dataclass(frozen=True)
class Exact:
    """The best possible value, bonus included, in score points; seconds to build and to solve."""

    value: int
    build_seconds: float
    solve_seconds: float


def exact_value(edges: Edges, terms: Terms) -> Exact:
    """The optimum over these pairs. A worker's free offers flow over one arc for each bonus still to be
    earned, to the worker and on to posts, or straight to the sink where nothing is worth it. Raises
    RuntimeError when the solver fails.
    """
    workers, posts = edges.workers, len(terms.capacity)
    sink = 2 * workers + posts
    started = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    budget = np.arange(workers, dtype=np.int32)
    slots = terms.slots.astype(np.int64)

    def arcs(tail: object, head: object, room: object, cost: object) -> None:
        flow.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)

    for order, bonus in enumerate(terms.bonus):
        open_slot = (terms.held <= order).astype(np.int64)
        arcs(budget, workers + budget, open_slot, np.full(workers, -bonus, np.int64))
    ones, scores = np.ones(edges.pairs, np.int64), edges.score.astype(np.int64)
    arcs(workers + edges.row_of_pair(), (2 * workers + edges.post).astype(np.int32), ones, -scores)
    post = 2 * workers + np.arange(posts, dtype=np.int32)
    arcs(post, np.full(posts, sink, np.int32), terms.capacity.astype(np.int64), np.zeros(posts, np.int64))
    arcs(budget, np.full(workers, sink, np.int32), np.full(workers, MOST_OFFERS), np.zeros(workers, np.int64))
    flow.set_nodes_supplies(budget, slots)
    flow.set_node_supply(sink, -int(slots.sum()))
    built = time.perf_counter()
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"minimum-cost flow ended with status {status}")
    return Exact(-int(flow.optimal_cost()), built - started, time.perf_counter() - built)
