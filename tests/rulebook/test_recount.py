"""Every rule and figure over random facts: DuckDB's answer against a count in plain Python."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from bangfu.lake.schema import TABLES
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine, open_engine
from bangfu.rulebook.evaluate import evaluate, evaluate_quality, evaluate_signals
from bangfu.rulebook.figures import figure_rows, figures
from bangfu.rulebook.rules import ALARM, CLEARING, SCREEN, Rule
from bangfu.rulebook.views import compute
from tests.rulebook.expected import (
    HOUSEHOLD_RULES,
    PERSON_RULES,
    RECORDER_RULES,
    SHARES,
    TOWN_RULES,
    able_not_at_school,
    share,
    works,
)
from tests.rulebook.lake_facts import DAY, VILLAGES, Facts, fill_lake, random_facts
from tests.rulebook.recount import Row, add_months, families_on, households_on, legs_on, persons_on
from tests.rulebook.recount_lists import LIST_RULES, listed_on
from tests.rulebook.recount_recorders import recorders_on
from tests.rulebook.recount_towns import towns_on

RULES = Path(__file__).parents[2] / "rules"
DIVISIONS = (None, "150000000000", "150522000000", "150522101000", "150522101201", "990000000000")
SEEDS = (1, 2, 3, 4)
SHARE_COLUMNS = {"wage_share", "short_share", "month_end_share", "inspection_share"}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(RULES)


@pytest.fixture(scope="module", params=SEEDS)
def county(request: pytest.FixtureRequest) -> Iterator[tuple[Facts, Engine]]:
    facts = random_facts(request.param, 350)
    connection = open_engine()
    fill_lake(connection, facts)
    yield facts, connection
    connection.close()


def rules_that_judge(book: Rulebook) -> list[Rule]:
    return [*book.signals(), *book.quality(), *book.clearing(), *book.screen(), *book.alarms()]


def test_every_rule_is_recounted(book: Rulebook) -> None:
    judged = {rule.code for rule in rules_that_judge(book)}
    assert judged == {*PERSON_RULES, *LIST_RULES, *HOUSEHOLD_RULES, *RECORDER_RULES, *TOWN_RULES}
    figures_here = {"I1", "I3", "I4", "I4b", "I5", "I11", "I16b", "I17", "I17a", "I17b"}
    assert {rule.code for rule in book.indicators()} == {*SHARES, *figures_here}


def test_verdicts_of_persons_and_households(book: Rulebook, county: tuple) -> None:
    facts, connection = county
    persons = persons_on(facts, DAY)
    expected = {
        (code, row["person"]): verdict
        for code, rule in PERSON_RULES.items()
        for row in persons
        if (verdict := rule(row, DAY)) is not False
    }
    for row in listed_on(facts, persons, DAY):
        expected |= {
            (code, row["person"]): verdict
            for code, rule in LIST_RULES.items()
            if (verdict := rule(row, DAY)) is not False
        }
    for row in households_on(persons):
        for code, rule in HOUSEHOLD_RULES.items():
            if rule(row, DAY) is not False:
                expected[code, row["household"]] = rule(row, DAY)
    answers = [evaluate_signals(connection, book, DAY), evaluate_quality(connection, book, DAY)]
    answers.append(evaluate(connection, book, DAY, (CLEARING,)))
    rows = [row for answer in answers for row in answer.rows.to_pylist()]
    assert {(row["code"], row["subject"]): row["verdict"] for row in rows} == expected
    assert len(rows) == len(expected)
    found = {(each.code, each.subject) for answer in answers for each in answer.found}
    assert found == {key for key, verdict in expected.items() if verdict}
    assert all((row["verdict"] is None) == bool(row["unknown"]) for row in rows)


def test_verdicts_about_who_recorded(book: Rulebook, county: tuple) -> None:
    """Each habit of the random recorders is found; the figures are those of the plain count."""
    facts, connection = county
    rows = recorders_on(facts, DAY)
    expected = {
        (code, row["recorder"]): verdict
        for code, rule in RECORDER_RULES.items()
        for row in rows
        if (verdict := rule(row)) is not False
    }
    judged = evaluate(connection, book, DAY, (SCREEN,))
    assert {(row["code"], row["subject"]): row["verdict"] for row in judged.rows.to_pylist()} == expected
    by_key = {row["recorder"]: row for row in rows}
    for one in judged.found:
        row = by_key[one.subject]
        assert one.division == row["division"]
        kind = next(name.removesuffix("_share") for name in one.values if name in SHARE_COLUMNS)
        usual = one.values[f"usual_{kind}_share"]
        assert Decimal(one.values[f"{kind}_share"]) == row["shares"][kind]
        assert (None if usual is None else Decimal(usual)) == row["usual"].get(kind)


@pytest.mark.parametrize("day", [DAY, DAY - timedelta(days=45)])
def test_work_in_each_town(book: Rulebook, county: tuple, day: date) -> None:
    facts, connection = county
    expected = towns_on(facts, day)
    table = compute(connection, book.views, "town_day", day)
    names = list(expected[0])
    rows = connection.rows(f"SELECT {', '.join(names)} FROM {table} ORDER BY division")  # noqa: S608
    assert rows == [tuple(row.values()) for row in expected]
    assert any(row["lost_work"] for row in expected)
    judged = {row["subject"]: row["verdict"] for row in evaluate(connection, book, day, (ALARM,)).rows.to_pylist()}
    assert judged == {row["town"]: True for row in expected if TOWN_RULES["town_work_falling"](row)}


def test_a_town_that_lost_a_works_is_found(book: Rulebook) -> None:
    """Sixty seekers, of whom twelve lost their work three weeks ago."""
    facts = {table.name: [] for table in TABLES.values()}
    since = {"valid_from": date(2025, 1, 1), "valid_to": None}
    for person in range(1, 61):
        home = {"household": person, "division": VILLAGES[0], "relation": "head"}
        facts["persons"].append({"person": person, "sex": "male", "born_on": date(1990, 1, 1)})
        facts["memberships"].append({"person": person, **home, **since})
        facts["conditions"].append({"person": person, "labour_capacity": "ordinary", "at_school": False, **since})
        facts["intents"].append({"person": person, "will_work": True, **since})
        ended = DAY - timedelta(days=21) if person <= 12 else None
        facts["jobs"].append({"job": person, "person": person, **since, "valid_to": ended})
    with open_engine() as connection:
        fill_lake(connection, facts)
        (found,) = evaluate(connection, book, DAY, (ALARM,)).found
    assert (found.division, found.person, found.subject) == (VILLAGES[0][:9] + "000", None, int(VILLAGES[0][:9]) * 1000)
    assert (found.values["lost_work"], found.values["fell"], found.values["share"]) == (12, "20.00", "80.00")


def test_a_household_is_turned_to_by_its_first_seeker(book: Rulebook, county: tuple) -> None:
    facts, connection = county
    wanted = {row["household"]: row["person"] for row in households_on(persons_on(facts, DAY))}
    found = [each for each in evaluate_signals(connection, book, DAY).found if each.about == "household_day"]
    assert found
    assert all(each.person == wanted[each.subject] is not None for each in found)


@pytest.mark.parametrize("division", DIVISIONS)
def test_figures_and_the_rows_behind_them(book: Rulebook, county: tuple, division: str | None) -> None:
    facts, connection = county
    got = figures(connection, book, division, date(2026, 6, 1))
    expected = _shares(facts, division) | _others(facts, division)
    assert set(got) == set(expected)
    for code, (value, numerator, denominator) in expected.items():
        assert (code, got[code].value) == (code, value)
        rows = figure_rows(connection, book, code, division, date(2026, 6, 15), "numerator")
        assert (code, rows) == (code, sorted(numerator))
        assert code == "I11" or got[code].numerator == len(numerator)
        rows = figure_rows(connection, book, code, division, date(2026, 6, 15), "denominator")
        assert (code, rows) == (code, sorted(denominator or ()))
        assert got[code].denominator == (None if denominator is None else len(denominator))
        unknown = figure_rows(connection, book, code, division, date(2026, 6, 15), "unknown")
        assert (code, got[code].unknown) == (code, len(unknown))


def _inside(rows: list[Row], division: str | None) -> list[Row]:
    prefix = "" if division is None else division.rstrip("0")
    return [row for row in rows if division is None or (row["division"] or "").startswith(prefix)]


def _shares(facts: Facts, division: str | None) -> dict:
    rows = {
        "persons": _inside(persons_on(facts, DAY), division),
        "legs": _inside(legs_on(facts, DAY), division),
    }
    for row in rows["persons"]:
        row["lasting"] = None if row["job_from"] is None else add_months(row["job_from"], 6) <= DAY
    expected = {}
    for code, (about, counts, numerator, denominator) in SHARES.items():
        whole = [row for row in rows[about] if denominator(row)]
        below = {row[counts] for row in whole}
        above = {row[counts] for row in whole if numerator(row)}
        expected[code] = (share(len(above), len(below)), above, below)
    return expected


def _others(facts: Facts, division: str | None) -> dict:
    def at_work(day: date) -> set[int]:
        return {row["person"] for row in _inside(persons_on(facts, day), division) if works(row)}

    persons = _inside(persons_on(facts, DAY), division)
    now, before, last_year = at_work(DAY), at_work(date(2026, 5, 31)), at_work(date(2025, 12, 31))
    able = {row["person"] for row in persons if able_not_at_school(row)}
    waged = [row for row in persons if works(row) and row["wage"] is not None]
    total = sum((row["wage"] for row in waged), Decimal(0))
    mean = (total / len(waged)).quantize(Decimal("0.01"), ROUND_HALF_UP) if waged else None
    with_wage = {row["person"] for row in waged}
    legs = _inside(legs_on(facts, DAY), division)
    overdue = {leg["person"] for leg in legs if leg["stage"] == "outcome" and leg["overdue"]}
    families = _inside(households_on(persons_on(facts, DAY)), division)
    zero = {row["household"] for row in families if HOUSEHOLD_RULES["zero_employment_family"](row, DAY)}
    spells = _inside(families_on(facts, DAY), division)
    waiting = {row["household"] for row in spells if row["waiting"]}
    due = {row["household"] for row in spells if row["due_this_month"]}
    in_time = {row["household"] for row in spells if row["due_this_month"] and row["on_time"]}
    return {
        "I1": (len(now), now, None),
        "I3": (share(len(now), len(last_year)), now, last_year),
        "I4": (len(now) - len(before), now, before),
        "I4b": (share(len(now) - len(before), len(before)), now, before),
        "I5": (share(len(now), len(able)), now, able),
        "I11": (mean, with_wage, with_wage),
        "I16b": (len(overdue), overdue, None),
        "I17": (len(zero), zero, None),
        "I17a": (len(waiting), waiting, None),
        "I17b": (share(len(in_time), len(due)), in_time, due),
    }
