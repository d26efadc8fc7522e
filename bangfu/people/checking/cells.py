"""Mend single cells: names, dates, numbers, value lists. Pure functions; columns call them once a distinct
text.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import polars as pl

NONE_SAID = "无"
DOTS = re.compile(r"\s*[·•.．・‧･∙⋅]\s*")
SHORT_NAME = 3
"""Up to so many Chinese characters, spaces in a name only stretch it to the width of longer ones."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
MOST = Decimal("9999999999.99")
"""The largest amount the register holds."""

_space = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
_bad_name = re.compile(r"[0-9０-９]|^[=+\-@＝＋－＠]")
_day = re.compile(
    r"^(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})[日号]?(?:T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$",
    re.ASCII,
)
_digits = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})?$", re.ASCII)
_month = re.compile(r"^(\d{4})(?:年|[-./])(\d{1,2})月?$", re.ASCII)
_amount = re.compile(r"^[¥￥]?([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)元?$", re.ASCII)
_phone = re.compile(r"^1[3-9]\d{9}$", re.ASCII)

Precision = Literal["day", "month"]


@dataclass(frozen=True)
class Day:
    """A day, or the first day of a month when only the month is known."""

    day: date
    precision: Precision

    @property
    def last(self) -> date:
        """The day itself, or the last day of the month."""
        if self.precision == "day":
            return self.day
        return self.day.replace(day=monthrange(self.day.year, self.day.month)[1])


def narrow(text: str) -> str:
    """A text of plain width without any white space: for dates, numbers, codes, values of a list."""
    return _space.sub("", unicodedata.normalize("NFKC", text))


def tidy(text: str) -> str:
    """A free text without white space at its ends and with single spaces inside."""
    return _space.sub(" ", text).strip()


def mend_name(text: str) -> str:
    """A name with its dots as ·, without the spaces that stretch a short name. Rare characters stay
    untouched.
    """
    name = DOTS.sub("·", tidy(text))
    short = name.replace(" ", "")
    is_short = len(short) <= SHORT_NAME and all(unicodedata.category(character) == "Lo" for character in short)
    return short if is_short else name


def is_name(name: str) -> bool:
    """False for a mended name that is empty, has a digit in it, or begins like a formula."""
    return bool(name) and _bad_name.search(name) is None


def parse_day(text: str) -> Day | None:
    """A day or a month as ledgers write it, the text already narrow; None when it is no date."""
    found = _day.match(text) or _digits.match(text) or _month.match(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in (*found.groups(), None)[:3])
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        return Day(date(year, month or 0, 1 if day is None else day), "month" if day is None else "day")
    except ValueError:
        return None


def parse_amount(text: str) -> Decimal | None:
    """A number such as 4500, 4,500.00 or 4500元, the text already narrow, to two places; None when it is
    none.
    """
    found = _amount.match(text)
    if not found:
        return None
    try:
        amount = Decimal(found.group(1).replace(",", "")).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if abs(amount) <= MOST else None


def parse_phone(text: str) -> str | None:
    """A mobile number of eleven digits; None when it is none."""
    return text if _phone.match(text) else None


def each(column: pl.Series, answer: Callable[[str], Any], dtype: Any) -> pl.Series:
    """`answer` for each text of a column, worked out once for each distinct text; null stays null."""
    distinct = column.drop_nulls().unique().to_list()
    answers = [answer(text) for text in distinct]
    return column.replace_strict(distinct, answers, default=None, return_dtype=dtype)


def from_list(values: Mapping[str, Any]) -> Callable[[str], Any]:
    """A parser for one of the listed values."""
    return values.get
