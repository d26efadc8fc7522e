"""The forecast of legs that will be missed in the next ten working days, and how far such forecasts were right."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
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
from bangfu.core.forecast import Due, expected_misses, horizon_end

AHEAD, BEHIND = 10, 20
"""Working days looked ahead, and those whose pace counts. [design]"""
_UNASSIGNED = "need_survey"  # a case has no helper of its own before its survey: its town works it off


@dataclass(frozen=True)
class Pool:
    """Who works legs of a stage off: a helper's key, or "" and a town (nine digits)."""

    helper: int | str
    town: str
    stage: str


@dataclass
class Load:
    """What one pool has to do within the horizon: legs due, of these past their deadline, expected to be missed (keys
    of the cases), and its pace in legs a working day."""

    pool: Pool
    due: int
    overdue: int
    missed: list[int]
    pace: float


def legs_of(user: Viewer) -> QuerySet[Leg]:
    """The legs of the clock of help inside the user's duties."""
    return Leg.objects.filter(inside(user, "case__division"), clock=CLOCK)


def forecast(legs: QuerySet[Leg], now: datetime) -> list[Load]:
    """What each pool of these legs has to do in the next ten working days; who misses most stands first."""
    today, days = localdate(now), calendar()
    end = _end(today)
    rows = list(_columns(legs.filter(done_at__isnull=True, due_at__lte=end)))
    paces = _paces(legs, now)
    dues = [Due((row["pk"], row["case_id"]), _pool(row), last_day(row["due_at"])) for row in rows]
    missed = expected_misses(dues, paces, today, days)
    loads: dict[Pool, Load] = {}
    for row in rows:
        pool = _pool(row)
        load = loads.setdefault(pool, Load(pool, 0, 0, [], paces.get(pool, 0.0)))
        load.due += 1
        load.overdue += row["due_at"] <= now
        if (row["pk"], row["case_id"]) in missed and row["due_at"] > now:
            load.missed.append(row["case_id"])
    return sorted(
        loads.values(), key=lambda load: (-len(load.missed), -load.due, str(load.pool.helper), load.pool.stage)
    )


def _worst_first(load: Load) -> tuple[int, int, str, str, str]:
    pool = load.pool
    return -len(load.missed), -load.due, str(pool.helper), pool.town, pool.stage


def _end(today: date) -> datetime:
    return datetime.combine(horizon_end(today, AHEAD, calendar()) + timedelta(days=1), time(), ZONE)


def _columns(legs: QuerySet[Leg]) -> Iterable[dict[str, Any]]:
    named = legs.annotate(helper=F("case__helper"), town=Substr("case__division", 1, 9))
    return named.values(
        "pk", "case_id", "stage", "due_at", "helper", "town", "done_at", "done_by", "result", "starts_at"
    )


def _pool(row: Mapping[str, Any]) -> Pool:
    if row["helper"] is None or row["stage"] == _UNASSIGNED:
        return Pool("", row["town"], row["stage"])
    return Pool(row["helper"], "", row["stage"])


def _paces(legs: QuerySet[Leg], now: datetime) -> dict[Hashable, float]:
    """Legs a working day by pool over the last twenty working days."""
    since = _working_days_back(localdate(now), BEHIND)
    done = legs.filter(done_at__gte=since, done_at__lt=now).exclude(result=Result.EXEMPT)
    counts: Counter[Pool] = Counter()
    for row in _columns(done):
        counts[_pool(row)] += 1
        if row["stage"] != _UNASSIGNED and row["helper"] is not None:
            counts[Pool("", row["town"], row["stage"])] += 1
    return {pool: count / BEHIND for pool, count in counts.items()}


def _working_days_back(today: date, count: int) -> datetime:
    days, day = calendar(), today
    while count > 0:
        day -= timedelta(days=1)
        count -= days.is_workday(day)
    return datetime.combine(day, time(), ZONE)


@dataclass(frozen=True)
class Measured:
    """How forecasts made in the past came out: `weeks` of them, legs forecast as missed, legs that were missed, both,
    and the mean absolute difference of the two counts a week."""

    weeks: int
    expected: int
    missed: int
    both: int
    error: float

    @property
    def precision(self) -> float | None:
        """Of those forecast, the share that was missed; None of none."""
        return self.both / self.expected if self.expected else None

    @property
    def recall(self) -> float | None:
        """Of those missed, the share that was forecast; None of none."""
        return self.both / self.missed if self.missed else None


def measure(legs: QuerySet[Leg], first: date, last: date) -> Measured:
    """Forecasts as they would have been made on each Monday between two days, held against what came.

    A leg that became exempt was neither missed nor kept and is left out; who helps a case is taken as it is today.
    """
    rows = list(_columns(legs))
    mondays = [day for day in _days(first, last) if day.weekday() == 0]
    expected = missed = both = 0
    errors = []
    for day in mondays:
        said, came = _week(rows, day)
        expected, missed, both = expected + len(said), missed + len(came), both + len(said & came)
        errors.append(abs(len(said) - len(came)))
    return Measured(len(mondays), expected, missed, both, sum(errors) / len(errors) if errors else 0.0)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _week(rows: Iterable[Mapping[str, Any]], day: date) -> tuple[set[int], set[int]]:
    now, end = datetime.combine(day, time(8), ZONE), _end(day)
    since = _working_days_back(day, BEHIND)
    counts: Counter[Hashable] = Counter()
    dues, came = [], set()
    for row in rows:
        exempt = row["result"] == Result.EXEMPT
        if row["done_at"] and since <= row["done_at"] < now and not exempt:
            counts[_pool(row)] += 1
        if row["starts_at"] <= now and row["due_at"] <= end and not (row["done_at"] and row["done_at"] <= now):
            if exempt:
                continue
            dues.append(Due(row["pk"], _pool(row), last_day(row["due_at"])))
            late = row["done_at"] is None or row["done_at"] >= row["due_at"]
            if row["due_at"] > now and late:
                came.add(row["pk"])
    open_now = {row.key for row in dues}
    paces = {pool: count / BEHIND for pool, count in counts.items()}
    said = expected_misses(dues, paces, day, calendar())
    return said & open_now, came
