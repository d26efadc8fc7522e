"""Reasons, explanations, rules of a place, and figures as they are handed on."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine, open_engine
from bangfu.rulebook.errors import UnknownRuleError
from bangfu.rulebook.evaluate import evaluate_quality, evaluate_signals
from bangfu.rulebook.explain import explain
from bangfu.rulebook.figures import Figure, figure_rows, figure_value, figures, moment_day
from tests.rulebook.lake_facts import DAY, VILLAGES, fill_lake, random_facts

RULES = Path(__file__).parents[2] / "rules"
ALWAYS = {"valid_from": date(2024, 1, 1), "valid_to": None}
FACTS = {
    "persons": [
        {"person": 1, "sex": "male", "born_on": date(1990, 1, 1)},
        {"person": 2, "sex": "female", "born_on": date(1991, 1, 1)},
        {"person": 3, "sex": "male", "born_on": date(1992, 1, 1)},
    ],
    "memberships": [
        {"person": 1, "household": 7, "division": VILLAGES[0], **ALWAYS},
        {"person": 2, "household": 7, "division": VILLAGES[0], **ALWAYS},
        {"person": 3, "household": 8, "division": VILLAGES[3], **ALWAYS},
    ],
    "jobs": [{"job": person, "person": person, "valid_from": date(2026, 1, 5)} for person in (1, 2, 3)],
    "feeds": [{"kind": "social_insurance", "month": date(2026, month, 1), "place": ""} for month in (5, 6)],
    "insurance_months": [
        {"person": 1, "month": date(2026, 5, 1), "status": 1, "wage": Decimal("4000.00")},
        {"person": 1, "month": date(2026, 6, 1), "status": 2, "wage": None},
        {"person": 2, "month": date(2026, 5, 1), "status": 1, "wage": Decimal("4000.00")},
        {"person": 2, "month": date(2026, 6, 1), "status": 3, "wage": None},
        {"person": 2, "month": date(2026, 6, 1), "status": 1, "wage": Decimal("2000.00")},
    ],
}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load(RULES)


@pytest.fixture
def lake() -> Iterator[Engine]:
    with open_engine() as connection:
        fill_lake(connection, FACTS)
        yield connection


def test_a_signal_comes_with_its_reasons(book: Rulebook, lake: Engine) -> None:
    found = [each for each in evaluate_signals(lake, book, DAY).found if each.code == "insurance_stopped"]
    assert [(each.subject, each.person, each.division, each.about) for each in found] == [
        (1, 1, VILLAGES[0], "person_day")
    ]
    values = {"jobs_open": 1, "paid_before": True, "pays_now": False, "insurance_month": "2026-06-01"}
    values |= {"job_from": "2026-01-05", "insurance_wage_before": "4000.00"}
    assert json.loads(json.dumps(found[0].values)) == values
    halved = [each.subject for each in evaluate_signals(lake, book, DAY).found if each.code == "wage_halved"]
    assert halved == [2]


def test_without_the_month_before_nothing_is_known(book: Rulebook) -> None:
    with open_engine() as connection:
        fill_lake(connection, {**FACTS, "feeds": [{**FACTS["feeds"][1]}]})
        answer = evaluate_signals(connection, book, DAY)
        assert not [each for each in answer.found if each.code == "insurance_stopped"]
        assert answer.unknown()["insurance_stopped", "paid_before"] == 2
        later = evaluate_signals(connection, book, date(2026, 5, 31))
        assert later.unknown()["insurance_stopped", "pays_no_more"] == 3


def test_unknown_names_every_condition_that_is_open(book: Rulebook, lake: Engine) -> None:
    counted = evaluate_quality(lake, book, DAY).unknown()
    assert counted["at_school_at_work", "at_school"] == 3
    assert counted["no_capacity_at_work", "no_capacity"] == 3


def test_explain_says_each_condition_with_its_values(book: Rulebook, lake: Engine) -> None:
    first, second, third = explain(lake, book, "insurance_stopped", [3, 2, 1], DAY)
    assert [each.subject for each in (first, second, third)] == [1, 2, 3]
    assert (first.verdict, second.verdict, third.verdict) == (True, False, False)
    assert [each.holds for each in second.conditions] == [True, True, False]
    assert second.conditions[2].values == {"pays_now": True}
    assert second.conditions[2].words["en"] == "is not paying with any employer this month"
    assert first.shown["insurance_month"] == "2026-06-01"
    silent = explain(lake, book, "not_confirmed", [1], DAY)[0]
    assert silent.parameters["days"]["value"] == 60
    assert silent.conditions[1].values == {"silent_days": 176}
    assert silent.unknown == ()


def test_explain_agrees_with_the_night(book: Rulebook) -> None:
    with open_engine() as connection:
        fill_lake(connection, random_facts(9, 120))
        answer = evaluate_signals(connection, book, DAY)
        verdicts = {(r["code"], r["subject"]): (r["verdict"], r["unknown"]) for r in answer.rows.to_pylist()}
        for rule in book.signals():
            for each in explain(connection, book, rule.code, range(1, 121), DAY):
                told = verdicts.get((each.code, each.subject), (False, ""))
                assert told == (each.verdict, ",".join(each.unknown))


def test_explain_of_nobody_and_of_no_rule(book: Rulebook, lake: Engine) -> None:
    assert explain(lake, book, "insurance_stopped", [], DAY) == ()
    assert explain(lake, book, "insurance_stopped", [99], DAY) == ()
    with pytest.raises(UnknownRuleError):
        explain(lake, book, "nothing", [1], DAY)
    with pytest.raises(UnknownRuleError):
        explain(lake, book, "insurance_stopped", [1], date(2020, 12, 31))


def test_a_place_lays_its_rule_over_the_national_one(tmp_path: Path, lake: Engine) -> None:
    copytree(RULES, tmp_path / "rules")
    national = (RULES / "signals" / "not_confirmed.yaml").read_text(encoding="utf-8")
    local = national.replace("about: person_day", 'about: person_day\nplace: "150522000000"')
    (tmp_path / "rules" / "signals" / "local.yaml").write_text(local.replace("value: 60", "value: 177"))
    figure = (RULES / "indicators" / "I1.yaml").read_text(encoding="utf-8")
    figure = figure.replace("about: person_day", 'about: person_day\nplace: "150522000000"')
    (tmp_path / "rules" / "indicators" / "local.yaml").write_text(figure.replace("jobs_open > 0", "jobs_open > 5"))
    book = Rulebook.load(tmp_path / "rules")
    found = [each.subject for each in evaluate_signals(lake, book, DAY).found if each.code == "not_confirmed"]
    assert found == [3]
    assert explain(lake, book, "not_confirmed", [1], DAY)[0].verdict is False
    june = date(2026, 6, 1)
    assert figures(lake, book, None, june, ["I1"])["I1"].value == 3
    assert figures(lake, book, "150522101000", june, ["I1"])["I1"].value == 0
    assert figures(lake, book, "150523000000", june, ["I1"])["I1"].value == 1


def test_no_rule_is_valid_before_its_term(book: Rulebook, lake: Engine) -> None:
    answer = evaluate_signals(lake, book, date(2020, 12, 31))
    assert (answer.found, answer.rows.num_rows, answer.unknown()) == ((), 0, {})
    assert figures(lake, book, None, date(2020, 12, 1)) == {}


def test_random_facts_reach_every_rule(book: Rulebook) -> None:
    """Without this the recount could agree on nothing at all."""
    true_codes, unknown_codes, filled = set(), set(), set()
    for seed in range(1, 5):
        with open_engine() as connection:
            fill_lake(connection, random_facts(seed, 350))
            for answer in (evaluate_signals(connection, book, DAY), evaluate_quality(connection, book, DAY)):
                true_codes |= {each.code for each in answer.found}
                unknown_codes |= {code for code, _ in answer.unknown()}
            got = figures(connection, book, None, DAY)
            filled |= {code for code, figure in got.items() if figure.numerator and figure.denominator != 0}
    judging = {rule.code for rule in (*book.signals(), *book.quality())}
    assert true_codes == judging
    # These can always be judged here: silent_days of all at work, an extract that came, who stopped, a lack, a count.
    always = {"insured_but_jobless", "mass_layoff"}
    always |= {"not_confirmed", "work_place_missing", "phone_missing_at_work", "cleared_too_soon"}
    always |= {"several_public_posts", "job_details_missing", "organised_missing", "jobless_but_at_work"}
    always |= {"missing_from_list", "phone_of_other_households", "phone_of_other_counties"}
    always |= {"unemployed_at_work", "job_ends_soon"}
    assert unknown_codes == judging - always
    assert filled == {rule.code for rule in book.indicators()}


@pytest.mark.parametrize(
    ("kind", "numerator", "denominator", "value"),
    [
        ("count", 5, None, 5),
        ("percent", 890, 1243, Decimal("71.6")),
        ("percent", 13887, 14820, Decimal("93.7")),
        ("percent", 1, 8, Decimal("12.5")),
        ("percent", 1, 2000, Decimal("0.1")),
        ("percent", 0, 7, Decimal("0.0")),
        ("percent", 7, 0, None),
        ("difference", 3, 0, 3),
        ("difference", 0, 3, -3),
        ("growth", 1999, 2000, Decimal("-0.1")),
        ("growth", 3, 0, None),
        ("money", Decimal("10.01"), 2, Decimal("5.01")),
        ("money", Decimal("0.00"), 0, None),
    ],
)
def test_values(kind: str, numerator: int | Decimal, denominator: int | None, value: int | Decimal | None) -> None:
    got = figure_value(kind, numerator, denominator)
    assert (got, type(got)) == (value, type(value))


def test_a_figure_as_json() -> None:
    figure = Figure("I5", "percent", "person", Decimal("79.5"), 1399, 1760, 2)
    text = json.dumps(figure.as_json())
    assert text == '{"value": 79.5, "numerator": 1399, "denominator": 1760, "unknown": 2}'


def test_moments() -> None:
    for month in (date(2024, 2, 1), date(2024, 2, 29)):
        assert moment_day("month_end", month) == date(2024, 2, 29)
        assert moment_day("previous_month_end", month) == date(2024, 1, 31)
        assert moment_day("last_year_end", month) == date(2023, 12, 31)


def test_no_such_figure_or_part(book: Rulebook, lake: Engine) -> None:
    with pytest.raises(UnknownRuleError):
        figure_rows(lake, book, "I99", None, DAY, "numerator")
    with pytest.raises(ValueError, match="no part"):
        figure_rows(lake, book, "I1", None, DAY, "all")
