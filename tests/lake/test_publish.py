"""Publishing a register from SQLite: exact values, one moment, all or nothing, and tampering noticed."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from bangfu.lake import publish as publishing
from bangfu.lake.manifest import sha256_of
from bangfu.lake.parts import Parts
from bangfu.lake.publish import publish, publish_again
from bangfu.lake.registers import reading
from bangfu.lake.rows import RegisterError
from bangfu.lake.snapshots import SnapshotError, connect, days, latest, snapshot, verify
from bangfu.lake.tables import Column, Source, Table

DAY = date(2026, 6, 30)
MADE_AT = datetime(2026, 6, 30, 14, 0, tzinfo=UTC)
EVERYTHING = Table(
    "everything",
    "a column of each type",
    (
        Column("key", "BIGINT", "key"),
        Column("small", "INTEGER", "number", "unknown"),
        Column("words", "VARCHAR", "text", "unknown"),
        Column("day_", "DATE", "date", "unknown"),
        Column("at_", "TIMESTAMP", "instant", "unknown"),
        Column("flag", "BOOLEAN", "truth", "unknown"),
        Column("wage", "DECIMAL(12,2)", "money", "unknown"),
    ),
)
SOURCE = Source(
    EVERYTHING,
    {
        "key": "t.id",
        "small": "t.small",
        "words": "CASE WHEN t.words = '' THEN NULL ELSE t.words END",
        "day_": "t.day_",
        "at_": "t.at_",
        "flag": "t.flag",
        "wage": "t.wage",
    },
    "thing AS t WHERE t.id >= 0",
)
COUNTED = Source(Table("counted", "number of rows", (Column("n", "BIGINT", "rows"),)), {"n": "count(*)"}, "thing")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A small register as Django would keep it: dates and instants (UTC) as text, money as REAL."""
    with closing(sqlite3.connect(tmp_path / "register 100%.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE thing (id bigint, small integer, words varchar, day_ date, at_ datetime, flag bool,"
            " wage decimal, secret varchar)"
        )
        connection.commit()
        yield connection


def put(register: sqlite3.Connection, *rows: tuple) -> None:
    register.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, 'secret name')", rows)
    register.commit()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/register 100%25.db"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def rows_of(lake: Path, day: date = DAY) -> list[tuple]:
    with connect(lake) as connection:
        snapshot(connection, lake, day)
        return connection.rows("SELECT * FROM everything ORDER BY key")


FULL = (2**53 + 1, 7, "通辽 𠮷 o'x", "2026-06-30", "2026-06-30 16:30:00.123456", 1, 1234.57)


def test_values_arrive_as_they_are(register: sqlite3.Connection, url: str, lake: Path) -> None:
    put(register, FULL, (1, None, None, None, None, None, None))
    put(register, (2, -1, "", "1900-02-28", "2026-06-30 15:59:59", 0, -0.1))
    made = publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    assert made.rows == {"everything": 3}
    assert rows_of(lake) == [
        (1, None, None, None, None, None, None),
        (
            2,
            -1,
            None,
            date(1900, 2, 28),
            datetime.fromisoformat("2026-06-30T23:59:59"),
            False,
            Decimal("-0.10"),
        ),
        (
            2**53 + 1,
            7,
            "通辽 𠮷 o'x",
            date(2026, 6, 30),
            datetime.fromisoformat("2026-07-01T00:30:00.123456"),
            True,
            Decimal("1234.57"),
        ),
    ]


def test_every_fen_survives(register: sqlite3.Connection, url: str, lake: Path) -> None:
    fens = [*range(3000), 999_999_999_999, 99_999_999_01, 1_005, 267_885]
    put(register, *((n, None, None, None, None, None, fen / 100) for n, fen in enumerate(fens)))
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    assert [row[6] for row in rows_of(lake)] == [Decimal(fen) / 100 for fen in fens]


def test_a_column_that_begins_with_70000_empty_rows(register: sqlite3.Connection, url: str, lake: Path) -> None:
    put(register, *((n, None, None, None, None, None, None) for n in range(70_000)), FULL)
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    rows = rows_of(lake)
    assert len(rows) == 70_001
    assert [row[0] for row in rows[:-1]] == list(range(70_000))
    assert rows[-1][2] == FULL[2]


def test_an_empty_register(register: sqlite3.Connection, url: str, lake: Path) -> None:
    assert publish([SOURCE], lake, DAY, url, made_at=MADE_AT).rows == {"everything": 0}
    assert rows_of(lake) == []


def test_only_named_columns_are_published(register: sqlite3.Connection, url: str, lake: Path) -> None:
    put(register, FULL)
    folder = publish([SOURCE], lake, DAY, url, made_at=MADE_AT).folder
    assert not any(b"secret" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with pytest.raises(ValueError, match="differ"):
        Source(EVERYTHING, {"key": "id"}, "thing")


def test_all_tables_are_of_one_moment(register: sqlite3.Connection, url: str) -> None:
    put(register, FULL)
    with reading(url) as open_register:
        assert sum(batch.num_rows for batch in open_register.batches(SOURCE)) == 1
        put(register, (5, None, None, None, None, None, None))
        counted = [batch.to_pylist() for batch in open_register.batches(COUNTED)]
    assert [row for rows in counted for row in rows] == [{"n": 1}]
    with reading(url) as open_register:
        assert next(b for b in open_register.batches(COUNTED) if b.num_rows).to_pylist() == [{"n": 2}]


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("day_", (1, None, None, "30.6.2026", None, None, None)),
        ("at_", (1, None, None, None, "yesterday", None, None)),
        ("wage", (1, None, None, None, None, None, 1e11)),
        ("small", (1, 2**40, None, None, None, None, None)),
    ],
)
def test_a_value_of_another_type_is_named(
    register: sqlite3.Connection, url: str, lake: Path, column: str, row: tuple
) -> None:
    put(register, row)
    with pytest.raises(RegisterError) as fault:
        publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    assert (fault.value.table, fault.value.column) == ("everything", column)
    assert days(lake) == []


def test_a_killed_run_leaves_nothing_and_the_old_snapshot_stays(
    register: sqlite3.Connection, url: str, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(register, FULL)
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    put(register, (5, None, None, None, None, None, None))

    def killed(path: Path, data: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write_durably", killed)
        for day in (DAY, date(2026, 7, 1)):
            with pytest.raises(KeyboardInterrupt):
                publish([SOURCE], lake, day, url, made_at=MADE_AT)
    assert days(lake) == [DAY]
    assert len(rows_of(lake)) == 1
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    assert len(rows_of(lake)) == 2
    assert sorted(path.name for path in lake.iterdir()) == ["2026-06-30"]


def test_killed_between_the_two_renames(register: sqlite3.Connection, url: str, lake: Path) -> None:
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    (lake / "2026-06-30").rename(lake / ".old-2026-06-30")
    publish([SOURCE], lake, date(2026, 7, 1), url, made_at=MADE_AT)
    assert days(lake) == [DAY, date(2026, 7, 1)]
    assert (latest(lake, date(2026, 7, 5)), latest(lake, DAY), latest(lake, date(2026, 6, 29))) == (
        date(2026, 7, 1),
        DAY,
        None,
    )


def test_the_manifest(register: sqlite3.Connection, url: str, lake: Path) -> None:
    put(register, FULL)
    folder = publish([SOURCE, COUNTED], lake, DAY, url, made_at=MADE_AT).folder
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["day"], manifest["made_at"]) == ("2026-06-30", "2026-06-30T14:00:00+00:00")
    assert manifest["tables"]["counted"]["rows"] == 1
    assert manifest["tables"]["everything"]["columns"][6] == {"name": "wage", "type": "DECIMAL(12,2)"}
    assert verify(folder) == []
    with pytest.raises(ValueError, match="time zone"):
        publish([SOURCE], lake, DAY, url, made_at=datetime(2026, 6, 30))  # noqa: DTZ001


def test_tampering_is_noticed(register: sqlite3.Connection, url: str, lake: Path) -> None:
    put(register, FULL)
    folder = publish([SOURCE, COUNTED], lake, DAY, url, made_at=MADE_AT).folder
    file = folder / "everything/00.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert verify(folder) == ["everything/00.parquet: changed since it was written"]
    file.write_bytes(data + b"x")
    assert "everything/00.parquet: of another size" in verify(folder)
    with connect(lake) as connection, pytest.raises(SnapshotError, match="another size"):
        snapshot(connection, lake, DAY)
    file.unlink()
    (folder / "everything" / "01.parquet").write_bytes(b"x")
    assert verify(folder) == ["everything/00.parquet: missing", "everything/01.parquet: not in the manifest"]
    other_day = {"format": 2, "day": "2026-06-29", "tables": {"x": {"columns": [], "parts": {}}}}
    (folder / "manifest.json").write_text(json.dumps(other_day))
    with pytest.raises(SnapshotError, match="format or day"):
        verify(folder)


def test_one_connection_shows_one_snapshot(register: sqlite3.Connection, url: str, lake: Path) -> None:
    publish([SOURCE], lake, DAY, url, made_at=MADE_AT)
    with connect(lake) as connection:
        with pytest.raises(SnapshotError, match="missing"):
            snapshot(connection, lake, date(2026, 7, 1))
        snapshot(connection, lake, DAY)
        with pytest.raises(ValueError, match="already"):
            snapshot(connection, lake, DAY)
        with pytest.raises(duckdb.Error):
            connection.rows("SELECT * FROM read_text('/etc/hostname')")


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite:relative.db", "sqlite:///relative.db", "", "file.db"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(RegisterError), reading(url):
        pass


def test_a_register_that_is_not_there_is_not_made(tmp_path: Path, lake: Path) -> None:
    with pytest.raises(RegisterError, match="no register"):
        publish([SOURCE], lake, DAY, f"sqlite:///{tmp_path}/nothing.db", made_at=MADE_AT)
    assert not (tmp_path / "nothing.db").exists()
    assert days(lake) == []


def test_large_tables_are_written_in_row_groups(tmp_path: Path) -> None:
    batch = pa.RecordBatch.from_pydict({"n": list(range(65_536))}, pa.schema([("n", pa.int64())]))
    with Parts(tmp_path, COUNTED.table) as parts:
        for _ in range(5):
            parts.add([("15", batch)])
    assert parts.described()["15"]["rows"] == 5 * 65_536
    assert pa.parquet.ParquetFile(tmp_path / "counted" / "15.parquet").metadata.num_row_groups == 3


def test_tables_written_anew_lie_beside_those_taken_over(
    register: sqlite3.Connection, url: str, lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(register, FULL)
    first = publish([SOURCE, COUNTED], lake, DAY, url, made_at=MADE_AT)
    put(register, (5, None, None, None, None, None, None))
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_put_in_place", lambda *_: None)  # killed before it is in its place
        publish_again(["counted"], [SOURCE, COUNTED], lake, DAY, url, made_at=MADE_AT)
    assert first.digest == sha256_of(first.folder / "manifest.json")
    again = publish_again(["counted"], [SOURCE, COUNTED], lake, DAY, url, made_at=MADE_AT)
    assert again.rows == {"everything": 1, "counted": 1}
    assert (len(rows_of(lake)), verify(again.folder)) == (1, [])
    with connect(lake) as connection:
        snapshot(connection, lake, DAY)
        assert connection.rows("SELECT n FROM counted") == [(2,)]
    assert again.digest == sha256_of(again.folder / "manifest.json") != first.digest
    assert sorted(path.name for path in lake.iterdir()) == ["2026-06-30"]
    with pytest.raises(SnapshotError):
        publish_again(["counted"], [SOURCE, COUNTED], lake, date(2026, 7, 1), url, made_at=MADE_AT)
