"""The clock, the package and the calendar in force, read once from the rules."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.conf import settings

from bangfu.core.calendar import WorkCalendar, read_calendar
from bangfu.core.clock import ZONE, Clock, due_at, is_provisional, read_clock
from bangfu.core.package import ServicePackage, read_package

CLOCK = "2473"
PACKAGE = "131"
BACKLOG_WORKDAYS = 20  # house.md 5: the backlog of the first night is spread over 20 working days a town


@lru_cache(maxsize=8)
def clock(code: str = CLOCK) -> Clock:
    """The clock of that code."""
    return read_clock(settings.RULES / "clocks" / f"{code}.yaml")


@lru_cache(maxsize=8)
def package(code: str = PACKAGE) -> ServicePackage:
    """The service package of that code."""
    return read_package(settings.RULES / "packages" / f"{code}.yaml")


@lru_cache(maxsize=1)
def calendar() -> WorkCalendar:
    """The working days of the State Council's notices."""
    return read_calendar(settings.RULES / "calendar" / "cn.yaml")


def deadlines(starts: datetime, *, code: str = CLOCK) -> list[tuple[str, datetime, bool]]:
    """(stage, due, provisional) of each stage of a clock that begins to run at `starts`."""
    rows = []
    for stage in clock(code).stages:
        due = due_at(stage, starts, calendar())
        if due is None:  # only an open pause gives None, and a fresh clock has none
            raise AssertionError(stage.code)
        rows.append((stage.code, due, is_provisional(stage, starts, due, calendar())))
    return rows


def backlog_deadlines(day: date, place_in_town: int, of: int) -> list[tuple[str, datetime, bool]]:
    """The same for a case of the backlog: the survey is due at the end of a working day of the next 20, the
    cases of one town spread evenly (`place_in_town` of `of`, from 0); the other stages run from that day."""
    turn = 1 + place_in_town * BACKLOG_WORKDAYS // max(of, 1)
    survey_day = calendar().add_workdays(day, turn)
    first, *rest = deadlines(datetime.combine(survey_day, time(8), ZONE))
    due = datetime.combine(survey_day + timedelta(days=1), time(), ZONE)
    return [(first[0], due, calendar().is_provisional(survey_day)), *rest]
