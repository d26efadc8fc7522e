"""Where everybody stands, counted over again in plain Python; and the boundaries of each state."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bangfu.core.retirement import add_months
from bangfu.rulebook.engine import open_engine
from bangfu.rulebook.views import compute, load_views
from tests.rulebook.lake_facts import DAY, fill_lake, random_facts
from tests.rulebook.recount import Row, one, persons_on

VIEWS = load_views(Path(__file__).parents[2] / "rules" / "facts")
END = datetime.combine(DAY + timedelta(days=1), time())
APART = {"false_alarm", "no_will", "no_capacity", "unreachable", "moved_out", "deceased"}


def stood(facts: dict[str, list[Row]], day: date = DAY) -> dict[int, tuple]:
    """What the view says: person to (seeks, wants training, work state, training state)."""
    with open_engine() as connection:
        fill_lake(connection, facts)
        table = compute(connection, VIEWS, "coverage_day", day)
        rows = connection.rows(
            f"SELECT person, seeks, wants_training, work_state, training_state FROM {table} ORDER BY person"  # noqa: S608
        )
    assert len({row[0] for row in rows}) == len(rows)
    return {person: tuple(rest) for person, *rest in rows}


def recounted(facts: dict[str, list[Row]], day: date = DAY) -> dict[int, tuple]:
    found = {}
    for row in persons_on(facts, day):
        mine = {name: [each for each in rows if each.get("person") == row["person"]] for name, rows in facts.items()}
        wished = one(mine["intents"], day)
        seeks, wants = row["able"] is True and row["will_work"] is True, wished.get("will_train") is True
        if not seeks and not wants:
            continue
        wish = _wish_from(mine["intents"], day) if wants else None
        out, state = _work(mine, row, day)
        found[row["person"]] = (
            seeks, wants, state if seeks else None, _training(mine["trainings"], wish, out, day) if wants else None,
        )  # fmt: skip
    return found


def _work(mine: dict[str, list[Row]], row: Row, day: date) -> tuple[bool, str | None]:
    begun = [case for case in mine["cases"] if case["opened_at"] < END]
    running = [case for case in begun if case["closed_at"] is None or case["closed_at"] >= END]
    since = datetime.combine(day - timedelta(days=90), time())
    closed = sorted(
        (case["closed_at"], case["case_"], case["outcome"])
        for case in mine["cases"]
        if case["closed_at"] is not None and since <= case["closed_at"] < END
    )
    last = closed[-1][2] if closed else None
    out = row["at_school"] is True or (not running and last in APART)
    late = any(
        leg["case_"] in {case["case_"] for case in running}
        and leg["opened_at"] < END and leg["due_at"] is not None and leg["due_at"] < END
        and (leg["done_at"] is None or leg["done_at"] >= END) and leg["result"] != "exempt"
        for leg in mine["legs"]
    )  # fmt: skip
    if out:
        return True, "out"
    if running:
        return False, "past_clock" if late else "in_clock"
    if row["status"] == "at_work":
        return False, "at_work"
    in_class = any(one["valid_from"] <= day <= (one["ends_on"] or one["valid_from"]) for one in mine["trainings"])
    return False, "in_training" if in_class or last == "in_training" else None


def _wish_from(intents: list[Row], day: date) -> date:
    broken = [row["valid_to"] for row in intents if row["will_train"] is not True and row["valid_to"] is not None]
    since = max((end for end in broken if end <= day), default=date.min)
    wished = [row["valid_from"] for row in intents if row["will_train"] is True and since <= row["valid_from"] <= day]
    return max(min(wished), date(day.year, 1, 1))


def _training(trainings: list[Row], wish: date, out: bool, day: date) -> str:
    ends = [(one["ends_on"] or one["valid_from"], one) for one in trainings if one["valid_from"] <= day]
    if any(end <= day and end.year == day.year and one["passed"] is not False for end, one in ends):
        return "trained"
    if any(end >= day for end, _one in ends):
        return "in_class"
    if out:
        return "out"
    return "in_clock" if day < add_months(wish, 3) else "past_clock"


def test_everybody_stands_where_the_recount_says() -> None:
    states: set[tuple] = set()
    for seed in range(1, 9):
        facts = random_facts(seed, 400)
        got = stood(facts)
        assert got == recounted(facts)
        states |= {("work", one[2]) for one in got.values()} | {("training", one[3]) for one in got.values()}
    assert {state for line, state in states if line == "work"} == {
        "out", "in_clock", "past_clock", "at_work", "in_training", None,
    }  # fmt: skip
    assert {state for line, state in states if line == "training"} == {
        "trained", "in_class", "out", "in_clock", "past_clock", None,
    }  # fmt: skip


ALWAYS = {"person": 1, "valid_from": date(2024, 1, 1), "valid_to": None}


def facts_of(**tables: list[Row]) -> dict[str, list[Row]]:
    """A person able and willing without work, and what a case adds."""
    facts = random_facts(1, 0) | {"feeds": []}
    facts["persons"] = [{"person": 1, "sex": "male", "born_on": date(1990, 8, 31)}]
    facts["memberships"] = [{**ALWAYS, "household": 1, "division": "150522101001", "relation": "head"}]
    facts["conditions"] = [{**ALWAYS, "labour_capacity": "ordinary", "at_school": False}]
    facts["intents"] = [{**ALWAYS, "will_work": True, "will_train": True}]
    facts["joblessness"] = [{**ALWAYS, "reason": "x"}]
    return facts | tables


def case(closed: datetime | None = None, outcome: str | None = None, opened: datetime = END - timedelta(days=100)):
    return {"case_": 1, "person": 1, "division": "x", "opened_at": opened, "cause": "x", "backlog": False,
            "outcome": outcome, "closed_at": closed}  # fmt: skip


def leg(due: datetime | None, done: datetime | None = None, result: str | None = None):
    return {"leg": 1, "case_": 1, "person": 1, "division": "x", "stage": "outcome", "due_at": due, "done_at": done,
            "opened_at": END - timedelta(days=99), "result": result}  # fmt: skip


def ago(days: int, at: time = time(12)) -> datetime:
    return datetime.combine(DAY - timedelta(days=days), at)


def wish(since: date) -> Row:
    return {**ALWAYS, "valid_from": since, "will_work": True, "will_train": True}


def span(start: date, end: date | None, passed: bool | None = None) -> Row:
    return {"person": 1, "valid_from": start, "ends_on": end, "passed": passed}


@pytest.mark.parametrize(
    ("tables", "work"),
    [
        ({}, None),
        ({"cases": [case()], "legs": [leg(END)]}, "in_clock"),
        ({"cases": [case()], "legs": [leg(END - timedelta(microseconds=1))]}, "past_clock"),
        ({"cases": [case()], "legs": [leg(ago(3), done=ago(1))]}, "in_clock"),
        ({"cases": [case()], "legs": [leg(ago(3), done=END)]}, "past_clock"),  # done after the day
        ({"cases": [case()], "legs": [leg(ago(3), result="exempt")]}, "in_clock"),
        ({"cases": [case(opened=END)]}, None),
        ({"cases": [case(ago(90, time()), "no_will")]}, "out"),
        ({"cases": [case(ago(91, time(23, 59)), "no_will")]}, None),
        ({"cases": [case(ago(5), "false_alarm")]}, "out"),
        ({"cases": [case(ago(5), "in_training")]}, "in_training"),
        ({"cases": [case(ago(5), "employed")]}, None),  # without work again: the night opens a new case
        ({"trainings": [span(DAY, DAY)]}, "in_training"),
        ({"trainings": [span(DAY - timedelta(days=9), DAY - timedelta(days=1))]}, None),
    ],
)
def test_where_one_stands_at_work(tables, work) -> None:
    assert stood(facts_of(**tables))[1][2] == work


@pytest.mark.parametrize(
    ("tables", "training"),
    [
        ({"trainings": [span(date(2026, 1, 2), date(2026, 1, 20), True)]}, "trained"),
        ({"trainings": [span(date(2026, 1, 2), date(2026, 1, 20))]}, "trained"),
        ({"trainings": [span(date(2026, 1, 2), date(2026, 1, 20), False)]}, "past_clock"),
        ({"trainings": [span(date(2025, 12, 2), date(2025, 12, 31), True)]}, "past_clock"),
        ({"trainings": [span(date(2026, 6, 20), date(2026, 7, 20))]}, "in_class"),
        (
            {"intents": [{**ALWAYS, "valid_from": date(2026, 3, 31), "will_work": True, "will_train": True}]},
            "past_clock",
        ),
        ({"intents": [{**ALWAYS, "valid_from": date(2026, 4, 1), "will_work": True, "will_train": True}]}, "in_clock"),
        ({"cases": [case(ago(5), "moved_out")]}, "out"),
    ],
)
def test_where_one_stands_in_training(tables, training) -> None:
    assert stood(facts_of(**tables))[1][3] == training
