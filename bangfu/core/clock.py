"""Clocks as data: named stages, each with a duration and a unit, and the instant at which a stage is due.

Day 0 is the day of the trigger in Asia/Shanghai. A deadline in days or months ends at 24:00 of its last
day, given as 00:00 of the next one. Hours are natural hours: nights, weekends and holidays count. Source:
policy.md A2 and F2.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

import yaml

from bangfu.core.calendar import WorkCalendar
from bangfu.core.retirement import add_months

ZONE = ZoneInfo("Asia/Shanghai")
START_OF_DAY = time(8)
"""A case opened by the machine is put on a worklist no earlier than this, Asia/Shanghai."""

Unit = Literal["hour", "calendar_day", "working_day", "month"]
Origin = Literal["case_opened", "previous_stage_done"]


class ClockError(ValueError):
    """A clock file that cannot be used; `code` names the reason, `entry` the stage or key."""

    def __init__(self, code: str, entry: str) -> None:
        super().__init__(f"{code}: {entry}")
        self.code, self.entry = code, entry


@dataclass(frozen=True)
class Pause:
    """Whole days, `first` to `last` both included, on which the clock stands; `last` is None while it is
    open.
    """

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """True when the clock stands on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class PauseReason:
    """Why a clock may stand still. One pause lasts at most `longest_days` and is then asked again with fresh evidence;
    `attempts` is on how many different days a contact must have failed before it, 0 where none is asked.
    """

    code: str
    names: Mapping[str, str]
    longest_days: int
    attempts: int


@dataclass(frozen=True)
class Stage:
    """One leg of a clock. `names` by language; `done_when` names the event that ends it."""

    code: str
    duration: int
    unit: Unit
    origin: Origin
    done_when: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Clock:
    """A mechanism with its stages in order; `valid_to` is the first day it no longer holds, None while it
    does.
    """

    code: str
    names: Mapping[str, str]
    stages: tuple[Stage, ...]
    outcomes: tuple[str, ...]
    pause_reasons: tuple[PauseReason, ...]
    warn_at: float
    place: str
    valid_from: date
    valid_to: date | None
    source: str

    def stage(self, code: str) -> Stage:
        """The stage with this code; raises ClockError `unknown_stage`."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise ClockError("unknown_stage", code)

    def pause_reason(self, code: str) -> PauseReason:
        """The reason with this code; raises ClockError `unknown_reason`."""
        for reason in self.pause_reasons:
            if reason.code == code:
                return reason
        raise ClockError("unknown_reason", code)

    def holds_on(self, day: date) -> bool:
        """True when the file is in force on this day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def due_at(stage: Stage, opened_at: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> datetime | None:
    """The instant the stage is due, in Asia/Shanghai; at that instant it is late.

    `opened_at` is an aware datetime: the case's opening or the end of the previous stage, as `stage.origin`
    says. None while a pause is open that began before the deadline. A pause never brings the deadline
    forward.
    """
    opened = opened_at.astimezone(ZONE)
    closed = [pause for pause in pauses if pause.last is not None]
    due = _due(stage, opened, calendar, closed)
    if any(pause.last is None and _midnight(pause.first) < due for pause in pauses):
        return None
    return due


def is_provisional(stage: Stage, opened_at: datetime, due: datetime, calendar: WorkCalendar) -> bool:
    """True where the deadline counts working days of a year without a holiday notice: it may still move."""
    if stage.unit != "working_day":
        return False
    first = opened_at.astimezone(ZONE).date()
    last = last_day(due)
    return any(calendar.is_provisional(date(year, 1, 1)) for year in range(first.year, last.year + 1))


def last_day(due: datetime) -> date:
    """The day in Asia/Shanghai on which one may still be in time: the day before, for a deadline at 00:00."""
    return (due.astimezone(ZONE) - timedelta(microseconds=1)).date()


def last_day_of(stage: Stage, opened_at: datetime, calendar: WorkCalendar) -> date:
    """The last day on which a stage that nothing pauses is done in time."""
    return last_day(_due(stage, opened_at.astimezone(ZONE), calendar, ()))


def starts_at(moment: datetime) -> datetime:
    """When a case opened by the machine is put on a worklist: `moment`, but not before 08:00 of that day."""
    local = moment.astimezone(ZONE)
    return max(local, datetime.combine(local.date(), START_OF_DAY, ZONE))


def share_at(opened_at: datetime, due: datetime, share: float) -> datetime:
    """The instant at which this share of the time from opening to deadline is used up (0.8: warn the
    officer).
    """
    opened = opened_at.astimezone(ZONE)
    return opened + (due.astimezone(ZONE) - opened) * share


def load_clock(document: Mapping[str, Any]) -> Clock:
    """A clock from the mapping of a file of `rules/clocks/`.

    Raises ClockError: `missing_key`, `unknown_unit`, `unknown_origin`, `bad_duration`, `no_stages`.
    """
    try:
        stages = tuple(_load_stage(entry) for entry in document["stages"])
        if not stages:
            raise ClockError("no_stages", str(document["code"]))
        valid = document["valid"]
        return Clock(
            code=str(document["code"]),
            names=dict(document["name"]),
            stages=stages,
            outcomes=tuple(document["outcomes"]),
            pause_reasons=tuple(_load_reason(entry) for entry in document["pause_reasons"]),
            warn_at=float(document["warn_at"]),
            place=str(document["place"]),
            valid_from=valid["from"],
            valid_to=valid.get("to"),
            source=str(document["source"]).strip(),
        )
    except KeyError as error:
        raise ClockError("missing_key", str(error.args[0])) from error


def read_clock(path: Path) -> Clock:
    """A clock from a YAML file."""
    return load_clock(yaml.safe_load(path.read_text(encoding="utf-8")))


def _load_stage(entry: Mapping[str, Any]) -> Stage:
    code, unit, origin, duration = entry["code"], entry["unit"], entry["origin"], entry["duration"]
    if unit not in get_args(Unit):
        raise ClockError("unknown_unit", str(unit))
    if origin not in get_args(Origin):
        raise ClockError("unknown_origin", str(origin))
    if not isinstance(duration, int) or duration < 1:
        raise ClockError("bad_duration", str(code))
    return Stage(code, duration, unit, origin, str(entry["done_when"]), dict(entry["name"]))


def _load_reason(entry: Mapping[str, Any]) -> PauseReason:
    days, attempts = entry["longest_days"], entry.get("attempts", 0)
    if not isinstance(days, int) or days < 1 or not isinstance(attempts, int) or attempts < 0:
        raise ClockError("bad_duration", str(entry["code"]))
    return PauseReason(str(entry["code"]), dict(entry["name"]), days, attempts)


def _due(stage: Stage, opened: datetime, calendar: WorkCalendar, pauses: Sequence[Pause]) -> datetime:
    day = opened.date()
    if stage.unit == "hour":
        return _running_hours(opened, timedelta(hours=stage.duration), pauses)
    if stage.unit == "month":
        last = _stretched(day, add_months(day, stage.duration), pauses)
    else:
        last, left = day, stage.duration
        while left > 0:
            last += timedelta(days=1)
            counts = stage.unit == "calendar_day" or calendar.is_workday(last)
            left -= counts and not _paused(last, pauses)
    return _midnight(last + timedelta(days=1))


def _running_hours(opened: datetime, left: timedelta, pauses: Sequence[Pause]) -> datetime:
    """Run for `left`, standing still on paused days."""
    now = opened
    while True:
        tomorrow = _midnight(now.date() + timedelta(days=1))
        if not _paused(now.date(), pauses):
            if now + left <= tomorrow:
                return now + left
            left -= tomorrow - now
        now = tomorrow


def _stretched(opened: date, last: date, pauses: Sequence[Pause]) -> date:
    """Move the last day on by one day for each paused day after day 0 and up to the moving end."""
    day = opened
    while day < last:
        day += timedelta(days=1)
        last += timedelta(days=_paused(day, pauses))
    return last


def _paused(day: date, pauses: Iterable[Pause]) -> bool:
    return any(pause.covers(day) for pause in pauses)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
