"""A look through a whole folder of rules: every fault with its file, line and reason; and a rule tried out."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine, open_engine
from bangfu.rulebook.errors import UnknownRuleError
from bangfu.rulebook.evaluate import evaluate_signals
from bangfu.rulebook.survey import survey
from bangfu.rulebook.trial import Tally, try_rule
from tests.rulebook.lake_facts import DAY, fill_lake, random_facts
from tests.rulebook.test_loading import RULE as _ONE_TONGUE
from tests.rulebook.test_loading import RULES, folder

__all__ = ["folder"]
RULE = _ONE_TONGUE
for _number in ("a source", "notice 1", "notice 2"):
    RULE = RULE.replace(f'"{_number}"', f'{{zh: 通知, en: "{_number}"}}')


def faults(folder: Path, text: str = RULE, **more: str) -> list[tuple[str, int, str, str]]:
    for name, each in {"sample": text, **more}.items():
        (folder / "signals" / f"{name}.yaml").write_text(each, encoding="utf-8")
    return [(fault.file, fault.line, fault.path, fault.reason) for fault in survey(folder)]


def test_a_good_folder_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "reason"),
    [
        ("zh: 样例", "zh: Sample", 3, "name.zh", "holds no Chinese"),
        ("en: Sample", "en: 样例", 3, "name.en", "holds Chinese"),
        ('source: {zh: 通知, en: "a source"}', 'source: "通知 1"', 4, "source", "must be said in both languages"),
        ("zh: 年龄", "zh: age", 11, "conditions.old.zh", "holds no Chinese"),
        ("age >= :years", "agge >= :years", 11, "conditions.old.when", "the fact view has no column agge"),
        ("age >= :years", "age >= >= 1", 11, "conditions.old.when", "is not one SQL expression"),
        ("from: 2024-01-01, value", "from: 2024-02-30, value", 0, "", "is not readable YAML"),
        (
            "from: 2024-01-01, value", "from: 2024-01-02, value", 16, "parameters.years.values[0].from",
            "no value from 2024-01-01 to 2024-01-01, though the rule holds",
        ),
        (
            "to: 2026-12-31", "to: 2025-06-30", 17, "parameters.years.values[1].from",
            "begins after the rule has ended: the value never holds",
        ),
        ("to: 2026-12-31", "to: 2023-12-31", 5, "valid.to", "lies before the first day"),
        ("answer: {verdict: true}", "answer: {verdict: false}", 19, "cases[0]", "gives {verdict: true}, not {verdict: false}"),  # noqa: E501
        ("given: {age: 61}", "given: {agge: 61}", 19, "cases[0]", "cannot be run: RuleError: the fact view has no column agge"),  # noqa: E501
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(folder: Path, old: str, new: str, line: int, path: str, reason: str) -> None:
    assert old in RULE
    found = faults(folder, RULE.replace(old, new, 1))
    assert found[0] == ("signals/sample.yaml", line, path, reason)


def test_faults_of_several_files_are_all_named(folder: Path) -> None:
    found = faults(folder, RULE.replace("en: Sample", "en: 样例"), other=RULE.replace("kind: signal", "kind: thing"))
    assert [(file, path) for file, _line, path, _reason in found] == [
        ("signals/other.yaml", "kind"),
        ("signals/sample.yaml", "name.en"),
    ]


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        ("2026-12-31", [("valid", "signals/later.yaml holds in the same place and term")]),
        ("2027-01-01", []),
        ("2027-01-02", [("valid.from", "no rule of this code from 2027-01-01 to 2027-01-01")]),
    ],
)
def test_terms_of_a_code_neither_overlap_nor_leave_days_out(folder: Path, begins: str, told: list) -> None:
    later = RULE.replace("valid: {from: 2024-01-01, to: 2026-12-31}", f"valid: {{from: {begins}, to: null}}")
    later = later.replace("2025-07-01", "2027-06-01").replace("2025-06-30", "2027-05-31")
    found = faults(folder, later=later)
    assert [(path, reason) for file, _line, path, reason in found if path.startswith("valid")] == told
    assert all(line == 5 for _file, line, path, _reason in found if path.startswith("valid"))


def test_the_house_s_rules_have_no_fault() -> None:
    assert [str(fault) for fault in survey(RULES)] == []


@pytest.fixture
def lake() -> Iterator[Engine]:
    with open_engine() as connection:
        fill_lake(connection, random_facts(7, 400))
        yield connection


def test_a_rule_tried_out_finds_what_the_night_finds(lake: Engine) -> None:
    book = Rulebook.load(RULES)
    judged = evaluate_signals(lake, book, DAY)
    rows = judged.rows.to_pylist()
    for rule in book.signals():
        tallies = try_rule(lake, book, rule.code, DAY, 6)
        mine = [row for row in rows if row["code"] == rule.code]
        places = {(row["division"] or "")[:6] for row in mine}
        assert places <= set(tallies)
        for place, tally in tallies.items():
            verdicts = [row["verdict"] for row in mine if (row["division"] or "")[:6] == place]
            assert (tally.true, tally.unknown) == (verdicts.count(True), verdicts.count(None))
            assert tally.asked >= tally.true + tally.unknown
        opened = judged.unknown()
        total = Tally()
        for tally in tallies.values():
            total.add(tally)
        assert total.open == {name: number for (code, name), number in opened.items() if code == rule.code}
    with pytest.raises(UnknownRuleError):
        try_rule(lake, book, "no_such_rule", date(2026, 6, 30), 6)
