"""Which month of which division: what the URL of a bulletin says."""

import re
from datetime import date

from django.http import Http404

from bangfu.rulebook.figures import moment_day

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_DIVISION = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", re.ASCII)
_FIRST_YEAR = 2000


def read_division(text: str) -> str:
    """The 12-digit code of the division asked for, "" for none. Raises Http404 for what is no code."""
    if text and not _DIVISION.fullmatch(text):
        raise Http404
    return text.ljust(12, "0") if text else ""


def read_month(text: str, today: date) -> date:
    """The first day of the month asked for; "" gives the last month that is over.

    Raises Http404 for what is no month, for one before 2000 and for one that has not begun.
    """
    if not text:
        return moment_day("previous_month_end", today).replace(day=1)
    match = _MONTH.fullmatch(text)
    if match is None:
        raise Http404
    month = date(int(match[1]), int(match[2]), 1)
    if month.year < _FIRST_YEAR or month > today:
        raise Http404
    return month
