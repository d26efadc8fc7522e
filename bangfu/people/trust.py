"""Which columns of a fact a new statement may change, and where those come from that it leaves."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from bangfu.core.trust import Trust, read_trust
from bangfu.people.facts_base import Fact, Source

Origin = tuple[str, date]
"""A source and the day on which it said so."""


@lru_cache(maxsize=1)
def trust() -> Trust:
    """The order of trust in force (rules/trust/sources.yaml)."""
    return read_trust(settings.RULES / "trust" / "sources.yaml")


def origin_of(row: Fact, column: str) -> Origin:
    """Who said the value of a column of a version, and when."""
    said = row.origins.get(column)
    return (said[0], date.fromisoformat(said[1])) if said else (row.source, localdate(row.recorded_at))


def guarded(row: Fact, news: Iterable[str], source: str, on: date) -> list[str]:
    """Those of the changed columns whose value on file comes from a more trusted source than `source`.

    An empty column guards nothing.
    """
    order = trust()
    return [
        column
        for column in news
        if getattr(row, column) not in (None, "") and order.outranks(origin_of(row, column), source, on)
    ]


def confirms(row: Fact, news: Iterable[str], source: str, on: date) -> bool:
    """True when the same values, said again face to face, are worth a version of their own: they were believed on
    weaker grounds. Other sources that say the same write nothing."""
    if source != Source.VISIT:
        return False
    order = trust()
    return any(order.outranks((source, on), *_held(row, column, on)) for column in news)


def _held(row: Fact, column: str, on: date) -> tuple[str, date]:
    source, said_on = origin_of(row, column)
    order = trust()
    stale = order.rank(source, said_on, on) != order.ranks.get(source)
    return (order.stale_as if stale else source), on


def origins_of(row: Fact, kept: Iterable[str], source: str) -> dict[str, list[str]]:
    """What the next version must remember of the columns that it takes over from `row`.

    A column from the very source of the next version needs no note, unless the day matters to its trust.
    """
    found: dict[str, list[str]] = {}
    fresh = trust().fresh_days
    for column in kept:
        if getattr(row, column) in (None, "") or isinstance(getattr(row, column), bytes | memoryview):
            continue
        said, day = origin_of(row, column)
        if said != source or said in fresh:
            found[column] = [said, day.isoformat()]
    return found


def texts_of(values: Mapping[str, Any]) -> dict[str, str | bool | None]:
    """Values of columns as JSON keeps them: text, truth, or None; bytes as hexadecimal digits."""
    return {column: _text(value) for column, value in values.items()}


def _text(value: Any) -> str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, date) else str(value)
