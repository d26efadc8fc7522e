"""Every fact view, rule and figure on both engines over the same random facts, row by row, NULLs and types too."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bangfu.lake.engines import DUCKDB, SPARK, engine_of
from bangfu.lake.rows import ARROW
from bangfu.lake.schema import TABLES
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.check import Parameter
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import evaluate
from bangfu.rulebook.explain import explain
from bangfu.rulebook.figures import NUMERATOR, figure_rows, figures
from bangfu.rulebook.functions import OWN
from bangfu.rulebook.rules import ALARM, CLEARING, QUALITY, SCREEN, SIGNAL
from bangfu.rulebook.trial import try_rule, with_values
from bangfu.rulebook.views import compute
from bangfu.rulebook.writer import write
from tests.rulebook.lake_facts import DAY, Facts, random_facts

pytestmark = pytest.mark.spark

RULES = Path(__file__).parents[2] / "rules"
BOOK = Rulebook.load(RULES)


class Both(NamedTuple):
    duckdb: Engine
    spark: Engine


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, spark_started: None) -> Iterator[Both]:
    """Both engines over the same files of two parts each, as a snapshot has them; with these seeds each rule is true of
    somebody."""
    folder = tmp_path_factory.mktemp("lake")
    written = [write_parts(folder, number, random_facts(seed, 300)) for number, seed in enumerate((6, 5))]
    with engine_of(DUCKDB, folder) as duckdb, engine_of(SPARK, folder) as spark:
        for table in TABLES.values():
            files = [part[table.name] for part in written if table.name in part]
            for engine in (duckdb, spark):
                engine.read(table.name, {column.name: column.type for column in table.columns}, files)
        yield Both(duckdb, spark)


def write_parts(folder: Path, number: int, facts: Facts) -> dict[str, Path]:
    """The facts as Parquet; keys of the second part lie apart, and a table of no persons is written once."""
    files = {}
    for table in TABLES.values():
        rows = facts.get(table.name, [])
        if number and "person" not in {column.name for column in table.columns}:
            continue
        keys = ("person", "household", "job", "case_", "leg", "token")
        moved = [{k: v + 1_000_000 * number if k in keys and v is not None else v for k, v in r.items()} for r in rows]
        columns = {c.name: pa.array([row.get(c.name) for row in moved], ARROW[c.type]) for c in table.columns}
        files[table.name] = folder / f"{table.name}-{number}.parquet"
        pq.write_table(pa.table(columns), files[table.name])
    return files


def alike(both: Both, sql: str) -> pa.Table:
    """The answer of both to one text; fails where they differ in a value, a NULL or a type."""
    first, second = both.duckdb.arrow(sql), both.spark.arrow(sql)
    assert first.schema.names == second.schema.names
    assert first.schema.types == second.schema.types
    for one, other in zip(first.to_pylist(), second.to_pylist(), strict=True):
        assert one == other
    return first


@pytest.mark.parametrize(
    ("name", "day"), [*((name, DAY) for name in sorted(BOOK.views)), ("person_day", date(2025, 12, 31))]
)
def test_a_view_has_the_same_rows(both: Both, name: str, day: date) -> None:
    view = BOOK.views[name]
    (table,) = {compute(engine, BOOK.views, name, day) for engine in both}
    rows = alike(both, f"SELECT {', '.join(view.columns)} FROM {table} ORDER BY {view.key}")  # noqa: S608
    assert rows.schema.types == [ARROW[column.type] for column in view.columns.values()]
    assert rows.num_rows > (3 if view.key == "town" else 10 if view.closure == "population" else 100)


@pytest.mark.parametrize("kind", [SIGNAL, QUALITY, SCREEN, CLEARING])
def test_rules_find_the_same(both: Both, kind: str) -> None:
    answers = [evaluate(engine, BOOK, DAY, (kind,)) for engine in both]
    order = [(name, "ascending") for name in ("code", "file", "subject")]
    names = ["code", "file", "subject", "person", "division", "verdict", "unknown"]
    first, second = (answer.rows.select(names).sort_by(order) for answer in answers)
    assert first.schema == second.schema
    assert first.to_pylist() == second.to_pylist()
    found = [[(one, one.values) for one in answer.found] for answer in answers]
    assert found[0] == found[1]
    assert {one.code for one, _values in found[0]} == {rule.code for rule in BOOK.rules if rule.kind == kind}
    assert answers[0].unknown() == answers[1].unknown()


def test_alarms_are_the_same(both: Both) -> None:
    """With values so low that towns of a few random people reach them."""
    (rule,) = BOOK.alarms()
    low = Rulebook(BOOK.views, (with_values(rule, {"least": "5", "points": "0", "persons": "1"}, DAY),))
    first, second = (evaluate(engine, low, DAY, (ALARM,)) for engine in both)
    assert [(one, one.values) for one in first.found] == [(one, one.values) for one in second.found] != []


def test_figures_are_the_same(both: Both) -> None:
    for division in (None, "150522101000"):
        first, second = (figures(engine, BOOK, division, DAY) for engine in both)
        assert first == second
        assert len(first) == len(BOOK.indicators())
    for code in ("I17", "I16b", "I5"):
        first_rows, second_rows = (figure_rows(engine, BOOK, code, None, DAY, NUMERATOR) for engine in both)
        assert first_rows == second_rows != []


def test_reasons_and_trials_are_the_same(both: Both) -> None:
    subjects = range(1, 60)
    first, second = (explain(engine, BOOK, "willing_jobless", subjects, DAY) for engine in both)
    assert first == second
    assert len(first) > 20
    tallies, others = (try_rule(engine, BOOK, "willing_jobless", DAY, 6) for engine in both)
    assert tallies == others


COLUMNS = {
    "a": "text", "b": "text", "i": "integer", "j": "integer", "m": "decimal", "n": "decimal", "d": "date", "e": "date",
    "p": "truth", "q": "truth", "t": "stamp",
}  # fmt: skip
PARAMETERS = {
    "few": Parameter("integer", "3"),
    "floor": Parameter("decimal", "CAST(7300.00 AS DECIMAL(6,2))"),
    "codes": Parameter("text", "('y', 'o''x', 'a\\b')", is_list=True),
}
TRUTHS = """
p AND q; p OR q; NOT p; p IS TRUE; p IS NOT FALSE; p IS NULL; p = q; p IS DISTINCT FROM q; a IS NOT DISTINCT FROM b
a = b; a <> b; a < b; i <= j; m > n; d >= e; t < t; i BETWEEN j AND 3; d BETWEEN e AND e; m = 2; i < 2.5
a IN ('y', 'o''x'); a IN ('y', NULL); a NOT IN ('y', NULL); i IN (1, 2, NULL); a IN :codes; a NOT IN :codes
starts_with(a, 'x'); ends_with(a, b); contains(a, '辽'); a = 'a\\b'; a = 'it''s; -- x'; a > ''; length(a) < :few
months_from(d, i) <= e; days_between(d, e) >= 30; full_years(d, e) < 16; weekday_of(d) IN (6, 7); last_day(d) = d
CAST(date_trunc('month', d) AS DATE) = d; CAST(date_trunc('year', t) AS DATE) <= e; CAST(t AS DATE) = d; m < :floor
CASE WHEN p THEN a = b WHEN q THEN NULL ELSE i > 1 END; COALESCE(p, q, FALSE); NULLIF(i, 0) IS NULL
"""
VALUES = {
    "length(a)": "BIGINT", "upper(a)": "STRING", "lower(a)": "STRING", "trim(a)": "STRING", "a || b": "STRING",
    "replace(a, 'x', 'yy')": "STRING", "substring(a, 2, 3)": "STRING", "left(a, 1)": "STRING",
    "right(a, 2)": "STRING", "md5(a)": "STRING", "sha256(a)": "STRING", "i + j": "BIGINT", "i - j * 2": "BIGINT",
    "i // NULLIF(j, 0)": "BIGINT", "i % NULLIF(j, 0)": "BIGINT", "-i": "BIGINT", "abs(i)": "BIGINT",
    "m + n": "DECIMAL(18,4)", "m * 0.5": "DECIMAL(18,4)", "m - i": "DECIMAL(18,4)", "-m": "DECIMAL(18,4)",
    "abs(m)": "DECIMAL(18,4)", "round(m, 1)": "DECIMAL(18,4)", "floor(m)": "DECIMAL(18,4)", "ceil(m)": "DECIMAL(18,4)",
    "m % 7": "DECIMAL(18,4)", "CAST(m * n AS DECIMAL(24,2))": "DECIMAL(24,2)", "CAST(floor(m) AS BIGINT)": "BIGINT",
    "CAST(m * 0.333 AS DECIMAL(12,2))": "DECIMAL(12,2)", "CAST(round(m, 0) AS BIGINT)": "BIGINT", "d + i": "DATE",
    "d - 1": "DATE", "last_day(d)": "DATE", "year(d)": "BIGINT", "month(d)": "BIGINT", "day(d)": "BIGINT",
    "quarter(d)": "BIGINT", "make_date(year(d), 2, 28)": "DATE", "months_from(d, i)": "DATE",
    "months_from(d, -1)": "DATE", "days_between(d, e)": "BIGINT", "weekday_of(d)": "BIGINT",
    "full_years(d, e)": "BIGINT", "divided(abs(m), NULLIF(abs(i), 0))": "DECIMAL(12,2)", "least_of(i, j)": "BIGINT",
    "least_of(m, n)": "DECIMAL(12,2)", "percent_of(abs(i), abs(j))": "DECIMAL(9,1)", "COALESCE(a, b, 'z')": "STRING",
    "NULLIF(m, n)": "DECIMAL(12,2)", "CASE i WHEN 1 THEN d WHEN 2 THEN e END": "DATE",
    "COALESCE(m, i)": "DECIMAL(18,4)",
}  # fmt: skip


def random_rows(count: int) -> pa.Table:
    """Rows with NULLs, ties, ends of months, 29 February, old summer time and signs outside the first plane."""
    random = Random(7)
    texts = ["", "x", "y", "o'x", "a\\b", " x ", "𠮷辽", "通辽市", "it's; -- x", "Xy", "xx"]
    days = [date(2024, 2, 29), date(2023, 2, 28), date(1986, 5, 4), date(1986, 9, 14), date(2026, 1, 31), DAY]
    kinds = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(12,2)", "date": "DATE", "truth": "BOOLEAN"}
    kinds["stamp"] = "TIMESTAMP"
    makers = {
        "text": lambda: random.choice(texts),
        "integer": lambda: random.choice([-3, -1, 0, 1, 2, 3, random.randint(-400, 400)]),
        "decimal": lambda: Decimal(random.choice([-250, 0, 5, 250, 103, random.randint(-(10**6), 10**6)])) / 100,
        "date": lambda: random.choice([*days, date(1940, 1, 1) + timedelta(random.randint(0, 33_000))]),
        "truth": lambda: random.random() < 0.5,
        "stamp": lambda: (
            datetime.combine(date(2026, random.randint(1, 12), 1), time())
            - timedelta(seconds=random.choice((0, 1, 7200)))
        ),
    }
    columns = {
        name: pa.array([None if random.random() < 0.15 else makers[f]() for _ in range(count)], ARROW[kinds[f]])
        for name, f in COLUMNS.items()
    }
    return pa.table({"row": pa.array(range(count), pa.int64()), **columns})


def test_all_that_a_condition_may_say_means_the_same(both: Both) -> None:
    rows = random_rows(1500)
    truths = [text.strip() for line in TRUTHS.strip().splitlines() for text in line.split(";") if text.strip()]
    truths = [text for text in truths if text not in ("a = 'it''s", "-- x'")] + ["a = 'it''s; -- x'"]
    asked = [(text, "BOOLEAN") for text in truths] + list(VALUES.items())
    assert all(any(name in text for text, _kind in asked) for name in OWN)
    answers = []
    for engine in both:
        engine.show("random_rows", rows)
        written = [(write(text, COLUMNS, PARAMETERS, engine.dialect).sql, kind) for text, kind in asked]
        listed = ", ".join(f"CAST({sql} AS {kind}) AS x_{number}" for number, (sql, kind) in enumerate(written))
        answers.append(engine.arrow(f"SELECT {listed} FROM random_rows ORDER BY row"))  # noqa: S608
    for number, (text, _kind) in enumerate(asked):
        first, second = (answer[f"x_{number}"] for answer in answers)
        assert first.type == second.type, text
        wrong = [
            k for k, pair in enumerate(zip(first.to_pylist(), second.to_pylist(), strict=True)) if len({*pair}) > 1
        ]
        assert not wrong, (text, rows.slice(wrong[0], 1).to_pylist(), first[wrong[0]], second[wrong[0]])
        assert first.null_count < len(first), text


@pytest.mark.parametrize(
    ("expression", "on_duckdb", "on_spark"),
    [
        ("CAST(CAST(1.03 AS DECIMAL(12,2)) / 2 AS VARCHAR(20))", "0.515", "0.515000"),
        ("CAST(CAST(2.5 AS DECIMAL(3,1)) AS INT)", 3, 2),
        ("DATE '2024-02-01' - DATE '2024-01-31'", 1, timedelta(1)),
        ("'ab' LIKE 'a\\b'", False, "raises"),
        ("least(1, NULL)", 1, 1),
        ("greatest(DATE '2024-01-31', NULL)", date(2024, 1, 31), date(2024, 1, 31)),
        ("round(CAST(-2.50 AS DECIMAL(12,2)), 0)", Decimal(-3), Decimal(-3)),
        ("log(10)", 1.0, 2.302585092994046),
        ("regexp_replace('aa', 'a', 'b')", "ba", "bb"),
        ("dayofweek(DATE '2026-06-28')", 0, 1),
        ("length('𠮷辽')", 2, 2),
        ("'a ' = 'a'", False, False),
        ("concat_ws(',', NULL, 'a', NULL)", "a", "a"),
        ("7 % 0", "raises", "raises"),
        ("CAST('x' AS INT)", "raises", "raises"),
        ("2147483647 + CAST(1 AS INT)", "raises", "raises"),
        ("make_date(2023, 2, 29)", "raises", "raises"),
    ],
)
def test_where_the_engines_differ(both: Both, expression: str, on_duckdb: object, on_spark: object) -> None:
    """The table of the design note: a version that answers otherwise is seen here."""
    for engine, expected in zip(both, (on_duckdb, on_spark), strict=True):
        if expected == "raises":
            with pytest.raises((duckdb.Error, pytest.importorskip("pyspark.errors").PySparkException)):
                engine.rows(f"SELECT {expression}")
        else:
            ((answer,),) = engine.rows(f"SELECT {expression}")
            assert (answer, type(answer)) == (expected, type(expected))


def test_what_is_kept_is_kept_apart(both: Both) -> None:
    rows = pa.table({"number": pa.array([1], pa.int64())})
    with engine_of(SPARK, RULES) as other:
        assert not other.holds("persons")
        other.show("persons", rows)
        other.keep("twice", "SELECT number * 2 AS number FROM persons", {"number": "INTEGER"})
        assert other.arrow("SELECT number FROM twice").schema.types == [pa.int32()]
        with pytest.raises(TypeError, match="number"):
            other.keep("wrong", "SELECT number FROM persons", {"number": "VARCHAR"})
        other.drop("twice")
        assert not other.holds("twice")
        other.read("nothing", {"day": "DATE"}, [])
        assert other.rows("SELECT day FROM nothing") == []
        assert [batch.to_pylist() for batch in other.batches("SELECT number FROM persons")] == [[{"number": 1}]]
    assert both.spark.rows("SELECT count(*) FROM persons")[0][0] > 500
