"""Columns of dates: the day, how exact it is, and what is no date."""

import polars as pl

from bangfu.people.checking.cells import Day, parse_day
from bangfu.people.checking.frame import Ledger


def days_of(ledger: Ledger, field: str, precision: str, code: str | None) -> tuple[pl.Series, pl.Series]:
    """The days of a column and their precision (day, month); filled cells that are no date are warned about.

    A number cell with a fraction is no date: 2019.1 may be January or October. `code` None: no finding.
    """
    parsed = parsed_days(ledger, field)
    days = pl.Series(field, [found and found.day for found in parsed], dtype=pl.Date)
    if code:
        ledger.find(ledger.is_filled(field) & days.is_null(), code, "warned", field)
    return days, pl.Series(precision, [found and found.precision for found in parsed], dtype=pl.String)


def parsed_days(ledger: Ledger, field: str) -> list[Day | None]:
    """The day in each cell of a column, None where there is none."""
    texts = ledger.narrowed(field)
    fractions = ledger.numeric[field] & texts.str.contains(r"\.").fill_null(value=False)
    known = {text: parse_day(text) for text in texts.drop_nulls().unique().to_list()}
    return [
        None if text is None or is_fraction else known[text]
        for text, is_fraction in zip(texts.to_list(), fractions.to_list(), strict=True)
    ]
