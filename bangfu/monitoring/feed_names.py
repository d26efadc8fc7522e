"""Lines of an outside list that name their person by name and day of birth, where they have no usable ID number."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from bangfu.intake.long_lists import LongList
from bangfu.people.checking.cells import is_name, mend_name

_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})?日?(?:[ T]00:00(?::00)?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_FIRST_YEAR = 1900
_SEXES = {
    "男": "male",
    "男性": "male",
    "1": "male",
    "M": "male",
    "女": "female",
    "女性": "female",
    "2": "female",
    "F": "female",
}
NOBODY_NAMED = pl.DataFrame(
    schema={
        "at": pl.Int64, "name": pl.String, "born": pl.String, "sex": pl.String, "place": pl.String,
        "has_number": pl.Boolean,
    }
)  # fmt: skip


def lines_that_name(listed: LongList, keys: pl.DataFrame, on: date) -> pl.DataFrame:
    """The lines that are not among those with a key (`at`) and say a name and a whole day of birth until `on`: `at`,
    `name` (mended), `born` (YYYYMMDD), `sex`, `place` (as written), null where they are not said, and `has_number`,
    whether something is written for an ID number after all."""
    rows = listed.rows
    if "name" not in rows.columns or "born_on" not in rows.columns:
        return NOBODY_NAMED
    found = pl.DataFrame({
        "at": pl.int_range(rows.height, eager=True),
        "name": by_value(rows["name"].fill_null(""), _name, pl.String),
        "born": by_value(rows["born_on"].fill_null(""), lambda text: _birth(text, on), pl.String),
        "sex": by_value(_texts(rows, "sex"), lambda text: _SEXES.get(text.strip().removesuffix(".0")), pl.String),
        "place": by_value(_texts(rows, "place"), lambda text: text.strip() or None, pl.String),
        "has_number": _texts(rows, "id_number").str.strip_chars() != "",
    })  # fmt: skip
    return found.filter(pl.col("name").is_not_null() & pl.col("born").is_not_null()).join(keys, on="at", how="anti")


def names_lacking(listed: LongList, on: date) -> pl.Series:
    """What the lines of a list without ID numbers lack to name somebody, null where nothing."""
    name = by_value(listed.rows["name"].fill_null(""), lambda text: _lack("name", text, _name(text)), pl.String)
    born = by_value(
        listed.rows["born_on"].fill_null(""), lambda text: _lack("born_on", text, _birth(text, on)), pl.String
    )
    return pl.select(pl.coalesce(name, born)).to_series()


def _texts(rows: pl.DataFrame, name: str) -> pl.Series:
    return rows[name].fill_null("") if name in rows.columns else pl.Series([""]).new_from_index(0, rows.height)


def _lack(field: str, text: str, read: str | None) -> str | None:
    if read is not None:
        return None
    return f"{field}_unreadable" if text.strip() else f"{field}_missing"


def _name(text: str) -> str | None:
    name = mend_name(text)
    return name if is_name(name) else None


def _birth(text: str, on: date) -> str | None:
    day = day_of(text.strip(), whole=True)
    return f"{day:%Y%m%d}" if day is not None and day.year >= _FIRST_YEAR and day <= on else None


def day_of(text: str, *, whole: bool = False) -> date | None:
    """A day as lists write it: 2026-06-30, 2026/6/30, 20260630, 2026年6月30日; a month alone is its first day, or None
    where the `whole` day is needed."""
    found = _COMPACT.fullmatch(text) or _DAY.fullmatch(text.rstrip("月") if not text.endswith("日") else text)
    if found is None:
        return None
    year, month, day = found.groups()
    if whole and day is None:
        return None
    try:
        return date(int(year), int(month), int(day or 1))
    except ValueError:
        return None


def by_value(texts: pl.Series, answer: Callable[[str], Any], kind: Any) -> pl.Series:
    """The answer for each text, asked once for each distinct one."""
    distinct = texts.unique()
    answers = pl.Series([answer(text) for text in distinct.to_list()], dtype=kind)
    if len(distinct) == 1:
        return pl.Series([answers[0]], dtype=kind).new_from_index(0, len(texts))
    return texts.replace_strict(distinct, answers, return_dtype=kind)
