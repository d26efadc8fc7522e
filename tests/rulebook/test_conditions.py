"""What a condition may say, what is refused, and what the written SQL answers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.rulebook.check import LONGEST, Parameter
from bangfu.rulebook.engine import DuckEngine, open_engine
from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.writer import write, write_condition

COLUMNS = {
    "name": "text", "division": "text", "age": "integer", "n": "integer", "m": "decimal",
    "born_on": "date", "day": "date", "able": "truth", "seen_at": "stamp",
}  # fmt: skip
PARAMETERS = {
    "days": Parameter("integer", "30"),
    "kinds": Parameter("text", "('lifted', 'marginal')", is_list=True),
    "share": Parameter("decimal", "CAST(0.50 AS DECIMAL(3,2))"),
}


@pytest.fixture(scope="module", autouse=True)
def engine() -> Iterator[None]:
    ENGINES.append(open_engine())
    yield
    ENGINES.pop().close()


ENGINES: list[DuckEngine] = []

HOSTILE = [
    "age > (SELECT 1)",
    "age IN (SELECT person FROM persons)",
    "EXISTS (SELECT 1)",
    "EXISTS (FROM persons)",
    "age > ALL (SELECT 1)",
    "age = ANY (SELECT 1)",
    "TRUE UNION SELECT 1",
    "FROM persons",
    "SELECT TRUE",
    "name IN (SELECT content FROM read_text('/etc/passwd'))",
    "read_csv('/etc/passwd') IS NULL",
    "getenv('HOME') = 'x'",
    "query('SELECT 1') = 1",
    "pragma_version() = 'x'",
    "getvariable('x') = 1",
    "day < now()",
    "born_on < current_date",
    "born_on < current_timestamp",
    "name = current_user",
    "name = session_user",
    "random() < 0.5",
    "uuid() = name",
    "COLUMNS(*) IS NULL",
    "* IS NULL",
    "count(*) > 1",
    "sum(age) > 1",
    "max(age) = age",
    "row_number() OVER () = 1",
    "sum(age) OVER (ORDER BY day) > 1",
    "list_filter([1], x -> x > 0) = [1]",
    "{'a': 1} = {'a': 1}",
    "[1, 2] = [1, 2]",
    "age[1] = 1",
    "#1 = 1",
    "name = $$x$$",
    "name = E'\\x41'",
    "name = x'41'",
    "name COLLATE NOCASE = 'a'",
    "name ~ 'a'",
    "name LIKE '%a'",
    "name ILIKE '%a'",
    "name SIMILAR TO 'a'",
    "regexp_matches(name, 'a')",
    "TRY_CAST(name AS INT) = 1",
    "CAST(name AS INT) = 1",
    "age::INT = 1",
    "m / 2 > 1",
    "able; DROP TABLE persons",
    "able;",
    "able -- and more",
    "able /* and more */",
    "/*+ hint */ able",
    "-- x\nable",
    "age = ?",
    "age = $1",
    "age = $days",
    "age = @days",
    "@age = 1",
    "age = :nothing",
    "secret = 1",
    "person_day.age = 1",
    "main.person_day.age = 1",
    '"age" = 1',
    "months_from(born_on) <= day",
    "months_from(born_on, 1, 2) <= day",
    "starts_with(name)",
    "nothing_known(age) = 1",
    "MONTHS_FROM_(born_on, 1) <= day",
    "date_diff('day', born_on, day) > 1",
    "born_on + INTERVAL 1 MONTH < day",
    "day - born_on > 3",
    "isodow(born_on) = 1",
    "least(age, n) = 1",
    "age = 1e3",
    "age = 0x10",
    "age // n = 1",
    "n <> 0 AND age % n = 1",
    "age % 0 = 1",
    "age // NULLIF(n, 1) = 1",
    "age XOR n",
    "age = NULL",
    "name = 1",
    "name < day",
    "able = 1",
    "age AND able",
    "NOT age",
    "age BETWEEN 'a' AND 'b'",
    "age IN ('x')",
    "age IN :days",
    "name = :kinds",
    "name IN :kinds OR :kinds",
    "seen_at < day",
    "substring(name, 0, 2) = 'x'",
    "substring(name, 1, age) = 'x'",
    "substring(name, 1) = 'x'",
    "left(name, -1) = 'x'",
    "name = 'a' 'b'",
    "CASE WHEN age THEN TRUE END",
    "CASE WHEN able THEN 1 ELSE 'x' END = 1",
    "CAST(m AS BIGINT) = 1",
    "CAST(age AS DOUBLE) = 1",
    "CAST(day AS TIMESTAMP) = seen_at",
    "day AT TIME ZONE 'UTC' = day",
    "(age, n) = (1, 2)",
    "age BETWEEN SYMMETRIC 1 AND 2",
    "sha512(name) = 'x'",
    "DATE '2023-02-29' < day",
    "able able",
    "able AND",
    "(able",
    "able)",
    "'able",
    "",
    "   ",
    "able\x00",
    "age",
    "'TRUE'",
    "name = '" + "x" * LONGEST + "'",
    "(" * 400 + "able" + ")" * 400,
    "NOT " * 390 + "able",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_refused(text: str) -> None:
    with pytest.raises(RuleError):
        write_condition(text, COLUMNS, PARAMETERS)


ROW: dict[str, Any] = {
    "name": "通辽 o'x", "division": "150522101201", "age": 17, "n": 0, "m": Decimal("-2.50"),
    "born_on": date(2009, 2, 28), "day": date(2026, 6, 30), "able": None, "seen_at": None,
}  # fmt: skip


def answer(text: str, row: dict[str, Any]) -> Any:
    """The value of an expression for one row."""
    written = write(text, COLUMNS, PARAMETERS)
    types = {"text": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(12,2)", "date": "DATE"}
    types |= {"truth": "BOOLEAN", "stamp": "TIMESTAMP"}
    columns = ", ".join(f"CAST(? AS {types[family]}) AS {name}" for name, family in COLUMNS.items())
    sql = f"SELECT {written.sql} FROM (SELECT {columns})"  # noqa: S608
    return ENGINES[0].connection.execute(sql, [row[name] for name in COLUMNS]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = '通辽 o''x'", True),
        ("name = 'it''s; -- x'", False),
        ("starts_with(division, '1505') AND division < '1506'", True),
        (
            "left(division, 2) = '15' AND right(division, 3) = '201' AND substring(division, 3, 4) = '0522'",
            True,
        ),
        ("length(name) = 6 AND contains(name, '辽') AND ends_with(name, 'x')", True),
        ("upper(lower(trim(replace(name, '通辽', ' ')))) = 'O''X'", True),
        ("name || '!' = '通辽 o''x!'", True),
        ("md5('a') = '0cc175b9c0f1b6a831c399e269772661' AND starts_with(sha256('a'), 'ca978112ca')", True),
        ("able", None),
        ("able OR age > 16", True),
        ("able AND age > 17", False),
        ("able IS NULL AND able IS NOT TRUE AND NOT (able IS FALSE)", True),
        ("able IS NOT DISTINCT FROM NULL", True),
        ("age IN (1, NULL)", None),
        ("age NOT IN (17, NULL)", False),
        ("name IN :kinds", False),
        ("COALESCE(able, TRUE)", True),
        ("n <> 0 AND age % NULLIF(n, 0) = 1", False),
        ("age // NULLIF(n, 0) = 1", None),
        ("CASE n WHEN 0 THEN able IS NULL ELSE FALSE END", True),
        ("-7 // 2 = -3 AND -7 % 2 = -1", True),
        ("round(m, 0) = -3.00 AND floor(m) = -3 AND ceil(m) = -2 AND abs(m) = 2.5", True),
        ("CAST(floor(m) AS BIGINT) = -3 AND CAST(round(abs(m), 0) AS INT) = 3", True),
        ("CAST(1.005 AS DECIMAL(12,2)) = 1.01", True),
        ("m * :share = -1.25", True),
        ("divided(2.05, 2) = 1.03 AND divided(2.00, 3) = 0.67 AND divided(1.00, n) IS NULL", True),
        ("percent_of(2, 3) = 66.7 AND percent_of(1, n) IS NULL", True),
        ("least_of(age, n) = 0 AND least_of(age, NULLIF(n, 0)) IS NULL", True),
        ("born_on + 30 = DATE '2009-03-30' AND day - :days = DATE '2026-05-31'", True),
        ("last_day(born_on) = born_on AND year(day) * 100 + month(day) = 202606 AND day(day) = 30", True),
        ("quarter(day) = 2 AND make_date(2024, 2, 29) < day", True),
        ("CAST(date_trunc('month', day) AS DATE) = DATE '2026-06-01'", True),
        ("CAST(date_trunc('year', seen_at) AS DATE) IS NULL", True),
        ("months_from(DATE '2024-01-31', 1) = DATE '2024-02-29'", True),
        ("months_from(DATE '2024-02-29', 12) = DATE '2025-02-28'", True),
        ("full_years(DATE '2008-02-29', DATE '2025-02-28') = 16", True),
        ("full_years(DATE '2008-02-29', DATE '2025-03-01') = 17", True),
        ("days_between(DATE '1940-06-03', DATE '1940-06-04') = 1", True),
        ("days_between(DATE '1991-04-14', DATE '1991-09-16') = 155", True),
        ("weekday_of(DATE '2026-06-29') = 1 AND weekday_of(DATE '2026-06-28') = 7", True),
    ],
)
def test_answers(text: str, expected: bool | None) -> None:
    assert answer(text, ROW) is expected


def test_a_written_condition_says_what_it_uses() -> None:
    written = write_condition("able AND age > :days AND able", COLUMNS, PARAMETERS)
    assert (written.columns, written.parameters) == (("able", "age"), ("days",))
    assert written.sql == "((able AND (age > 30)) AND able)"


truths = st.sampled_from([True, False, None])


@given(truths, truths, truths)
def test_three_valued_logic(one: bool | None, two: bool | None, three: bool | None) -> None:
    def both(left: bool | None, right: bool | None) -> bool | None:
        if left is False or right is False:
            return False
        return None if left is None or right is None else True

    text = {True: "(age = 17)", False: "(age = 1)", None: "able"}
    got = answer(f"{text[one]} AND NOT {text[two]} AND {text[three]}", ROW)
    inverse = None if two is None else not two
    assert got is both(both(one, inverse), three)


@given(st.decimals("0", "9999999.99", places=2), st.integers(1, 400))
def test_divided_rounds_half_up_to_fen(amount: Decimal, parts: int) -> None:
    fen = int(amount * 100)
    got = answer(f"divided(m, {parts})", {**ROW, "m": amount})
    assert got == Decimal((fen * 2 + parts) // (2 * parts)) / 100


@given(st.text(alphabet="ab'\";-*/\\通 %", max_size=20))
def test_any_text_stays_a_text(text: str) -> None:
    quoted = text.replace("'", "''")
    assert answer(f"name = '{quoted}'", {**ROW, "name": text}) is True
