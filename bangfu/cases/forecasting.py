"""The forecast of legs that will be missed in the next ten working days, and how far such forecasts were right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Substr
from django.utils.timezone import localdate

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.choices import Result
from bangfu.cases.clockwork import CLOCK, calendar
from bangfu.cases.models import Leg
from bangfu.core.clock import ZONE, last_day
from bangfu.core.forecast import Experience, Past

AHEAD, BEHIND = 10, 60
"""Working days looked ahead, and those from which is learned. [design]"""
LIKELY = 0.5
_UNASSIGNED = "need_survey"  # a case has no helper of its own before its survey: its town works it off
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Pool:
    """Who works legs of a stage off: a helper's key, or "" and a town (nine digits)."""

    helper: int | str
    town: str
    stage: str


@dataclass
class Load:
    """What one pool has to do within the horizon: legs due, of these past their deadline; for each of the others how
    likely it will be missed, by the key of its case."""

    pool: Pool
    due: int = 0
    overdue: int = 0
    chances: dict[int, float] = field(default_factory=dict)

    @property
    def expected(self) -> float:
        """How many will be missed on average."""
        return sum(self.chances.values())


def legs_of(user: Viewer) -> QuerySet[Leg]:
    """The legs of the clock of help inside the user's duties."""
    return Leg.objects.filter(inside(user, "case__division"), clock=CLOCK)


def forecast(legs: QuerySet[Leg], now: datetime) -> list[Load]:
    """What each pool of these legs has to do in the next ten working days; who will miss most stands first."""
    today = localdate(now)
    past = legs.filter(due_at__gte=_back(today), due_at__lt=now)
    known = _experience(_columns(past), now)
    loads: dict[Pool, Load] = {}
    for row in _columns(legs.filter(done_at__isnull=True, due_at__lte=_end(today))):
        pool = _pool(row)
        load = loads.setdefault(pool, Load(pool))
        load.due += 1
        if row["due_at"] <= now:
            load.overdue += 1
        else:
            load.chances[row["case_id"]] = _chance(known, row, today)
    return sorted(loads.values(), key=_worst_first)


def _worst_first(load: Load) -> tuple[float, int, str, str, str]:
    pool = load.pool
    return -round(load.expected, 6), -load.due, str(pool.helper), pool.town, pool.stage


def _chance(known: Experience, row: Row, today: date) -> float:
    left = calendar().workdays_between(today, last_day(row["due_at"]))
    return known.chance(_pool(row), row["stage"], left)


def _experience(rows: Iterable[Row], now: datetime) -> Experience:
    """What legs whose deadline was over at that moment teach; what was done since counts as not done."""
    past = [
        Past(
            _pool(row), row["stage"], localdate(row["starts_at"]), last_day(row["due_at"]),
            localdate(row["done_at"]) if row["done_at"] and row["done_at"] < now else None,
        )
        for row in rows
        if row["result"] != Result.EXEMPT
    ]  # fmt: skip
    return Experience(past, calendar())


def _end(today: date) -> datetime:
    """The end of the last of the working days looked ahead, today counted where it is one."""
    last = calendar().add_workdays(today - timedelta(days=1), AHEAD)
    return datetime.combine(last + timedelta(days=1), time(), ZONE)


def _back(today: date) -> datetime:
    days, day, count = calendar(), today, BEHIND
    while count > 0:
        day -= timedelta(days=1)
        count -= days.is_workday(day)
    return datetime.combine(day, time(), ZONE)


def _columns(legs: QuerySet[Leg]) -> Iterator[Row]:
    named = legs.annotate(helper=F("case__helper"), town=Substr("case__division", 1, 9))
    columns = ("pk", "case_id", "stage", "starts_at", "due_at", "helper", "town", "done_at", "result")
    return named.values(*columns).iterator(chunk_size=5000)


def _pool(row: Row) -> Pool:
    if row["helper"] is None or row["stage"] == _UNASSIGNED:
        return Pool("", row["town"], row["stage"])
    return Pool(row["helper"], "", row["stage"])


@dataclass(frozen=True)
class Measured:
    """How forecasts made in the past came out: `weeks` of them, the legs that were expected to be missed on average,
    those called likely (at least one in two), those that were missed, those of them that were called likely, and the
    mean absolute difference between expected and missed a week."""

    weeks: int
    expected: float
    likely: int
    missed: int
    both: int
    error: float

    @property
    def precision(self) -> float | None:
        """Of those called likely, the share that was missed; None of none."""
        return self.both / self.likely if self.likely else None

    @property
    def recall(self) -> float | None:
        """Of those missed, the share that was called likely; None of none."""
        return self.both / self.missed if self.missed else None


def measure(legs: QuerySet[Leg], first: date, last: date) -> Measured:
    """Forecasts as they would have been made on each Monday between two days, held against what came.

    A leg that became exempt was neither missed nor kept and is left out; who helps a case is taken as it is today.
    """
    rows = [row for row in _columns(legs) if row["result"] != Result.EXEMPT]
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    weeks = [_week(rows, day) for day in days if day.weekday() == 0]
    sums = [sum(week[at] for week in weeks) for at in range(4)]
    errors = [abs(expected - missed) for expected, _, missed, _ in weeks]
    error = sum(errors) / len(errors) if errors else 0.0
    return Measured(len(weeks), sums[0], int(sums[1]), int(sums[2]), int(sums[3]), error)


def _week(rows: Sequence[Row], day: date) -> tuple[float, int, int, int]:
    """Expected, likely, missed, and both of one forecast at eight in the morning of that day."""
    now, end, since = datetime.combine(day, time(8), ZONE), _end(day), _back(day)
    known = _experience((row for row in rows if since <= row["due_at"] < now), now)
    expected, likely, missed, both = 0.0, 0, 0, 0
    for row in rows:
        is_open = row["starts_at"] <= now < row["due_at"] <= end and not (row["done_at"] and row["done_at"] <= now)
        if not is_open:
            continue
        chance = _chance(known, row, day)
        late = row["done_at"] is None or row["done_at"] >= row["due_at"]
        expected, likely, missed = expected + chance, likely + (chance >= LIKELY), missed + late
        both += chance >= LIKELY and late
    return expected, likely, missed, both
