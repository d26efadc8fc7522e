"""Which snapshots are kept: the newest ones, and for good those from which a month's figures are told."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from bangfu.lake.snapshots import days


def days_to_drop(made: Sequence[date], before: date) -> list[date]:
    """The days before `before` that no month needs. `made` rises.

    A month is told from the snapshot of its last day, or where that night did not run from the first one after it;
    so a snapshot stays when a month ended between the one before and its own day. The newest stays too.
    """
    earlier: date | None = None
    dropped = []
    for day in made[:-1]:
        month_end = (day + timedelta(days=1)).replace(day=1) - timedelta(days=1)
        if day < before and earlier is not None and earlier >= month_end:
            dropped.append(day)
        earlier = day
    return dropped


def drop_snapshots(lake: Path, before: date) -> int:
    """Removes what `days_to_drop` names; returns how many. A killed run leaves a whole snapshot or a draft."""
    dropped = days_to_drop(days(lake), before)
    for day in dropped:
        gone = lake / f".draft-{day.isoformat()}"
        (lake / day.isoformat()).rename(gone)
        shutil.rmtree(gone)
    return len(dropped)
