"""The chart of a bulletin as texts for SVG: persons at work by month, with the year's target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from django.utils.formats import number_format

LEFT, RIGHT, TOP, BOTTOM = 52, 390, 26, 200
_LABEL_ROOM = 8
_STEPS = (1, 2, 5, 10)
_TICKS = 4


@dataclass(frozen=True)
class Point:
    """A month: where it is drawn, and its number in words; `named` where the month is written below."""

    x: str
    y: str
    month: date
    words: str
    named: bool


@dataclass(frozen=True)
class Chart:
    """Points, the path through them, ticks as (y, words), the target as (y, words), None without one; `last_y` is
    where the figure of the last month stands; `target_at_end`: the words of the target have more room there."""

    points: Sequence[Point]
    path: str
    ticks: Sequence[tuple[str, str]]
    target: tuple[str, str] | None
    last_y: str
    target_at_end: bool


def line_chart(rows: Sequence[tuple[date, int]], target: int | None) -> Chart | None:
    """The chart of these months; None where there are fewer than two. The axis need not begin at 0: it is named."""
    if len(rows) < 2:  # a line needs two ends
        return None
    values = [number for _month, number in rows] + ([target] if target is not None else [])
    low, high, step = _axis(min(values), max(values))
    scale = (BOTTOM - TOP) / (high - low)
    width = (RIGHT - LEFT - 2 * _LABEL_ROOM) / (len(rows) - 1)
    places = [
        (LEFT + _LABEL_ROOM + at * width, BOTTOM - (number - low) * scale) for at, (_month, number) in enumerate(rows)
    ]
    every = ceil(len(rows) / 6)
    points = [
        Point(_text(x), _text(y), month, _number(number), (len(rows) - 1 - at) % every == 0)
        for at, ((month, number), (x, y)) in enumerate(zip(rows, places, strict=True))
    ]
    ticks = [(_text(BOTTOM - (at - low) * scale), _number(at)) for at in range(low, high + 1, step)]
    goal = (_text(BOTTOM - (target - low) * scale), _number(target)) if target is not None else None
    is_crowded = goal is not None and abs(float(goal[0]) - places[-1][1]) < 24  # two lines of words
    last_y = places[-1][1] + 22 if is_crowded or places[-1][1] < TOP + 18 else places[-1][1] - 8
    path = "M" + " L".join(f"{point.x},{point.y}" for point in points)
    return Chart(
        points, path, ticks, goal, _text(last_y), goal is not None and _has_room_at_end(places, float(goal[0]))
    )


def _has_room_at_end(places: Sequence[tuple[float, float]], goal: float) -> bool:
    """True where the line keeps farther from the height of the target in its right half than in its left."""
    half = len(places) // 2
    left, right = (min(abs(y - goal) for _x, y in part) for part in (places[:half], places[half:]))
    return right > left


def _axis(low: int, high: int) -> tuple[int, int, int]:
    """Round ends and the step between ticks, at least one step apart."""
    rough = max((high - low) / _TICKS, 1)
    power = 10 ** floor(log10(rough))
    step = int(next(power * factor for factor in _STEPS if power * factor >= rough))
    first, last = floor(low / step) * step, ceil(high / step) * step
    return (max(first - step, 0), last, step) if first == last else (first, last, step)


def _text(number: float) -> str:
    return f"{number:.1f}"


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)
