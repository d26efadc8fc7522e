"""How likely it is that a deadline will be missed, from how legs like it went.

A leg that is still open with k working days left is missed as often as legs of its stage that were open with k working
days left in the past; whoever works it off shifts that by how their own legs went. [design] A queue worked off at a
mean pace, which was tried first, was wrong by 18 legs a week where this is wrong by 5: docs/decisions/0020-forecast.md.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bangfu.core.calendar import WorkCalendar

LONGEST = 10
"""Working days left beyond which nothing is told apart."""
_OWN_WEIGHT = 10  # so many legs of the stage weigh as much as one's own
_NOTHING_KNOWN = 0.1  # the share missed that one leg before any counts for


@dataclass(frozen=True)
class Past:
    """A leg whose deadline is over: who worked it off, its stage, the days from which and until which it ran, the day
    on which it was done (None: not yet). A leg that became exempt is none."""

    pool: Hashable
    stage: str
    starts_on: date
    last_on: date
    done_on: date | None

    @property
    def missed(self) -> bool:
        """Whether it was done too late or not at all."""
        return self.done_on is None or self.done_on > self.last_on


class Experience:
    """How often legs that were open with so many working days left were missed."""

    def __init__(self, past: Iterable[Past], calendar: WorkCalendar) -> None:
        self._open: Counter[Hashable] = Counter()
        self._missed: Counter[Hashable] = Counter()
        legs = list(past)
        first = min((leg.starts_on for leg in legs), default=date.max)
        last = max((leg.last_on for leg in legs), default=date.min)
        days = [day for day in _days(first, last) if calendar.is_workday(day)]
        for leg in legs:
            for left, day in enumerate(_mornings(leg, days)):
                if day < leg.starts_on or (leg.done_on is not None and leg.done_on < day):
                    continue
                for key in ((leg.stage, left), (leg.pool, leg.stage, left)):
                    self._open[key] += 1
                    self._missed[key] += leg.missed

    def chance(self, pool: Hashable, stage: str, left: int) -> float:
        """How likely a leg that is open with `left` working days left will be missed, from 0 to 1."""
        left = min(left, LONGEST)
        common = (self._missed[stage, left] + _NOTHING_KNOWN) / (self._open[stage, left] + 1)
        own = self._missed[pool, stage, left] + _OWN_WEIGHT * common
        return own / (self._open[pool, stage, left] + _OWN_WEIGHT)


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def _mornings(leg: Past, workdays: Sequence[date]) -> Iterable[date]:
    """The last day of the leg, then for 1, 2 … working days left the day on which so many are left."""
    yield leg.last_on
    end = bisect_right(workdays, leg.last_on)
    for left in range(1, LONGEST + 1):
        if left > end:
            return
        yield workdays[end - left]
