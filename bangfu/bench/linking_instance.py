"""Invented people and a list of some of them, with the errors that lists hold; who is who is known.

Names follow the shares of surnames and given names in China, as far as it matters: one of fourteen is a 王, a quarter
have a given name of one character, and the common ones are held by thousands.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from bangfu.demo.invention import GIVEN, SURNAMES
from bangfu.people.list_links import COLUMNS
from bangfu.people.names import sounds_of

ON_REGISTER = 0.6
ERRORS = {"homophone": 0.03, "character": 0.02, "digit": 0.03, "turned": 0.01, "lunar": 0.02, "moved": 0.10}
"""How often each error meets a line; several may meet one."""
NO_PLACE = 0.10
_VILLAGE = 330  # persons of a village
_ALIKE = {"伟": "玮", "芳": "方", "娜": "纳", "敏": "民", "静": "靖", "丽": "莉", "强": "墙", "军": "君", "杰": "洁",
          "红": "宏", "建": "健", "国": "果", "志": "智", "峰": "锋", "辉": "晖", "英": "瑛", "霞": "侠", "明": "鸣",
          "文": "雯", "玉": "育", "华": "桦", "平": "萍", "秀": "绣", "燕": "艳", "春": "椿", "宇": "雨"}  # fmt: skip
_FIRST, _DAYS = np.datetime64("1955-01-01"), 55 * 365


@dataclass(frozen=True)
class Instance:
    """Both tables, and for each line (by its key) the person that it speaks of; lines of nobody known are left out."""

    lines: pa.Table
    register: pa.Table
    truth: pl.DataFrame


def invent(size: int, seed: int = 1) -> Instance:
    """A register of `size` persons and a list of as many lines; the sounds of the list's names are left out."""
    draw = np.random.default_rng(seed)
    people = _people(draw, size + round(size * (1 - ON_REGISTER)), size)
    register = people.head(size)
    on = draw.choice(size, round(size * ON_REGISTER), replace=False)
    rows = np.concatenate([on, np.arange(size, people.height)])
    draw.shuffle(rows)
    listed = _spoiled(draw, people[rows])
    truth = pl.DataFrame({"line": np.arange(len(rows)), "person": rows}).filter(pl.col("person") < size)
    return Instance(_table(listed.with_columns(unique_id=pl.int_range(pl.len()))), with_sounds(_table(register)), truth)


def _people(draw: np.random.Generator, count: int, size: int) -> pl.DataFrame:
    surnames = draw.choice(list(SURNAMES), count, p=_shares(len(SURNAMES)))
    first, second = (draw.choice(list(GIVEN), count, p=_shares(len(GIVEN), 12)) for _ in range(2))
    second = np.where(draw.random(count) < 0.25, "", second)
    villages = max(1, size // _VILLAGE)
    village = draw.integers(0, villages, count)
    town = village // 20
    return pl.DataFrame({
        "unique_id": np.arange(count), "name": np.char.add(np.char.add(surnames, first), second),
        "born": _FIRST + draw.integers(0, _DAYS, count),
        "sex": np.where(draw.random(count) < 0.5, "male", "female"),
        "place": 150_521_000_000 + (town // 15) * 1_000_000 + (100 + town % 15) * 1_000 + 200 + village % 20,
    }).with_columns(pl.col("place").cast(pl.String), pl.col("born").dt.strftime("%Y%m%d"))  # fmt: skip


def _shares(count: int, flat: int = 4) -> np.ndarray:
    weights = 1 / (np.arange(count) + flat)
    return weights / weights.sum()


def _spoiled(draw: np.random.Generator, people: pl.DataFrame) -> pl.DataFrame:
    """The lines as somebody wrote them."""
    met = {name: pl.Series(draw.random(people.height) < share) for name, share in ERRORS.items()}
    sound = pl.col("name").str.slice(0, 1) + pl.col("name").str.slice(1).str.replace_many(_ALIKE)
    other = pl.Series(draw.choice(list(GIVEN), people.height))
    digit = pl.Series(draw.integers(1, 10, people.height).astype(str))
    day = pl.col("born").str.to_date("%Y%m%d") + pl.duration(days=pl.Series(draw.integers(-50, -20, people.height)))
    moved = pl.Series(draw.permutation(people["place"].to_numpy()))
    no_place = pl.Series(draw.random(people.height) < NO_PLACE)
    born = pl.col("born")
    return people.with_columns(
        name=pl.when(met["homophone"]).then(sound).when(met["character"])
        .then(pl.col("name").str.slice(0, pl.col("name").str.len_chars() - 1) + other).otherwise(pl.col("name")),
        born=pl.when(met["lunar"]).then(day.dt.strftime("%Y%m%d")).when(met["digit"])
        .then(born.str.slice(0, 7) + digit).when(met["turned"])
        .then(born.str.slice(0, 4) + born.str.slice(6, 2) + born.str.slice(4, 2)).otherwise(born),
        place=pl.when(no_place).then(None).when(met["moved"]).then(moved).otherwise(pl.col("place")),
    )  # fmt: skip


def _table(people: pl.DataFrame) -> pa.Table:
    said = people.with_columns(sound=pl.lit(None, pl.String))
    return said.select(COLUMNS.names).to_arrow().cast(COLUMNS)


def with_sounds(table: pa.Table) -> pa.Table:
    """The table with the sound of each name, as the register keeps it and a list does not."""
    people = pl.DataFrame(table)
    names = people["name"].unique()
    sounds = pl.Series([sounds_of(name)[0] for name in names])
    said = people.with_columns(sound=pl.col("name").replace_strict(names, sounds))
    return said.to_arrow().cast(COLUMNS)
