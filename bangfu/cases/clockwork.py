"""The clocks, the packages and the calendars in force at a place, read once from the rules.

A place's own file lies over that of the country: of the files with one code that hold on a day, the one for the
smallest division that holds the place.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import yaml
from django.conf import settings

from bangfu.core.calendar import WorkCalendar, read_calendar
from bangfu.core.clock import ZONE, Clock, Pause, Stage, due_at, is_provisional, read_clock, share_at
from bangfu.core.package import ServicePackage, read_package
from bangfu.divisions.ranges import code_range, level_of

CLOCK = "2473"
FOLLOW_UP = "follow_up"
ON_WORKLIST = (CLOCK, FOLLOW_UP)
PACKAGE = "131"
BACKLOG_WORKDAYS = 20  # house.md 5: the backlog of the first night is spread over 20 working days a town
AFTER_PREVIOUS = "previous_stage_done"
COUNTRY = "000000000000"
Placed = TypeVar("Placed", Clock, ServicePackage)


class Deadline(NamedTuple):
    """A stage of a clock that runs: from when it is counted, when it is due, when four fifths are used up."""

    stage: str
    due_at: datetime
    provisional: bool
    starts_at: datetime
    warn_at: datetime


@lru_cache(maxsize=1)
def clocks() -> tuple[Clock, ...]:
    """All clock files."""
    return tuple(read_clock(path) for path in sorted((settings.RULES / "clocks").glob("*.yaml")))


@lru_cache(maxsize=1)
def packages() -> tuple[ServicePackage, ...]:
    """All service packages."""
    return tuple(read_package(path) for path in sorted((settings.RULES / "packages").glob("*.yaml")))


@lru_cache(maxsize=512)
def clock(code: str = CLOCK, place: str = COUNTRY, on: date | None = None) -> Clock:
    """The clock of that code in force at a place on a day; None asks for the newest file whatever its dates.

    Raises LookupError where there is none.
    """
    return _nearest([one for one in clocks() if one.code == code], place, on)


@lru_cache(maxsize=64)
def package(code: str = PACKAGE) -> ServicePackage:
    """The service package of that code. Raises LookupError where there is none."""
    return _nearest([one for one in packages() if one.code == code], "", None)


@lru_cache(maxsize=4096)
def package_for(place: str, on: date) -> ServicePackage:
    """The package that a place gives on a day: its own, else that of the country."""
    return _nearest(packages(), place, on)


def _nearest(found: Sequence[Placed], place: str, on: date | None) -> Placed:
    """Of these files the one in force on the day (None: any) for the smallest division that holds the place ("": any);
    of several for one division the one that began last."""
    fitting = [
        one
        for one in found
        if (not place or _holds(one.place, place))
        and (on is None or (one.valid_from <= on and (one.valid_to is None or on < one.valid_to)))
    ]
    if not fitting:
        raise LookupError(place)
    return max(fitting, key=lambda one: (level_of(one.place), one.valid_from))


def _holds(wide: str, place: str) -> bool:
    first, after = code_range(wide)
    return first <= place < after


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    """The working days of the State Council's notices."""
    return read_calendar(settings.RULES / "calendar" / "cn.yaml")


@lru_cache(maxsize=1)
def _regional() -> tuple[dict[str, Any], ...]:
    """The own days of regions: files of `rules/calendar/places` with place, source, rest and worked (lists of days)."""
    files = sorted((settings.RULES / "calendar" / "places").glob("*.yaml"))
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")) for path in files)


@lru_cache(maxsize=4096)
def calendar_at(county: str) -> WorkCalendar:
    """The working days at a county: those of the country with the own days of the regions that hold it."""
    found = calendar()
    for entry in _regional():
        if _holds(entry["place"], county):
            found = found.with_days(off=entry["rest"], worked=entry.get("worked", ()))
    return found


def deadlines(
    starts: datetime, *, code: str = CLOCK, place: str = COUNTRY, pauses: Sequence[Pause] = ()
) -> list[Deadline]:
    """Each stage of a clock that begins to run at `starts` at a place, in the clock's order.

    A stage that is counted from the end of the one before stands as if that one took all its time, until it is done.
    """
    rule = clock(code, place, starts.astimezone(ZONE).date())
    found: list[Deadline] = []
    for stage in rule.stages:
        begins = found[-1].due_at if found and stage.origin == AFTER_PREVIOUS else starts
        found.append(deadline(stage, rule, begins, place, pauses))
    return found


def deadline(stage: Stage, rule: Clock, starts: datetime, place: str, pauses: Sequence[Pause] = ()) -> Deadline:
    """When one stage is due that is counted from `starts`; every pause here has a last day."""
    days = calendar_at(_county(place))
    due = due_at(stage, starts, days, pauses)
    if due is None:  # only a pause without a last day gives None
        raise AssertionError(stage.code)
    warn = share_at(starts, due, rule.warn_at)
    return Deadline(stage.code, due, is_provisional(stage, starts, due, days), starts, warn)


def backlog_deadlines(day: date, place_in_town: int, of: int, *, place: str = COUNTRY) -> list[Deadline]:
    """The same for a case of the backlog: the survey is due at the end of a working day of the next 20, the
    cases of one town spread evenly (`place_in_town` of `of`, from 0); the other stages run from that day."""
    days = calendar_at(_county(place))
    turn = 1 + place_in_town * BACKLOG_WORKDAYS // max(of, 1)
    survey_day = days.add_workdays(day, turn)
    begins = datetime.combine(survey_day, time(8), ZONE)
    first, *rest = deadlines(begins, place=place)
    due = datetime.combine(survey_day + timedelta(days=1), time(), ZONE)
    return [first._replace(due_at=due, provisional=days.is_provisional(survey_day)), *rest]


def _county(place: str) -> str:
    return place[:6].ljust(12, "0")
