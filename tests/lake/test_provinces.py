"""Rows by province: every row in one part, all rows of a person in the same, and the parts together the whole."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.lake.provinces import NOWHERE, Provinces
from bangfu.lake.publish import publish
from bangfu.lake.snapshots import connect, provinces_of, snapshot, verify
from bangfu.lake.tables import Column, Source, Table

DAY = date(2026, 6, 30)
MADE_AT = datetime(2026, 6, 30, 14, 0, tzinfo=UTC)
MEMBERS = Source(
    Table(
        "memberships",
        "where a person belongs",
        (
            Column("person", "BIGINT", "key"),
            Column("division", "VARCHAR", "code", "unknown"),
            Column("valid_from", "DATE", "first day"),
        ),
    ),
    {"person": "person", "division": "division", "valid_from": "valid_from"},
    "member",
)
JOBS = Source(
    Table("jobs", "spells of work", (Column("job", "BIGINT", "key"), Column("person", "BIGINT", "key"))),
    {"job": "job", "person": "person"},
    "job",
)
FEEDS = Source(Table("feeds", "extracts", (Column("kind", "VARCHAR", "kind"),)), {"kind": "kind"}, "feed")
SOURCES = (JOBS, MEMBERS, FEEDS)  # the order is of no consequence


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Three persons: one of province 15, one who moved from 15 to 41, one of no known place; jobs of a fourth."""
    with closing(sqlite3.connect(tmp_path / "register.db")) as register:
        register.executescript(
            "CREATE TABLE member (person bigint, division varchar, valid_from date);"
            "CREATE TABLE job (job bigint, person bigint); CREATE TABLE feed (kind varchar);"
            "INSERT INTO member VALUES (1, '150522101000', '2024-01-01'), (2, '150522101000', '2020-05-01'),"
            " (2, '410122100000', '2025-02-01'), (3, NULL, '2024-01-01');"
            "INSERT INTO job VALUES (10, 1), (11, 2), (12, 2), (13, 3), (14, 4);"
            "INSERT INTO feed VALUES ('social_insurance');"
        )
    folder = tmp_path / "lake"
    publish(SOURCES, folder, DAY, f"sqlite:///{tmp_path}/register.db", made_at=MADE_AT)
    return folder


def shown(lake: Path, provinces: list[str] | None) -> tuple[list[int], list[int], int]:
    with connect(lake) as connection:
        snapshot(connection, lake, DAY, provinces=provinces)
        return (
            [key for (key,) in connection.rows("SELECT job FROM jobs ORDER BY job")],
            [key for (key,) in connection.rows("SELECT person FROM memberships ORDER BY person")],
            len(connection.rows("SELECT kind FROM feeds")),
        )


@pytest.mark.parametrize(
    ("provinces", "wanted"),
    [
        (None, ([10, 11, 12, 13, 14], [1, 2, 2, 3], 1)),
        (["15"], ([10], [1], 1)),
        (["41"], ([11, 12], [2, 2], 1)),  # also the membership of the time before the move
        ([NOWHERE], ([13, 14], [3], 1)),
        (["15", "41", NOWHERE], ([10, 11, 12, 13, 14], [1, 2, 2, 3], 1)),
        (["65"], ([], [], 1)),
        ([], ([], [], 1)),
    ],
)
def test_a_province_shows_its_persons_and_all_feeds(lake: Path, provinces, wanted) -> None:
    assert shown(lake, provinces) == wanted


def test_the_parts_are_told_and_checked(lake: Path) -> None:
    folder = lake / DAY.isoformat()
    assert provinces_of(lake, DAY) == [NOWHERE, "15", "41"]
    assert verify(folder) == []
    (folder / "jobs" / "41.parquet").unlink()
    assert verify(folder) == ["jobs/41.parquet: missing"]


def batch(rows: list[tuple]) -> pa.RecordBatch:
    persons, divisions, starts = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.RecordBatch.from_arrays(
        [pa.array(persons, pa.int64()), pa.array(divisions, pa.string()), pa.array(starts, pa.date32())],
        ["person", "division", "valid_from"],
    )


MEMBERSHIP = st.tuples(
    st.integers(1, 12),
    st.sampled_from(["150522101000", "410122100000", "990522000000", "", "x", "1", None]),
    st.dates(date(2020, 1, 1), date(2020, 1, 20)),
)


@given(st.lists(st.lists(MEMBERSHIP, max_size=20), max_size=4), st.lists(st.integers(1, 15), max_size=40))
def test_every_row_lies_in_the_part_of_its_person(batches, asked) -> None:
    provinces = Provinces.of(map(batch, batches))
    latest: dict[int, tuple[date, int]] = {}
    for person, division, start in (row for rows in batches for row in rows):
        digits = (division or "")[:2]
        code = int(digits) if len(digits) == 2 and digits.isdigit() else 0
        latest[person] = max(latest.get(person, (date.min, 0)), (start, code))
    rows = pa.RecordBatch.from_arrays([pa.array(asked, pa.int64()), pa.array(range(len(asked)))], ["person", "row"])
    found = {row["row"]: province for province, part in provinces.split(rows) for row in part.to_pylist()}
    assert found == {
        number: f"{latest[person][1]:02d}" if person in latest else NOWHERE for number, person in enumerate(asked)
    }
