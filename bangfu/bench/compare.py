"""Bench `compare`: two monthly lists of social insurance against the register, beside decoding and the same join alone.

The lists are of the size asked for, in GB18030 with names of units in Chinese; a tenth of their lines are of people on
the register of this home. What is measured is receiving both: decoding, checking every line, finding the people by
blind index, keeping their lines. The peer decodes the same bytes and joins whole numbers in polars, which needs every
number of the register in plain text.
"""

import os
import platform
import random
import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import connection
from django.utils import timezone

from bangfu.bench.process import peak_mb
from bangfu.bench.register import fill_register
from bangfu.core import uscc
from bangfu.core.identity import check_character
from bangfu.core.retirement import add_months
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.models import SOCIAL_INSURANCE, Feed
from bangfu.monitoring.rules import feed_kinds
from bangfu.people.identity import id_numbers
from bangfu.people.models import Person

_HEAD = "AAC002,AAC003,AAB001,AAB004,AAE003,AAC031,AAC040\r\n"
_SHARE = 10  # one of so many lines is of somebody on the register
_UNITS = 2_000


def run(size: int = 5_000_000, persons: int = 100_000) -> dict[str, Any]:
    """Fill the register of this home to `persons` at least, make two lists of `size` lines, and receive them; what is
    received is taken back."""
    today = timezone.localdate()
    added = fill_register(persons, on=today)
    known = _known_numbers()
    months = [add_months(today.replace(day=1), -2), add_months(today.replace(day=1), -1)]
    lists = [_list(known, size, month) for month in months]
    peer, joined = _peer(lists, known)
    spent = _received(lists, months, today)
    whole = sum(one["seconds"] for one in spent)
    return {
        "lines": size * len(lists), "bytes": sum(map(len, lists)), "persons": len(known), "added": added,
        "seconds": round(whole, 1), "cpu_seconds": round(sum(one["cpu"] for one in spent), 1),
        "each": [round(one["seconds"], 1) for one in spent], "matched": [one["matched"] for one in spent],
        "bad": [one["bad"] for one in spent], "goal_s": 25, "floor_s": 60, "peer_seconds": round(peer, 1),
        "peer_matched": joined, "times_the_peer": round(whole / peer, 2), "peak_rss_mb": peak_mb(),
        "database": connection.vendor, "load": os.getloadavg()[0], "python": platform.python_version(),
        "polars": pl.__version__,
    }  # fmt: skip


def _known_numbers() -> list[str]:
    rows = Person.objects.filter(withdrawn_at__isnull=True).values_list("id", "id_sealed")
    return list(id_numbers({key: bytes(sealed) for key, sealed in rows.iterator()}).values())


def _list(known: list[str], size: int, month: date) -> bytes:
    """A list whose people of the register are spread over it; numbers of others are valid and of nobody."""
    draw = random.Random(f"{month}")
    bodies = [f"91150522{number:09d}" for number in range(_UNITS)]
    units = [body + uscc.check_character(body) for body in bodies]
    mine = iter(draw.sample(known, k=min(len(known), size // _SHARE)))
    return "".join((_HEAD, *_lines(draw, units, mine, size, f"{month:%Y%m}"))).encode("gb18030")


def _lines(draw: random.Random, units: list[str], mine: Iterator[str], size: int, month: str) -> Iterator[str]:
    for at in range(size):
        number = next(mine, None) if at % _SHARE == 0 else None
        if number is None:
            body = f"990523{1950 + at % 55}{1 + at % 12:02d}{1 + at % 28:02d}{at % 1000:03d}"
            number = body + check_character(body)
        unit = draw.randrange(_UNITS)
        yield f"{number},乌云其木格,{units[unit]},合成食品{unit:04d}有限公司,{month},1,{2000 + at % 5000}\r\n"


def _peer(lists: list[bytes], known: list[str]) -> tuple[float, list[int]]:
    register = pl.DataFrame({"AAC002": known})
    began, joined = time.perf_counter(), []
    for data in lists:
        frame = pl.read_csv(data.decode("gb18030").encode(), infer_schema=False)
        joined.append(frame.join(register, on="AAC002").height)
    return time.perf_counter() - began, joined


def _received(lists: list[bytes], months: list[date], today: date) -> list[dict[str, Any]]:
    """Each list received for the whole register; all of it is taken back at the end."""
    spent = []
    now, kind = timezone.now(), feed_kinds()[SOCIAL_INSURANCE]
    Feed.objects.filter(period__in=months, kind=kind.code).delete()
    for month, data in zip(months, lists, strict=True):
        spent.append(_one(kind, month, data, today, now))
    Feed.objects.filter(period__in=months, kind=kind.code).delete()
    return spent


def _one(kind: Any, month: date, data: bytes, today: date, now: datetime) -> dict[str, Any]:
    began, cpu = time.perf_counter(), time.process_time()
    feed = receive_feed(kind, data, "bench.csv", period=month, on=today, by=None, at=now)
    return {
        "seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "matched": feed.matched,
        "bad": feed.bad,
    }  # fmt: skip
