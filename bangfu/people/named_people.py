"""Finding the people of the register in the lines of a list that names them without a usable ID number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from bangfu.core.parts import stream_in_parts
from bangfu.divisions.addresses import address_book
from bangfu.divisions.ranges import code_range
from bangfu.people.likeness import levels_met
from bangfu.people.list_links import COLUMNS, link_lines, linking_rule
from bangfu.people.models import Standing
from bangfu.people.names import sounds_of

_CHUNK = 20_000
_WHO = ["name", "born", "sex", "place"]


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a line may speak of (by key), how likely it is (0 to 1), and the level of each comparison."""

    person: int
    likelihood: float
    reasons: dict[str, str]


@dataclass(frozen=True)
class Named:
    """Whom the lines of a list speak of, by their place in it: `sure` has the one person, `unsure` who it may be, the
    likeliest first. The other lines speak of nobody who is known."""

    sure: dict[int, int]
    unsure: dict[int, list[Candidate]]


def people_named(lines: pl.DataFrame, place: str, *, found: Iterable[int] = ()) -> Named:
    """Whom lines speak of, among those on the register who belong to the place (a 12-digit code).

    `lines` has `at`, `name` (mended), `born` (YYYYMMDD), `sex`, `place` (a code or an address) and `has_number`. A line
    is never sure that has a number after all, though a wrong one, or whose person was `found` by number in another line
    of the list.
    """
    if lines.is_empty():
        return Named({}, {})
    rule, register = linking_rule(), _register(place)
    said = lines.with_columns(place=_codes(lines["place"], register))
    who = said.select(_WHO).unique(maintain_order=True).with_row_index("line")
    links = link_lines(_table(who), register, rule)
    by_line = said.join(who.cast({"line": pl.Int64}), on=_WHO, nulls_equal=True).select("at", "line", "has_number")
    rows = by_line.join(links, on="line", maintain_order="left_right")
    alone = pl.col("is_sure") & ~pl.col("has_number") & ~pl.col("person").is_in(list(found))
    rows = rows.with_columns(alone=alone)
    sure = rows.filter("alone")
    unsure: dict[int, list[Candidate]] = {}
    for row in rows.join(sure.select("at"), on="at", how="anti", maintain_order="left").iter_rows(named=True):
        candidate = Candidate(row["person"], row["likelihood"], levels_met(row, rule))
        unsure.setdefault(row["at"], []).append(candidate)
    return Named(dict(sure.select("at", "person").iter_rows()), unsure)


def _register(place: str) -> pa.Table:
    """Everybody who belongs to the place, as `link_lines` takes it."""
    low, high = code_range(place)
    rows = Standing.objects.filter(division__gte=low, division__lt=high, person__withdrawn_at__isnull=True)
    values = rows.order_by("person_id").values_list(
        "person_id", "person__name", "person__name_pinyin", "person__born_on", "person__sex", "division"
    )
    return pa.Table.from_batches(_batches(values.iterator(_CHUNK)), COLUMNS)


def _batches(rows: Iterator[Any]) -> Iterator[pa.RecordBatch]:
    for part in stream_in_parts(rows, _CHUNK):
        keys, names, sounds, days, sexes, places = zip(*part, strict=True)
        columns = [keys, names, [sound or None for sound in sounds], [f"{day:%Y%m%d}" for day in days], sexes, places]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, COLUMNS, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=COLUMNS)


def _codes(addresses: pl.Series, register: pa.Table) -> pl.Series:
    """The village, town or county of each address, as far as somebody of the register lives there."""
    written = addresses.unique().drop_nulls().to_list()
    if not written:
        return addresses
    book = address_book(register["place"].unique().to_pylist())
    codes = pl.Series([book.find(text) for text in written], dtype=pl.String)
    return addresses.replace_strict(written, codes, default=None, return_dtype=pl.String)


def _table(who: pl.DataFrame) -> pa.Table:
    sounds = [sounds_of(name)[0] or None for name in who["name"]]
    columns = {"unique_id": who["line"], "sound": pl.Series(sounds, dtype=pl.String)}
    return who.with_columns(**columns).select(COLUMNS.names).to_arrow().cast(COLUMNS)
