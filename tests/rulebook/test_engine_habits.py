"""What the house found DuckDB to answer: a version that answers otherwise is seen here."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from bangfu.rulebook.engine import Engine, open_engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    connection = open_engine()
    yield connection
    connection.close()


def shown(engine: Engine, expression: str) -> tuple[str, str]:
    return engine.rows(f"SELECT CAST(({expression}) AS VARCHAR), typeof({expression})")[0]


@pytest.mark.parametrize(
    ("expression", "value", "kind"),
    [
        ("CAST(1.03 AS DECIMAL(12,2)) / 2", "0.515", "DOUBLE"),
        ("CAST(2.5 AS INT)", "3", "INTEGER"),
        ("7 // 2", "3", "INTEGER"),
        ("-7 // 2", "-3", "INTEGER"),
        ("-7 % 2", "-1", "INTEGER"),
        ("date_diff('month', DATE '2024-01-31', DATE '2024-02-01')", "1", "BIGINT"),
        ("DATE '2024-02-01' - DATE '2024-01-31'", "1", "BIGINT"),
        ("date_trunc('month', DATE '2024-02-01')", "2024-02-01 00:00:00", "TIMESTAMP"),
        ("DATE '2024-01-31' + INTERVAL 1 MONTH", "2024-02-29 00:00:00", "TIMESTAMP"),
        ("DATE '2024-01-31' + 1", "2024-02-01", "DATE"),
        ("isodow(DATE '2026-06-28')", "7", "BIGINT"),
        ("dayofweek(DATE '2026-06-28')", "0", "BIGINT"),
        ("'a\\_b' LIKE 'a\\_b'", "true", "BOOLEAN"),
        ("regexp_replace('aa', 'a', 'b')", "ba", "VARCHAR"),
        ("TRY_CAST('1e3' AS INT)", "1000", "INTEGER"),
        ("least(1, NULL)", "1", "INTEGER"),
        ("greatest(DATE '2024-01-31', NULL)", "2024-01-31", "DATE"),
        ("list_contains([1, NULL], 2)", "false", "BOOLEAN"),
        ("round(CAST(-2.50 AS DECIMAL(12,2)), 0)", "-3", "DECIMAL(12,0)"),
        ("CAST(CAST(1.005 AS DECIMAL(12,3)) AS DECIMAL(12,2))", "1.01", "DECIMAL(12,2)"),
        ("CAST(1.00 AS DECIMAL(12,2)) * CAST(0.50 AS DECIMAL(3,2))", "0.5000", "DECIMAL(15,4)"),
        ("length('𠮷辽')", "2", "BIGINT"),
        ("'a ' = 'a'", "false", "BOOLEAN"),
        ("concat_ws(',', NULL, 'a', NULL)", "a", "VARCHAR"),
    ],
)
def test_answers(engine: Engine, expression: str, value: str, kind: str) -> None:
    assert shown(engine, expression) == (value, kind)


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "ln(0)", "2147483647 + CAST(1 AS INT)", "CAST('x' AS INT)", "make_date(2023, 2, 29)", "1 % 0"],
)
def test_raises(engine: Engine, expression: str) -> None:
    with pytest.raises(duckdb.Error):
        engine.rows(f"SELECT {expression}")


def test_and_does_not_stop_early(engine: Engine) -> None:
    with pytest.raises(duckdb.Error):
        engine.rows("SELECT z <> 0 AND 6 % z = 0 FROM range(3) t(z)")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/etc/*')",
        "ATTACH '{outside}/x.duckdb'",
        "COPY (SELECT 1) TO '{outside}/x.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads=1",
        "SET enable_external_access=true",
        "SET lock_configuration=false",
        "SELECT getenv('HOME')",
        "SELECT * FROM local_table",
        "SELECT * FROM read_parquet('{outside}/../lake/../outside.parquet')",
    ],
)
def test_the_connection_is_locked(statement: str, tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    local_table = [1]
    with open_engine([tmp_path / "lake"]) as connection, pytest.raises(duckdb.Error):
        connection.rows(statement.format(outside=tmp_path))
    assert local_table == [1]
