"""Rule files: what the loader takes, what it refuses and how it says so; parameters by day; places."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from bangfu.lake.schema import TABLES
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.cases import check_cases
from bangfu.rulebook.engine import open_engine
from bangfu.rulebook.errors import ParameterNotDatedError, RuleError, UnknownRuleError
from bangfu.rulebook.places import division_range, lies_within
from bangfu.rulebook.views import compute, load_views

RULES = Path(__file__).parents[2] / "rules"

RULE = """\
code: sample
kind: signal
name: {zh: 样例, en: Sample}
source: "a source"
valid: {from: 2024-01-01, to: 2026-12-31}
about: person_day
opens: finding
severity: normal
advice: {zh: 核实, en: Ask}
conditions:
  old: {when: "age >= :years", zh: 年龄, en: is old enough}
parameters:
  years:
    type: count
    values:
      - {from: 2024-01-01, value: 60, source: "notice 1"}
      - {from: 2025-07-01, value: 61, source: "notice 2"}
cases:
  - given: {age: 61}
    day: 2025-07-01
    answer: {verdict: true}
  - given: {age: 60}
    day: 2025-07-01
    answer: {verdict: false, fails: [old]}
  - given: {age: 60}
    day: 2025-06-30
    answer: {verdict: true}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(RULES / "facts", tmp_path / "facts")
    (tmp_path / "signals").mkdir()
    return tmp_path


def load(folder: Path, text: str, name: str = "sample.yaml") -> Rulebook:
    (folder / "signals" / name).write_text(text, encoding="utf-8")
    return Rulebook.load(folder)


def test_the_sample_is_good(folder: Path) -> None:
    assert check_cases(load(folder, RULE)) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ("kind: signal", "kind: policy", "kind", "must be one of"),
        ("kind: signal\n", "", "kind", "is missing"),
        ("code: sample", "code: 7", "code", "must be text"),
        ("code: sample", "code: a-b", "code", "letters"),
        ("about: person_day", "about: persons", "about", "must be one of"),
        ("en: Sample}", "fr: Exemple}", "name.en", "is missing"),
        ("en: Sample}", "en: Sample, fr: x}", "name", "unknown key: fr"),
        ("from: 2024-01-01, to", 'from: "2024-01-01", to', "valid.from", "must be a date"),
        ("from: 2024-01-01, to", "from: 2024-01-01 10:00:00, to", "valid.from", "must be a date"),
        ("opens: finding", "opens: door", "opens", "must be one of"),
        ("opens: finding", "opens: finding\nshows: [secret]", "shows", "no column secret"),
        ("opens: finding", "opens: finding\nplace: '1505'", "place", "12 digits"),
        ("opens: finding", "opens: finding\nextra: 1", "", "unknown key: extra"),
        ("opens: finding", "opens: finding\nopens: case", "", "written twice"),
        ("opens: finding", "opens: finding\non: 1", "", "a key must be text"),
        ("opens: finding", "opens: finding\n2024-01-01: 1", "", "a key must be text"),
        ("{zh: 核实, en: Ask}", "&a {zh: 核实, en: Ask}", "", "anchors"),
        ("{zh: 核实, en: Ask}", "!!python/name:os.system x", "", "anchors, aliases and tags"),
        ("age >= :years", "age >= :months", "conditions.old.when", "no such parameter"),
        ("age >= :years", "wealth >= :years", "conditions.old.when", "no column wealth"),
        ("age >= :years", "sex >= :years", "conditions.old.when", "cannot put text beside integer"),
        ("age >= :years", "age >= 1", "parameters", "no condition uses years"),
        ("type: count", "type: money", "parameters.years.values[0].value", "must be text in quotes"),
        ("value: 60,", "value: 60.5,", "parameters.years.values[0].value", "whole number"),
        ("value: 60,", "value: -1,", "parameters.years.values[0].value", "whole number"),
        ("value: 60,", "value: true,", "parameters.years.values[0].value", "whole number"),
        ("value: 60,", "value: 100001,", "parameters.years.values[0].value", "whole number"),
        (', source: "notice 2"', "", "parameters.years.values[1].source", "is missing"),
        ("from: 2025-07-01", "from: 2024-01-01", "parameters.years.values", "must rise"),
        ("from: 2025-07-01", "from: 2023-01-01", "parameters.years.values", "must rise"),
        (RULE[RULE.index("cases:") :], "cases: []\n", "cases", "must be a list"),
        (RULE, "- a\n- b\n", "", "one mapping"),
        (RULE, "a: [1\n", "", "not readable YAML"),
        (RULE, "a: 1\n---\nb: 2\n", "", "not readable YAML"),
    ],
)
def test_refusals_name_file_path_and_reason(folder: Path, old: str, new: str, path: str, reason: str) -> None:
    assert old in RULE
    with pytest.raises(RuleError) as refusal:
        load(folder, RULE.replace(old, new, 1))
    assert (refusal.value.file, refusal.value.path) == ("signals/sample.yaml", path)
    assert reason in refusal.value.reason
    assert refusal.value.code == "rule_invalid"


def test_a_money_amount_is_quoted_with_two_decimals(folder: Path) -> None:
    text = RULE.replace("age >= :years", "wage >= :years").replace("type: count", "type: money")
    text = text.replace("value: 60,", 'value: "60.00",').replace("given: {age:", "given: {wage:")
    assert load(folder, text.replace("value: 61,", 'value: "61.00",'))
    with pytest.raises(RuleError, match=r"500\.00"):
        load(folder, text.replace("value: 61,", 'value: "61.0",'))


def test_a_view_needs_both_files(folder: Path) -> None:
    (folder / "facts" / "alone.sql").write_text("SELECT 1")
    with pytest.raises(RuleError, match="no column documentation"):
        Rulebook.load(folder)


@pytest.mark.parametrize(
    ("day", "value"),
    [(date(2024, 1, 1), 60), (date(2025, 6, 30), 60), (date(2025, 7, 1), 61), (date(2030, 1, 1), 61)],
)
def test_the_last_value_that_began_holds(folder: Path, day: date, value: int) -> None:
    assert load(folder, RULE).rules[0].bind(day)["years"].sql == str(value)


def test_before_the_first_value_is_an_error(folder: Path) -> None:
    with pytest.raises(ParameterNotDatedError) as fault:
        load(folder, RULE).rules[0].bind(date(2023, 12, 31))
    assert (fault.value.rule, fault.value.parameter) == ("sample", "years")


@pytest.mark.parametrize(
    ("day", "is_valid"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_term_of_a_rule(folder: Path, day: date, is_valid: bool) -> None:
    book = load(folder, RULE)
    assert book.rules[0].is_valid(day) is is_valid
    if not is_valid:
        with pytest.raises(UnknownRuleError):
            book.rules_of("sample", day)


def test_two_rules_of_one_place_and_term_are_refused(folder: Path) -> None:
    load(folder, RULE)
    with pytest.raises(RuleError, match="same place and term"):
        load(folder, RULE, "second.yaml")
    later = RULE.replace("valid: {from: 2024-01-01, to: 2026-12-31}", "valid: {from: 2027-01-01, to: null}")
    assert len(load(folder, later, "second.yaml").rules) == 2
    placed = RULE.replace("opens: finding", 'opens: finding\nplace: "150522000000"')
    assert len(load(folder, placed, "second.yaml").rules) == 2


@pytest.mark.parametrize(
    ("code", "bounds"),
    [
        (None, None),
        ("000000000000", None),
        ("150000000000", ("15", "16")),
        ("150500000000", ("1505", "1506")),
        ("159900000000", ("1599", "159:")),
        ("150522000000", ("150522", "150523")),
        ("150522101000", ("150522101", "150522102")),
        ("150522101200", ("150522101200", "150522101201")),
    ],
)
def test_a_division_is_a_range(code: str | None, bounds: tuple[str, str] | None) -> None:
    assert division_range(code) == bounds


@pytest.mark.parametrize("code", ["", "1505", "15052210120X", "1505221012000", "150522101200 "])
def test_no_division(code: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        division_range(code)


def test_lies_within() -> None:
    assert lies_within("150522101200", "150522000000")
    assert lies_within("150522000000", "150522000000")
    assert lies_within("150522000000", None)
    assert not lies_within("150523000000", "150522000000")
    assert not lies_within("150500000000", "150522000000")
    assert not lies_within(None, "150522000000")


def test_the_house_s_rules_answer_their_cases() -> None:
    assert check_cases(Rulebook.load(RULES)) == []


def test_every_judging_rule_has_a_case_of_each_verdict_it_can_give() -> None:
    # What is not recorded is what they look for, or they count.
    never_unknown = {"work_place_missing", "job_details_missing", "organised_missing", "phone_missing_at_work"}
    never_unknown |= {"jobless_but_at_work", "missing_from_list", "several_public_posts"}
    never_unknown |= {"phone_of_other_households", "phone_of_other_counties", "job_ends_soon", "unemployed_at_work"}
    never_unknown |= {"mass_layoff"}
    for rule in (*Rulebook.load(RULES).signals(), *Rulebook.load(RULES).quality()):
        verdicts = {case["answer"]["verdict"] for case in rule.cases}
        assert verdicts == ({True, False} if rule.code in never_unknown else {True, False, "unknown"}), rule.code


def test_a_wrong_case_is_found(folder: Path) -> None:
    wrong = RULE.replace("given: {age: 61}", "given: {age: 12}").replace("given: {age: 60}", "given: {agge: 60}", 1)
    faults = check_cases(load(folder, wrong))
    assert [(fault.path, fault.line) for fault in faults] == [("cases[0]", 19), ("cases[1]", 22)]
    assert faults[0].reason == "gives {verdict: false}, not {verdict: true}"
    assert "cannot be run: RuleError" in faults[1].reason


def test_every_column_says_where_it_comes_from_and_every_measure_its_unit() -> None:
    lake = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    keys = {"person", "household", "leg", "case_", "family", "recorder", "town"}
    for view in load_views(RULES / "facts").values():
        for name, column in view.columns.items():
            assert set(column.comes_from) <= lake, f"{view.name}.{name}"
            measures = column.type in ("BIGINT", "DECIMAL(12,2)") and name not in keys
            assert (column.unit is not None) == measures, f"{view.name}.{name}"


def test_views_have_the_columns_that_they_document() -> None:
    views = load_views(RULES / "facts")
    with open_engine() as connection:
        for table in TABLES.values():
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            connection.rows(f"CREATE TEMP TABLE {table.name} ({columns})")
        for view in views.values():
            table = compute(connection, views, view.name, date(2026, 6, 30))
            described = connection.rows(f"DESCRIBE {table}")
            assert [row[:2] for row in described] == [(name, each.type) for name, each in view.columns.items()]
