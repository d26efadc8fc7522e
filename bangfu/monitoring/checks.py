"""Signals without a case: what an office looks into, week by week, and what it found."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from bangfu.audit.actions import record
from bangfu.divisions.ranges import COUNTY, TOWN, ancestors_of, code_range, level_of
from bangfu.monitoring.models import Capacity, Check, Signal
from bangfu.monitoring.rules import rule_behind
from bangfu.rulebook.rules import SEVERITIES

_OFFICES = (TOWN, COUNTY)
_CHUNK = 500


@transaction.atomic
def check_signals(signals: Sequence[Signal], finding: str, minutes: int | None, *, by: Any, at: datetime) -> int:
    """Record what looking into these open signals found; returns how many. An earlier answer is replaced.

    `minutes` is the time for each of them, None = not told. Signals that opened a case are answered there and are
    passed over.
    """
    locked = list(
        Signal.objects.select_for_update().filter(
            pk__in=[one.pk for one in signals], closed_on__isnull=True, case__isnull=True
        )
    )
    Check.objects.filter(signal__in=locked).delete()
    Check.objects.bulk_create(Check(signal=row, finding=finding, minutes=minutes, at=at, by=by) for row in locked)
    persons = {row.person_id for row in locked}
    record("monitoring.signals_checked", by=by, at=at, count=len(locked), persons=persons)
    return len(locked)


@transaction.atomic
def state_capacity(weekly: Mapping[str, int | None], *, by: Any, at: datetime) -> None:
    """Say how many signals these offices (by division) can look into in a week, None = all; holds from tonight.

    Raises ValueError for a division that is neither a town nor a county, or a number below one.
    """
    for division, number in weekly.items():
        if level_of(division) not in _OFFICES or (number is not None and number < 1):
            raise ValueError("a capacity is at least one a week, of a town or a county")
    Capacity.objects.bulk_create(
        Capacity(division=division, weekly=number, at=at, by=by) for division, number in weekly.items()
    )
    record("monitoring.capacity_stated", by=by, at=at, count=len(weekly), facts={"weekly": dict(weekly)})


def capacities() -> dict[str, int | None]:
    """What each office stated last, by division; None = as many as there are."""
    return dict(Capacity.objects.order_by("at", "pk").values_list("division", "weekly"))


def office_of(division: str, offices: Collection[str]) -> str:
    """The office of a place among these: its town's, else its county's; "" where neither stated anything."""
    around = [*ancestors_of(division), division]
    return next((code for code in reversed(around) if code in offices), "")


@transaction.atomic
def raise_signals(on: date, *, at: datetime) -> Counter[str]:
    """Ask for a look into the open signals that nobody was asked about; returns how many are left out, by rule.

    An office is asked about no more in a week than it stated, the most severe first, then the oldest; the others stay
    in sight as left out and come up in the weeks after. Run again on the same day it asks about nothing more.
    """
    stated = {division: weekly for division, weekly in capacities().items() if weekly is not None}
    waiting = Signal.objects.filter(raised_on__isnull=True, closed_on__isnull=True)
    urgency = _urgencies(waiting)
    rows = sorted(waiting.select_for_update(), key=lambda row: (urgency[row.code, row.version], row.opened_on, row.pk))
    room = {office: weekly - _raised_this_week(office, stated, on) for office, weekly in stated.items()}
    left: Counter[str] = Counter()
    raised = []
    for row in rows:
        office = office_of(row.division, stated)
        if office and room[office] <= 0:
            left[row.code] += 1
            continue
        if office:
            room[office] -= 1
        row.raised_on = on
        raised.append(row)
    Signal.objects.bulk_update(raised, ["raised_on"], batch_size=_CHUNK)
    facts = {"left_out": dict(sorted(left.items()))}
    record("monitoring.signals_raised", by=None, at=at, count=len(raised), facts=facts)
    return left


def _raised_this_week(office: str, stated: Collection[str], on: date) -> int:
    """Signals about which the office was asked since Monday, those of a town with its own capacity not counted."""
    monday, (low, high) = on - timedelta(days=on.weekday()), code_range(office)
    asked = Signal.objects.filter(
        case__isnull=True, raised_on__gte=monday, raised_on__lte=on, division__gte=low, division__lt=high
    )
    places = asked.values_list("division").annotate(n=Count("pk")).order_by("division")
    return sum(count for division, count in places if office_of(division, stated) == office)


def _urgencies(rows: QuerySet[Signal]) -> dict[tuple[str, str], int]:
    """How severe the rules are that found these signals, by code and version; 0 is the most severe."""
    found = rows.order_by("code").values_list("code", "version").distinct()
    rules = {key: rule_behind(*key) for key in found}
    return {key: SEVERITIES.index(rule.severity) if rule else len(SEVERITIES) for key, rule in rules.items()}


TO_CHECK, CHECKED, LEFT_OUT, ALL = "to_check", "checked", "left_out", "all"
STATES: Mapping[str, Q] = {
    TO_CHECK: Q(raised_on__isnull=False, check_made__isnull=True),
    LEFT_OUT: Q(raised_on__isnull=True),
    CHECKED: Q(check_made__isnull=False),
    ALL: Q(),
}
"""The states of an open signal without a case."""
