"""Divisions as ranges of their 12-digit codes: a division and all below it is one half-open range."""

from __future__ import annotations

import re

_LEVELS = (2, 4, 6, 9, 12)  # digits that name a province, city, county, town, village
_CODE = re.compile(r"[0-9]{12}")


def division_range(code: str | None) -> tuple[str, str] | None:
    """The half-open range [low, high) of codes of a division and all below it; None = the whole country.

    The bounds are prefixes compared as text: 150500000000 gives ("1505", "1506"), and "1599" is followed by
    "159:" (the character after 9). Raises ValueError unless the code has 12 digits.
    """
    if code is None or code == "0" * 12:
        return None
    if not _CODE.fullmatch(code):
        raise ValueError("a division code has 12 digits")
    digits = next(level for level in _LEVELS if not code[level:].strip("0"))
    prefix = code[:digits]
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def lies_within(inner: str | None, outer: str | None) -> bool:
    """True where the division `inner` is `outer` or below it; None is the whole country."""
    around = division_range(outer)
    if around is None:
        return True
    bounds = division_range(inner)
    return bounds is not None and around[0] <= bounds[0] and bounds[1] <= around[1]


def range_sql(code: str | None, column: str = "division") -> str:
    """TRUE inside the division, FALSE elsewhere and where the column is NULL: never unknown.

    The whole country also holds rows whose division is not known.
    """
    bounds = division_range(code)
    if bounds is None:
        return "TRUE"
    return f"COALESCE({column} >= '{bounds[0]}' AND {column} < '{bounds[1]}', FALSE)"
