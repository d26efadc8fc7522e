"""Console: loading the divisions that come with the program."""

import csv
from datetime import date
from pathlib import Path

from bangfu.divisions.actions import load_divisions
from bangfu.divisions.ranges import COUNTY

_DATA = Path(__file__).parent / "data"
EDITION = date(2023, 6, 30)  # data/README.md names the source and the day of this edition


def load_packaged_divisions(prefixes: tuple[str, ...] = ()) -> int:
    """Load the packaged tree, or only provinces, prefectures, counties and what begins with `prefixes`.

    Returns how many codes were new.
    """
    import polars as pl  # a fifth of a second; needed once in the life of a register

    frame = pl.read_parquet(_DATA / "divisions.parquet").select("code", "name", "level")
    if prefixes:
        inside = pl.any_horizontal(*(pl.col("code").str.starts_with(prefix) for prefix in prefixes))
        frame = frame.filter((pl.col("level") <= COUNTY) | inside)
    with (_DATA / "aliases.csv").open(encoding="utf-8", newline="") as file:
        aliases = [(row["alias"], row["code"]) for row in csv.DictReader(file)]
    return load_divisions(frame.iter_rows(), aliases, valid_from=EDITION)
