"""The strip of jobs as numbers for SVG: bars, gaps between them, the line of today, an axis of quarters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, LEFT, RIGHT = 1180.0, 44.0, 62.0  # the drawing, what stands left of it, room for the last words
LETTER, WIDE_LETTER, PADDING = 7.0, 12.2, 16.0  # of 12 px type: Latin, Chinese; both ends of a bar together
NARROWEST, WIDE_GAP = 2.0, 64.0
LEAST_DAYS, MOST_DAYS = 365, 5 * 365
MOST_LABELS = 14
_QUARTER = 3
_Scale = Callable[[date], float]


@dataclass(frozen=True)
class Spell:
    """A job from `start` until the day before `end` (None: still held); `words` longest first, to fit the bar."""

    start: date
    end: date | None
    words: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """A job: where it is drawn, the words that fit ("" where none do), the whole words for a reader."""

    x: float
    width: float
    words: str
    title: str

    @property
    def text_x(self) -> float:
        """Where the words begin."""
        return round(self.x + 8, 1)


@dataclass(frozen=True)
class Gap:
    """Days known to be without a job between two, or since the last one."""

    x: float
    width: float
    days: int

    @property
    def is_wide(self) -> bool:
        """Whether the number of days has room inside; else it stands right of the gap."""
        return self.width >= WIDE_GAP

    @property
    def text_x(self) -> float:
        """The middle of the number of days inside the gap, or its beginning right of it."""
        return round(self.x + (self.width / 2 if self.is_wide else self.width + 5), 1)


@dataclass(frozen=True)
class Tick:
    """The first day of a quarter on the axis; `year` where its label is the year, else the month."""

    x: float
    day: date
    labelled: bool

    @property
    def is_year(self) -> bool:
        """Whether a year begins here."""
        return self.day.month == 1


@dataclass(frozen=True)
class Strip:
    """The whole drawing; `first` and `last` are the days that it spans, `worked` the months at work in it."""

    first: date
    last: date
    bars: list[Bar]
    gaps: list[Gap]
    ticks: list[Tick]
    today_x: float
    worked_days: int

    @property
    def months(self) -> int:
        """Full months at work, a month being 30 days."""
        return self.worked_days // 30


def job_strip(spells: Iterable[Spell], today: date) -> Strip | None:
    """The strip of these jobs up to today; None without a job that began. Overlapping jobs leave no gap.

    It spans at least a year and at most about five; what lies before is cut. Bars touch where one job follows the
    other without a free day.
    """
    edge = _quarter_start(today - timedelta(days=MOST_DAYS))
    begun = sorted(
        (spell for spell in spells if spell.start <= today and (spell.end is None or spell.end > edge)),
        key=lambda spell: (spell.start, spell.end or date.max),
    )
    if not begun:
        return None
    first = max(edge, _quarter_start(min(begun[0].start, today - timedelta(days=LEAST_DAYS))))
    scale = (WIDTH - LEFT - RIGHT) / ((today - first).days + 1)

    def at(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    bars, gaps, worked, free_from = [], [], 0, max(begun[0].start, first)
    for spell in begun:
        start = max(spell.start, first)
        end = min(spell.end or today + timedelta(days=1), today + timedelta(days=1))
        if start > free_from:
            gaps.append(_gap(at, free_from, start))
        width = max(round(at(end) - at(start), 1), NARROWEST)
        bars.append(Bar(at(start), width, _fitting(spell.words, width), spell.words[0] if spell.words else ""))
        worked += max((end - max(start, free_from)).days, 0)
        free_from = max(free_from, end)
    if free_from <= today:
        gaps.append(_gap(at, free_from, today + timedelta(days=1)))
    return Strip(first, today, bars, gaps, _ticks(at, first, today), at(today + timedelta(days=1)), worked)


def _gap(at: _Scale, start: date, end: date) -> Gap:
    x, width = at(start), max(round(at(end) - at(start), 1), NARROWEST)
    return Gap(x, width, (end - start).days)


def _fitting(words: Sequence[str], width: float) -> str:
    """The first of the words that the bar has room for."""
    return next((text for text in words if text and text_width(text) + PADDING <= width), "")


def text_width(text: str) -> float:
    """About how wide a text of 12 px type is."""
    return sum(WIDE_LETTER if ord(letter) > 0x2E7F else LETTER for letter in text)


def _ticks(at: _Scale, first: date, today: date) -> list[Tick]:
    days, day = [], first
    while day <= today:
        days.append(day)
        day = _next_quarter(day)
    every = 1 if len(days) <= MOST_LABELS else 2 if len(days) <= 2 * MOST_LABELS else 4
    return [Tick(at(day), day, (day.month - 1) // _QUARTER % every == 0) for day in days]


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // _QUARTER * _QUARTER + 1, 1)


def _next_quarter(day: date) -> date:
    return date(day.year + (day.month > 9), (day.month + _QUARTER - 1) % 12 + 1, 1)
