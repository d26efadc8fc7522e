"""Bench `link`: a list without ID numbers against a register of as many persons, beside Splink with its defaults.

Both sides are invented in memory and who is who is known (`linking_instance`); nothing touches a disk. What is measured
is finding who each line speaks of: the sound of each name of the list, and all of `link_lines`. The peer gets the same
tables, with the sounds.
"""

import os
import platform
import time
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
import splink

from bangfu.bench.linking_instance import ON_REGISTER, Instance, invent, with_sounds
from bangfu.bench.linking_peer import matched_by_default
from bangfu.bench.process import peak_mb
from bangfu.people.list_links import link_lines, linking_rule


def run(size: int = 1_000_000, peer_size: int = 1_000_000) -> dict[str, Any]:
    """Link `size` lines with `size` persons; then the peer, with at most `peer_size` of each."""
    instance = invent(size)
    began, cpu = time.perf_counter(), time.process_time()
    lines = with_sounds(instance.lines)
    found = link_lines(lines, instance.register, linking_rule())
    spent, worked, peak = time.perf_counter() - began, time.process_time() - cpu, peak_mb()
    sure = found.filter("is_sure")
    review = found.join(sure, on="line", how="anti")
    asked = review.join(instance.truth, on=["line", "person"]).height
    answer = {
        "lines": size, "persons": size, "on_register": ON_REGISTER, "seconds": round(spent, 1),
        "cpu_seconds": round(worked, 1), "goal_s": 90, "floor_s": 240, **_judged(sure, instance),
        "to_review": review["line"].n_unique(), "to_review_with_the_person": asked,
        "found_in_all": round((_right(sure, instance) + asked) / instance.truth.height, 5), "peak_rss_mb": peak,
    }  # fmt: skip
    smaller = instance if peer_size >= size else invent(peer_size)
    smaller = replace(smaller, lines=with_sounds(smaller.lines))
    began = time.perf_counter()
    theirs = matched_by_default(smaller)
    peer = time.perf_counter() - began
    told = {f"peer_{name}": value for name, value in _judged(theirs, smaller).items()}
    return {
        **answer, "peer_lines": min(size, peer_size), "peer_seconds": round(peer, 1), **told,
        "peak_rss_mb_with_peer": peak_mb(), "load": os.getloadavg()[0], "python": platform.python_version(),
        "splink": splink.__version__, "duckdb": duckdb.__version__,
    }  # fmt: skip


def _right(matched: pl.DataFrame, instance: Instance) -> int:
    return matched.join(instance.truth, on=["line", "person"]).height


def _judged(matched: pl.DataFrame, instance: Instance) -> dict[str, Any]:
    right = _right(matched, instance)
    return {
        "sure": matched.height, "wrong": matched.height - right, "precision": round(right / max(matched.height, 1), 6),
        "recall": round(right / instance.truth.height, 5),
    }  # fmt: skip
