"""The working-day calendar of the yearly holiday notices of the State Council's General Office.

A day is worked when it is a swapped-in weekend day, or a Monday to Friday that is not a holiday. A year
without a notice is provisional: weekends and the statutory days count as off, the answer is marked and may
still move.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

SATURDAY = 5
FIXED_DAYS_OFF = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Statutory days off with a fixed date, as of 2025 (State Council order 795)."""


class CalendarError(ValueError):
    """A calendar file that cannot be read; `code` names the reason, `year` and `entry` the place."""

    def __init__(self, code: str, year: int, entry: str) -> None:
        super().__init__(f"{code}: {year}: {entry}")
        self.code, self.year, self.entry = code, year, entry


@dataclass(frozen=True)
class WorkCalendar:
    """Days off and days worked. `years` are those with a notice loaded."""

    years: frozenset[int]
    holidays: frozenset[date]
    swapped_in: frozenset[date] = frozenset()  # weekend days worked to make up for a holiday

    def is_workday(self, day: date) -> bool:
        """True when the day is worked; decides each day of the week alike, whatever the year."""
        if day in self.swapped_in:
            return True
        if day.weekday() >= SATURDAY or day in self.holidays:
            return False
        return day.year in self.years or (day.month, day.day) not in FIXED_DAYS_OFF

    def is_provisional(self, last: date) -> bool:
        """True where no notice of that year is loaded yet: the answer may still move."""
        return last.year not in self.years

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is day 0 itself."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both counted; 0 when `last` is earlier."""
        days = range((last - first).days + 1)
        return sum(self.is_workday(first + timedelta(days=step)) for step in days)

    def with_days(self, *, off: Iterable[date] = (), worked: Iterable[date] = ()) -> "WorkCalendar":
        """The same calendar with a region's own days off (ethnic festivals) or emergency working days."""
        added, worked_days = frozenset(off), frozenset(worked)
        return WorkCalendar(
            years=self.years,
            holidays=(self.holidays | added) - worked_days,
            swapped_in=(self.swapped_in - added) | worked_days,
        )


def load_calendar(document: Mapping[str, Any]) -> WorkCalendar:
    """A calendar from the mapping of `rules/calendar/cn.yaml`; raises CalendarError with code `bad_days`.

    `notices` holds, a year, `rest` and `worked` as text: days `MMDD` and ranges `MMDD-MMDD` apart by spaces.
    `expected` holds the lunar statutory days off of years without a notice in the same form.
    """
    notices: Mapping[int, Mapping[str, str]] = document["notices"]
    expected: Mapping[int, str] = document.get("expected", {})
    off: set[date] = set()
    worked: set[date] = set()
    for year, notice in notices.items():
        off.update(_days(year, notice["rest"]))
        worked.update(_days(year, notice.get("worked", "")))
    for year, text in expected.items():
        if year not in notices:
            off.update(_days(year, text))
    return WorkCalendar(years=frozenset(notices), holidays=frozenset(off), swapped_in=frozenset(worked))


def read_calendar(path: Path) -> WorkCalendar:
    """A calendar from a YAML file."""
    return load_calendar(yaml.safe_load(path.read_text(encoding="utf-8")))


def _days(year: int, text: str) -> list[date]:
    days: list[date] = []
    for entry in text.split():
        first, _, last = entry.partition("-")
        try:
            day, end = (date(year, int(part[:2]), int(part[2:])) for part in (first, last or first))
        except ValueError as error:
            raise CalendarError("bad_days", year, entry) from error
        if end < day:
            raise CalendarError("bad_days", year, entry)
        while day <= end:
            days.append(day)
            day += timedelta(days=1)
    return days
