"""Checking the lines of an outside list by its mapping file: which are good, what the others lack, what they say."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from bangfu.core import identity, uscc
from bangfu.core.collecting import collecting_less
from bangfu.intake.failures import BadLedger
from bangfu.intake.long_lists import NUMERIC, ROW, LongList, read_long_list, refuse_lacking
from bangfu.intake.tables import Columns
from bangfu.monitoring.feed_names import NOBODY_NAMED, by_value, day_of, lines_that_name, names_lacking
from bangfu.rulebook.feed_kinds import FINDERS, FeedColumn, FeedKind

OTHER_MONTH = "other_month"
_MOST_MONEY = 10**9
_MOST_COUNT = 32_767
_NO_KEYS = pl.DataFrame(schema={"at": pl.Int64, "key": pl.String})


@dataclass(frozen=True)
class BadLine:
    """A line that was left out: its name in the file, why, and its cells as written, by field."""

    row: str
    reason: str
    cells: dict[str, str]


@dataclass(frozen=True)
class FeedLines:
    """What a list holds: the number of its lines, the good ones (`at`, `key`: mended), those without a usable key that
    name their person (`named`, as `feed_names` says), and the bad ones by reason, of which the first are kept in
    `bad`."""

    kind: FeedKind
    listed: LongList
    good: pl.DataFrame
    named: pl.DataFrame
    reasons: Counter[str]
    bad: Sequence[BadLine]

    @property
    def total(self) -> int:
        """All lines."""
        return self.listed.rows.height

    @property
    def usable(self) -> int:
        """The lines that are not bad."""
        return self.good.height + self.named.height

    def values(self, places: pl.Series) -> tuple[dict[str, list[Any]], Counter[str]]:
        """What the lines at these places say, a list of values for each field but the key's and the month; None where a
        cell is empty or cannot be read. And how many cells could not be read, by field."""
        found: dict[str, list[Any]] = {}
        unread: Counter[str] = Counter()
        for column in self.kind.columns:
            if column.field in (self.kind.key, "month", *FINDERS) or column.field not in self.listed.rows.columns:
                continue
            texts = self.listed.rows[column.field].gather(places).fill_null("").str.strip_chars()
            distinct = texts.unique().to_list()
            values = dict(zip(distinct, (_READ[column.type](column, text) for text in distinct), strict=True))
            found[column.field] = [values[text] for text in texts]
            unread[column.field] = sum(bool(text) and values[text] is None for text in texts)
        return found, +unread


@collecting_less()
def read_lines(kind: FeedKind, content: bytes, filename: str, *, period: date, on: date, keep_bad: int) -> FeedLines:
    """The lines of a list of that kind, checked; `period` is the first day of the month it must speak of (of a list as
    of a day: that day), `on` the day of the check. Raises BadLedger for a file that cannot be used, `no_rows` where no
    line of it is good."""
    listed = _listed(kind, content, filename)
    has_keys = kind.key in listed.headings
    keys, wrong = _keys(kind, listed, on) if has_keys else (_NO_KEYS, names_lacking(listed, on))
    named = lines_that_name(listed, keys, on) if kind.may_link else NOBODY_NAMED
    if len(named):
        is_named = pl.int_range(len(wrong), eager=True).is_in(named["at"].implode())
        wrong = pl.select(pl.when(~is_named).then(wrong)).to_series()
    for column in kind.columns:
        if column.field in (kind.key, *FINDERS) or column.field not in listed.rows.columns:
            continue
        if column.required or column.type == "month":
            wrong = _first(wrong, _cell_reasons(column, listed.rows[column.field], period))
    good, named = (lines.filter(wrong.gather(lines["at"]).is_null()) for lines in (keys, named))
    reasons = Counter(dict(wrong.drop_nulls().value_counts().iter_rows()))
    if good.is_empty() and named.is_empty():
        raise BadLedger("no_rows", reasons=dict(reasons))
    return FeedLines(kind, listed, good, named, reasons, _bad(listed, wrong, keep_bad))


def _listed(kind: FeedKind, content: bytes, filename: str) -> LongList:
    """The list, if it has the columns of one of the ways by which it may name its people or units."""
    refused: BadLedger | None = None
    for needed in kind.ways:
        columns = Columns(kind.headings, needed)
        try:
            return read_long_list(content, filename, columns, kind.encodings)
        except BadLedger as error:
            if error.code not in ("header_missing", "columns_missing") and content.strip():
                raise
            refused = refused or error
    needed = kind.ways[0]
    if refused is None or refused.code != "columns_missing":
        refuse_lacking((), Columns(kind.headings, needed))
    if kind.may_link and refused.parameters["columns"] == [kind.headings[kind.key][0]]:
        raise BadLedger("people_unnamed", columns=[kind.headings[name][0] for name in (kind.key, "name", "born_on")])
    raise refused


def _keys(kind: FeedKind, listed: LongList, on: date) -> tuple[pl.DataFrame, pl.Series]:
    """Where a line has a key that can be used (`at`, `key`), and for every line why not, null where it can."""
    texts = listed.rows[kind.key].fill_null("")
    at = pl.int_range(len(texts), eager=True)
    if kind.key == "uscc":
        mended = by_value(texts, uscc.mend, pl.String)
        reason = by_value(mended, lambda code: None if uscc.is_valid(code) else "uscc_invalid", pl.String)
    else:
        is_number = listed.rows[NUMERIC + kind.key] if kind.key in listed.numeric else None
        sound = identity.are_sound(texts, on)
        sound = sound if is_number is None else sound & ~is_number
        odd = at.filter(~sound)
        numeric = [False] * len(odd) if is_number is None else is_number.gather(odd)
        checked = identity.check_column(texts.gather(odd), on, numeric)
        told = pl.DataFrame({"at": odd, "mended": checked["id_number"], "reason": checked["problem"]})
        whole = pl.DataFrame({"at": at, "text": texts}).join(told, on="at", how="left", maintain_order="left")
        mended, reason = whole["mended"].fill_null(texts), whole["reason"]
    return pl.DataFrame({"at": at, "key": mended}).filter(reason.is_null()), reason


def _cell_reasons(column: FeedColumn, texts: pl.Series, period: date) -> pl.Series:
    """Why the cells of a column without which a line cannot be used cannot be read, null where they can."""
    if column.type == "month":
        return by_value(texts.fill_null(""), lambda text: _month_reason(column, text, period), pl.String)
    return by_value(texts.fill_null(""), lambda text: _reason(column, text), pl.String)


def _reason(column: FeedColumn, text: str) -> str | None:
    if _READ[column.type](column, text.strip()) is not None:
        return None
    if column.type == "code":
        return f"{column.field}_unknown"
    return f"{column.field}_unreadable" if text.strip() else f"{column.field}_missing"


def _month_reason(column: FeedColumn, text: str, period: date) -> str | None:
    told = day_of(text.strip())
    if told is None and not text.strip() and not column.required:
        return None
    return None if told is not None and told.replace(day=1) == period.replace(day=1) else OTHER_MONTH


def _first(one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(one, other)).to_series()


def _bad(listed: LongList, wrong: pl.Series, most: int) -> list[BadLine]:
    places = pl.int_range(len(wrong), eager=True).filter(wrong.is_not_null()).head(most)
    names = list(listed.headings)
    rows = listed.rows.select(ROW, *names)[places]
    return [
        BadLine(str(row), reason, {name: cell or "" for name, cell in zip(names, cells, strict=True)})
        for (row, *cells), reason in zip(rows.iter_rows(), wrong.gather(places), strict=True)
    ]


def _day(_column: FeedColumn, text: str) -> date | None:
    return day_of(text)


def _money(_column: FeedColumn, text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").removesuffix("元"))
    except InvalidOperation:
        return None
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount < _MOST_MONEY else None


def _count(_column: FeedColumn, text: str) -> int | None:
    digits = text.removesuffix("天").removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdecimal() and int(digits[:9]) <= _MOST_COUNT else None


def _code(column: FeedColumn, text: str) -> str | None:
    return column.codes.get(text.removesuffix(".0"))


def _uscc(_column: FeedColumn, text: str) -> str | None:
    code = uscc.mend(text)
    return code if uscc.is_valid(code) else None


_READ: dict[str, Callable[[FeedColumn, str], Any]] = {
    "day": _day, "money": _money, "count": _count, "code": _code, "uscc": _uscc,
}  # fmt: skip
