"""Finding the people of the register in a list of millions of ID numbers, exactly, by the blind index."""

import polars as pl
from django.db import connection

from bangfu.divisions.ranges import code_range, prefix_of
from bangfu.people.bulk import select_in
from bangfu.people.identity import id_indexes, keys_by_index
from bangfu.people.models import Person, Standing

MANY = 50_000
"""Numbers from which on it is quicker to read which days of birth and last digits the register has at all."""


def persons_among(numbers: pl.Series, place: str) -> pl.DataFrame:
    """Which of these whole, mended ID numbers are of people on the register who belong to the place (a 12-digit code).

    Columns `at` (where in the series) and `person` (the key), rising by `at`. A number whose row was found to be
    another person's leads there; withdrawn rows are passed over.
    """
    asked = pl.DataFrame({"at": pl.int_range(len(numbers), eager=True), "number": numbers})
    if asked.height > MANY:
        asked = _possible(asked)
    distinct = asked["number"].unique().to_list()
    by_index = dict(zip(id_indexes(distinct), distinct, strict=True))
    keys = keys_by_index(by_index)
    here = _here(list(set(keys.values())), place)
    found = [(by_index[index], key) for index, key in keys.items() if key in here]
    known = pl.DataFrame(found, schema={"number": pl.String, "person": pl.Int64}, orient="row")
    return asked.join(known, on="number").select("at", "person").sort("at")


def _possible(asked: pl.DataFrame) -> pl.DataFrame:
    """Those whose day of birth and last four characters somebody on the register has: an index costs more to compute
    than this to compare, and few others pass."""
    born = "to_char(born_on, 'YYYYMMDD')" if connection.vendor == "postgresql" else "replace(born_on, '-', '')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {born} || id_last4 FROM people_person")  # noqa: S608 - our own words
        there = pl.DataFrame(cursor.fetchall(), schema={"mark": pl.String}, orient="row")
    mark = pl.col("number").str.slice(6, 8) + pl.col("number").str.slice(14, 4)
    return asked.with_columns(mark=mark).join(there, on="mark", how="semi").drop("mark")


def _here(persons: list[int], place: str) -> set[int]:
    """Those of the persons (by key) who are on the register and belong to the place."""
    there = {key for (key,) in select_in(Person, ("id",), "id", persons, "withdrawn_at IS NULL")}
    if not prefix_of(place):
        return there
    low, high = code_range(place)
    rows = select_in(Standing, ("person_id", "division"), "person_id", sorted(there))
    return {key for key, division in rows if low <= division < high}
