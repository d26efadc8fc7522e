"""Bench `audit`: what one recorded look costs a request, and how fast a long chain is sealed and checked.

It writes entries of the verb "bench.deed", which stay in the register: run it in a home of its own.
"""

import os
import platform
import time
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bangfu.accounts.models import User
from bangfu.audit.actions import record, seal_chain
from bangfu.audit.chain import verify
from bangfu.audit.models import Entry, Subject
from bangfu.bench.process import peak_mb
from bangfu.core.keys import new_keys

_LOOKS = 2000
_BATCH = 5000


def run(entries: int = 20_000) -> dict[str, Any]:
    """Times 2,000 looks inside a transaction and as transactions of their own, then a chain of n entries."""
    user = User.objects.order_by("pk").first()
    inside = _looks(user, own=False)
    alone = _looks(user, own=True)
    _fill(entries)
    began = time.perf_counter()
    sealed = seal_chain()
    sealing = time.perf_counter() - began
    began = time.perf_counter()
    verdict = verify()
    checking = time.perf_counter() - began
    return {
        "look_in_transaction_ms": round(1000 * median(inside), 3), "look_p99_ms": round(1000 * _p99(inside), 3),
        "look_alone_ms": round(1000 * median(alone), 3), "look_alone_p99_ms": round(1000 * _p99(alone), 3),
        "sealed": sealed, "seal_s": round(sealing, 2), "chained": verdict.chained, "verify_s": round(checking, 2),
        "verify_us_per_entry": round(1e6 * checking / max(verdict.chained, 1), 1), "holds": verdict.holds,
        "peak_rss_mb": peak_mb(), "database": connection.vendor,
        "load": os.getloadavg()[0], "python": platform.python_version(),
    }  # fmt: skip


def _looks(user: User | None, *, own: bool) -> list[float]:
    """Seconds of each look: with `own`, begin and commit are counted in."""
    if own:
        return [_timed(user, number, own=True) for number in range(_LOOKS)]
    with transaction.atomic():
        spent = [_timed(user, number, own=False) for number in range(_LOOKS)]
        transaction.set_rollback(True)
    return spent


def _timed(user: User | None, person: int, *, own: bool) -> float:
    began = time.perf_counter()
    if own:
        with transaction.atomic():
            record("bench.deed", by=user, at=timezone.now(), count=1, persons=[person], purpose="visit")
    else:
        record("bench.deed", by=user, at=timezone.now(), count=1, persons=[person], purpose="visit")
    return time.perf_counter() - began


def _p99(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.99)]


def _fill(entries: int) -> None:
    now = timezone.now()
    for first in range(0, entries, _BATCH):
        keys = new_keys(min(_BATCH, entries - first))
        subjects = zip(new_keys(len(keys)), keys, strict=True)
        with transaction.atomic():
            Entry.objects.bulk_create(
                (
                    Entry(id=key, at=now, verb="bench.deed", count=1, role="county_officer", place="150522000000")
                    for key in keys
                ),
                batch_size=900,
            )
            Subject.objects.bulk_create(
                (Subject(id=key, entry_id=entry, person=entry) for key, entry in subjects), batch_size=900
            )
