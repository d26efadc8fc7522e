"""Bench `explain`: one rule for one person, live from the register, with sources and single changes."""

import os
import platform
import time
from statistics import median
from typing import Any

import duckdb
from django.db import connection
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.bench.register import fill_register
from bangfu.monitoring.explaining import NotExplainedError, explain_person
from bangfu.monitoring.rules import rulebook
from bangfu.people.models import Person

_ASKED = 40  # persons a rule
_WARM = 3  # answers that open the engine and are not counted


def run(size: int = 10_000) -> dict[str, Any]:
    """Fill the register of this home to `size` persons and ask every rule that is answered from it."""
    today = timezone.localdate()
    added = fill_register(size, on=today)
    keys = list(Person.objects.order_by("pk").values_list("pk", flat=True)[: _ASKED * 25 : 25])
    book, spent = rulebook(), dict[str, list[float]]()
    for rule in (*book.signals(), *book.quality()):
        closure = book.views[rule.about].closure
        if closure == "population":
            continue
        for key in keys:
            began = time.perf_counter()
            try:
                explain_person(rule.code, key, today)
            except NotExplainedError:
                continue  # a rule of another place
            spent.setdefault(closure, []).append(time.perf_counter() - began)
    return {
        "persons": size, "added": added, "goal_ms": 50, "floor_ms": 150,
        **{f"{closure}_{name}": value for closure, times in spent.items() for name, value in _figures(times[_WARM:])},
        "answers": sum(map(len, spent.values())), "peak_rss_mb": peak_mb(), "database": connection.vendor,
        "load": os.getloadavg()[0], "python": platform.python_version(), "duckdb": duckdb.__version__,
    }  # fmt: skip


def _figures(times: list[float]) -> list[tuple[str, float]]:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return [("median_ms", round(1000 * median(ordered), 1)), ("p95_ms", round(1000 * p95, 1))]
