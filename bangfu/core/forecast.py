"""Which deadlines will be missed when work goes on at the pace of the last weeks.

Legs of one stage that one pool of people works off are taken in the order of their deadlines. At `pace` legs a working
day the n-th is done on the working day number ceil(n / pace), today being the first. [design] Nothing that arrives
later is counted: of one stage it has a later deadline.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Generic, TypeVar

from bangfu.core.calendar import WorkCalendar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Due(Generic[Key]):
    """A leg that is still open: its key, its pool (who works it off, at which stage), the last day in time."""

    key: Key
    pool: Hashable
    last_on: date


def horizon_end(today: date, workdays: int, calendar: WorkCalendar) -> date:
    """The last of so many working days, today counted where it is one."""
    start = today - timedelta(days=1)
    return calendar.add_workdays(start, workdays)


def expected_misses(
    legs: Iterable[Due[Key]],
    paces: Mapping[Hashable, float],
    today: date,
    calendar: WorkCalendar,
) -> set[Key]:
    """The keys of the legs that will not be done by their last day; `paces` are legs a working day by pool, a pool
    without any never finishes. Legs that are past their last day already are worked off too and are not named."""
    queues: dict[Hashable, list[Due[Key]]] = {}
    for leg in legs:
        queues.setdefault(leg.pool, []).append(leg)
    missed: set[Key] = set()
    for pool, queue in queues.items():
        missed |= _missed(sorted(queue, key=lambda leg: leg.last_on), paces.get(pool, 0.0), today, calendar)
    return missed


def _missed(queue: Sequence[Due[Key]], pace: float, today: date, calendar: WorkCalendar) -> set[Key]:
    missed = set()
    for number, leg in enumerate(queue, start=1):
        if leg.last_on < today:
            continue
        days = calendar.workdays_between(today, leg.last_on)
        if pace <= 0 or ceil(number / pace) > days:
            missed.add(leg.key)
    return missed
