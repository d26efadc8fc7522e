"""`bangfu bench matching`: certified offers for a made-up labour market, and OR-Tools on the same graph
beside it.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from bangfu.bench.matching_instance import SIZES, make_instance
from bangfu.bench.matching_scan import InstanceScorer
from bangfu.bench.process import peak_mb
from bangfu.core.matching.auction import auction
from bangfu.core.matching.problem import Terms, terms_of
from bangfu.core.matching.solve import Effort, Solution, solve_by_rounds

LONG = 60.0  # seconds: a run that takes longer is not repeated
PACKAGES = ("numpy", "numba", "ortools")


@dataclass(frozen=True)
class _Times:
    wall: list[float]
    cpu: list[float]


def _timed(work: Callable[[], object], repeats: int) -> _Times:
    """Wall and CPU seconds of each run, after one warm-up; a run over a minute is its own warm-up."""
    times = _Times([], [])
    for run in range(repeats + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        took = time.perf_counter() - wall
        if run > 0 or took > LONG:
            times.wall.append(took)
            times.cpu.append(time.process_time() - cpu)
        if took > LONG:
            break
    return times


def _peer(solution: Solution, terms: Terms, effort: Effort, repeats: int) -> dict[str, Any]:
    """OR-Tools on the pairs of the last round, and the auction alone on the same ones."""
    from bangfu.bench.matching_peer import exact_value  # needed by nobody but this comparison

    ours = _timed(lambda: auction(solution.edges, terms, eps=effort.eps), repeats)
    result = auction(solution.edges, terms, eps=effort.eps)
    cpu = time.process_time()
    exact = exact_value(solution.edges, terms)
    cpu = time.process_time() - cpu
    seconds = statistics.median(ours.wall)
    return {
        "name": "ortools SimpleMinCostFlow",
        "pairs": solution.edges.pairs,
        "build_seconds": round(exact.build_seconds, 3),
        "seconds": round(exact.solve_seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "optimum": exact.value,
        "auction_seconds": round(seconds, 3),
        "auction_true_gap": (exact.value - result.value) / exact.value,
        "ratio": round(exact.solve_seconds / seconds, 1),
        "peak_rss_mb": peak_mb(),
    }


def run(name: str = "C50", *, repeats: int = 5, peer: bool = True) -> dict[str, Any]:
    """Figures of one instance, ready for JSON: median seconds for scan, auction and proof over all pairs
    together, peak memory in MB, the certificate, and the peer's figures unless `peer` is off. KeyError for
    an unknown name.
    """
    workers, posts = SIZES[name]
    load = os.getloadavg()
    instance = make_instance(workers, posts)
    scorer = InstanceScorer(instance)
    terms, effort = terms_of(instance.capacity, workers=workers), Effort()
    solutions: list[Solution] = []

    def once() -> None:
        solutions[:] = [solve_by_rounds(scorer, terms, effort)]

    times = _timed(once, repeats)
    solution = solutions.pop()
    figures: dict[str, Any] = {
        "name": name,
        "workers": workers,
        "posts": posts,
        "runs": len(times.wall),
        "wall_seconds": round(statistics.median(times.wall), 3),
        "cpu_seconds": round(statistics.median(times.cpu), 3),
        "peak_rss_mb": peak_mb(),
        "threads": scorer.threads,
        "load_average": [round(value, 2) for value in load],
        "gaps": list(solution.gaps),
        "pairs_held": solution.edges.pairs,
        "certificate": solution.certificate.as_dict(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }
    if peer:
        figures["peer"] = _peer(solution, terms, effort, repeats)
    return figures
