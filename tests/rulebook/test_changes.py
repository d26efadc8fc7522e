"""What single change turns an answer: the changes told do turn it, and none of the columns that could is left out."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.changes import single_changes
from bangfu.rulebook.compose import make_ready
from bangfu.rulebook.engine import open_engine
from bangfu.rulebook.explain import explain_table
from bangfu.rulebook.rules import Rule
from bangfu.rulebook.views import fill

BOOK = Rulebook.load(Path(__file__).parents[2] / "rules")
DAY = date(2026, 6, 30)
CODES = {
    "work_status": ("at_work", "jobless", "unknown"),
    "category": ("lifted", "unstable", "marginal", "sudden"),
    "education": ("primary", "college", "bachelor"),
    "labour_capacity": ("ordinary", "skilled", "weak", "lost", "none"),
    "work_where": ("other_province", "other_county", "home_county"),
}
JUDGING = [*BOOK.signals(), *BOOK.quality()]


def rule_of(code: str) -> Rule:
    return next(rule for rule in JUDGING if rule.code == code)


def changes_of(rule: Rule, row: dict[str, Any]) -> tuple[bool | None, dict[str, list[Any]]]:
    """The verdict for a row, and the changes that turn it by column."""
    view = BOOK.views[rule.about]
    with open_engine(for_few=True) as connection:
        fill(connection, view, "given", [{**row, "day": DAY, view.key: 5}])
        ready = make_ready(rule, view, rule.bind(DAY))
        (explained,) = explain_table(connection, ready, view, "given", DAY, "TRUE")
        found: dict[str, list[Any]] = {}
        for change in single_changes(connection, ready, view, "given", 5, DAY, CODES):
            assert change.verdict is not explained.verdict
            found.setdefault(change.column, []).append(change.value)
        return explained.verdict, found


@pytest.mark.parametrize(
    ("code", "row", "verdict", "changes"),
    [
        ("wage_out_of_range", {"wage": "20000.00"}, False, {"wage": ["30000.01"]}),
        ("wage_out_of_range", {"wage": "200.00"}, False, {"wage": ["99.99"]}),
        ("wage_out_of_range", {"wage": "50.00"}, True, {"wage": ["100.00"]}),
        ("wage_out_of_range", {"wage": None}, None, {"wage": ["99.99", "30000.01"]}),
        ("under_16_public_post", {"age": 17, "public_post": True}, False, {"age": [15]}),
        ("under_16_public_post", {"age": 17, "public_post": False}, False, {}),
        ("under_16_public_post", {"age": 15, "public_post": None}, None, {"public_post": [True]}),
        (
            "job_ended_no_next", {"jobs_open": 0, "job_ended_on": date(2026, 5, 30), "able": True}, False,
            {"job_ended_on": ["2026-05-31"]},
        ),
        (
            "job_ended_no_next", {"jobs_open": 0, "job_ended_on": date(2026, 6, 20), "able": True}, True,
            {"jobs_open": [1], "job_ended_on": [None, "2026-05-30"], "able": [False]},
        ),
        (
            "cleared_too_soon", {"monitored_from": date(2026, 1, 1), "cleared_on": date(2026, 7, 1)}, False,
            {"monitored_from": ["2026-01-02"], "cleared_on": ["2026-06-30"]},
        ),
        (
            "wage_halved",
            {"paid_before": True, "pays_now": True, "insurance_wage_before": "5000.0", "insurance_wage_now": "3000.0"},
            False, {"insurance_wage_now": ["2500.00"]},
        ),
        (
            "willing_jobless", {"able": True, "will_work": True, "work_status": "at_work"}, False,
            {"work_status": ["jobless"]},
        ),
        ("local_post_elsewhere", {"local_post": True, "work_where": "home_county"}, False,
         {"work_where": ["other_province", "other_county"]}),
        (
            "under_16_at_work", {"jobs_open": 1, "born_on": date(2010, 6, 30), "job_from": date(2026, 6, 30)}, False,
            {"born_on": ["2010-07-01"], "job_from": ["2026-06-29"]},
        ),
    ],
)  # fmt: skip
def test_the_nearest_value_that_turns_the_answer_is_told(
    code: str, row: dict[str, Any], verdict: bool | None, changes: dict[str, list[Any]]
) -> None:
    rule = rule_of(code)
    columns = BOOK.views[rule.about].columns
    row = {
        name: Decimal(value) if columns[name].type.startswith("DEC") and value else value for name, value in row.items()
    }
    assert changes_of(rule, row) == (verdict, changes)


AMOUNTS = ("0", "99.99", "100", "999.99", "1000", "2499", "5001", "7299.99", "7300", "30000.01")
AGO = (-400, -31, -1, 0, 1, 29, 30, 31, 60, 61, 180, 365, 366, 5844, 5845, 6500)
GRID: dict[str, list[Any]] = {
    "BOOLEAN": [True, False],
    "BIGINT": [0, 1, 2, 3, 14, 15, 16, 17, 59, 60, 61, 69, 70, 71, 89, 90, 91, 400],
    "DECIMAL(12,2)": [Decimal(amount) for amount in AMOUNTS],
    "DATE": [DAY - timedelta(days=days) for days in AGO],
}


@pytest.mark.parametrize("rule", JUDGING, ids=lambda rule: rule.code)
def test_no_column_that_could_turn_the_answer_is_left_out(rule: Rule) -> None:
    # Compared with brute force: every value of a grid in every column that a condition reads. Columns of free text
    # have no boundary that could be read off.
    view, random = BOOK.views[rule.about], Random(rule.code)
    grid = {name: CODES.get(name) or GRID.get(column.type, []) for name, column in view.columns.items()}
    read = {name for condition in rule.conditions for name in condition.columns if grid[name] and name != "day"}
    for _ in range(12):
        row = {name: random.choice([*grid[name], None]) for name in rule.columns()} | {"division": "520502101201"}
        verdict, told = changes_of(rule, row)
        others = [(name, value) for name in sorted(read) for value in grid[name]]
        judged = verdicts_of(rule, [{**row, name: value} for name, value in others])
        turned = {
            name for (name, _value), each in zip(others, judged, strict=True) if (each is True) != (verdict is True)
        }
        assert turned <= set(told), (row, verdict, told)


def verdicts_of(rule: Rule, rows: list[dict[str, Any]]) -> list[bool | None]:
    view = BOOK.views[rule.about]
    with open_engine(for_few=True) as connection:
        fill(connection, view, "given", [{**row, "day": DAY, view.key: key} for key, row in enumerate(rows)])
        ready = make_ready(rule, view, rule.bind(DAY))
        return [each.verdict for each in explain_table(connection, ready, view, "given", DAY, "TRUE")]
