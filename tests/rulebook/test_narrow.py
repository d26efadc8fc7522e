# ruff: noqa: S608 - SQL of this file alone
"""A fact view with fewer columns has the same rows and the same values; what it cannot be sure of stays as it is."""

from pathlib import Path

import pytest

from bangfu.rulebook.engine import open_engine
from bangfu.rulebook.narrow import narrowed
from bangfu.rulebook.views import compute, forget, load_views, needs
from tests.rulebook.lake_facts import DAY, fill_lake, random_facts

VIEWS = load_views(Path(__file__).parents[2] / "rules" / "facts")


@pytest.fixture(scope="module")
def engine():
    with open_engine() as opened:
        fill_lake(opened, random_facts(6, 300))
        yield opened


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_each_column_alone_is_as_in_the_whole_view(engine, name):
    """Narrow and whole, by hash and count: a join left out neither adds, loses nor changes a row."""
    view = VIEWS[name]
    apart = {}
    for column in view.columns:
        asked = needs(VIEWS, {name: [column]})
        table = compute(engine, VIEWS, name, DAY, asked)
        apart[column] = engine.rows(f"SELECT {view.key}, {column} FROM {table} ORDER BY 1, 2")
        forget(engine, asked, DAY)
    assert not [held for held in engine.held() if held.startswith(name)]
    whole = compute(engine, VIEWS, name, DAY)
    for column, rows in apart.items():
        assert rows == engine.rows(f"SELECT {view.key}, {column} FROM {whole} ORDER BY 1, 2"), column
    assert whole == compute(engine, VIEWS, name, DAY, needs(VIEWS, {name: [view.key]}))
    forget(engine, [name, *view.uses], DAY)


def test_a_table_serves_who_asks_for_less(engine):
    wide = compute(engine, VIEWS, "person_day", DAY, needs(VIEWS, {"person_day": ["wage", "able"]}))
    assert compute(engine, VIEWS, "person_day", DAY, needs(VIEWS, {"person_day": ["able"]})) == wide
    other = compute(engine, VIEWS, "person_day", DAY, needs(VIEWS, {"person_day": ["able", "income"]}))
    assert other != wide
    forget(engine, ["person_day"], DAY)
    again = compute(engine, VIEWS, "person_day", DAY, needs(VIEWS, {"person_day": ["able"]}))
    assert again not in (wide, other)
    forget(engine, ["person_day"], DAY)


TWO = "WITH a AS (SELECT k, x FROM one), b AS (SELECT k, y FROM two), c AS (SELECT y, z FROM three) "


@pytest.mark.parametrize(
    ("sql", "columns", "kept", "gone"),
    [
        (TWO + "SELECT a.k, b.y FROM a LEFT JOIN b ON b.k = a.k", {"k"}, ["one"], ["two", "three"]),
        (TWO + "SELECT a.k, c.z FROM a LEFT JOIN b ON b.k = a.k LEFT JOIN c ON c.y = b.y", {"z"},
         ["one", "two", "three"], []),
        (TWO + "SELECT a.k, c.z FROM a LEFT JOIN b ON b.k = a.k LEFT JOIN c ON c.y = b.y", {"k"}, ["one"],
         ["two", "three"]),
        (TWO + "SELECT a.k, b.y FROM a JOIN b ON b.k = a.k", {"k"}, ["one", "two"], ["three"]),
        (TWO + "SELECT a.k, b.y FROM a LEFT JOIN b ON b.k = a.k WHERE b.y > 1", {"k"}, ["one", "two"], ["three"]),
        (TWO + "SELECT a.k, y FROM a LEFT JOIN b ON b.k = a.k", {"y"}, ["one", "two"], ["three"]),
        (TWO + "SELECT DISTINCT a.k, b.y FROM a LEFT JOIN b ON b.k = a.k", {"k"}, ["one", "two", "three"], []),
        (TWO + "SELECT a.k, count(*) AS n FROM a LEFT JOIN b ON b.k = a.k GROUP BY ALL", {"n"},
         ["one", "two", "three"], []),
        ("SELECT k FROM one UNION ALL SELECT k FROM two", {"k"}, ["one", "two"], []),
    ],
)  # fmt: skip
def test_what_is_left_of_a_text(sql, columns, kept, gone):
    left = narrowed(sql, frozenset(columns))
    assert [name for name in (*kept, *gone) if name in left] == kept


def test_the_day_stays_open():
    left = narrowed("SELECT :day AS day, year(:day - 1) AS y, k FROM one WHERE d <= :day", frozenset({"day", "k"}))
    assert left == "SELECT :day AS day, k FROM one WHERE d <= :day"
