"""A register of any size for benchmarks: invented people in the real villages of one province."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from django.utils.timezone import get_default_timezone

from bangfu.core.parts import stream_in_parts
from bangfu.demo.invention import Inventor, Village
from bangfu.divisions.queries import codes_below
from bangfu.divisions.ranges import VILLAGE
from bangfu.people.actions import register_people
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import record_work
from bangfu.people.models import Person
from bangfu.people.recorded import Recorded

PROVINCE = "150000000000"
PERSONS_A_HOUSEHOLD = 3.6
_PART = 10_000


def fill_register(size: int, *, on: date, seed: int = 1) -> int:
    """Bring the register to at least `size` persons; returns how many were added. Safe to run again: it goes on."""
    have = Person.objects.count()
    if have >= size:
        return 0
    villages = codes_below(PROVINCE, VILLAGE)
    homes = max(1, round(size / PERSONS_A_HOUSEHOLD / len(villages)) + 1)
    inventor = Inventor(on, seed)
    rows = islice(inventor.households([Village(code, homes) for code in villages]), size)
    at = datetime.combine(on, time(12), get_default_timezone())
    how = Recorded(on=on, source=Source.LEDGER, by=None, at=at)
    added = 0
    for number, part in enumerate(stream_in_parts(rows, _PART)):
        if (number + 1) * _PART <= have:
            continue
        keys = register_people(part, how)
        record_work(list(_work(part, keys, inventor)), how)
        added += len(part)
    return added


def _work(rows: Sequence[dict[str, Any]], keys: dict[str, int], inventor: Inventor) -> Iterator[dict[str, Any]]:
    """Two of three who can work hold a job, the others are without one."""
    for row in rows:
        if row["labour_capacity"] not in {"ordinary", "skilled", "weak"} or row["age"] < 17:
            continue
        draw = inventor.random
        working = draw.random() < 0.66
        yield {
            "person": keys[row["id_number"]], "working": working, "start": date(2025, draw.randrange(1, 13), 1),
            "employer": f"合成企业{draw.randrange(20_000):05d}有限公司", "occupation": inventor.trade()[0],
            "place": row["division"][:6] + "000000", "wage_amount": draw.randrange(2000, 7000), "reason": "-",
        }  # fmt: skip
