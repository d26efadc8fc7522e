"""The console looks at the rules: faults by file and line in both languages, a rule in words, one tried out."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from tests.commands.conftest import ON, Home

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def nowhere(tmp_path) -> Home:
    """No register at all: rules can be looked at without one."""
    return Home(tmp_path / "nowhere", "")


@pytest.fixture
def draft(tmp_path) -> Path:
    return copytree(RULES, tmp_path / "rules")


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_rules_in_force_are_right(nowhere):
    assert nowhere.json("rules", "check") == []


def test_each_fault_is_named_by_file_line_and_reason(nowhere, draft, monkeypatch):
    spoil(draft, "signals/job_ended_no_next.yaml", "days_between(", "days_betwen(")
    spoil(draft, "quality/wage_out_of_range.yaml", "answer: {verdict: true}", "answer: {verdict: false}")
    done = nowhere.run("rules", "check", str(draft), "--json", expect=1)
    wage, job = json.loads(done.stdout)
    assert (job["file"], job["line"], job["path"]) == (
        "signals/job_ended_no_next.yaml", 17, "conditions.ended_recently.when",
    )  # fmt: skip
    assert job["reason"] == {"zh": "没有函数 days_betwen", "en": "no such function: days_betwen"}
    assert (wage["file"], wage["path"]) == ("quality/wage_out_of_range.yaml", "cases[0]")
    line = "signals/job_ended_no_next.yaml:17: conditions.ended_recently.when: 没有函数 days_betwen"
    assert line in nowhere.run("rules", "check", str(draft), expect=1).stdout
    monkeypatch.setenv("BANGFU_LANGUAGE", "en")
    assert "no such function" in nowhere.run("rules", "check", str(draft), expect=1).stdout


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "离岗后未再就业"), ("en", "Job ended and no next one")])
def test_a_rule_is_shown_in_words(nowhere, monkeypatch, language, words):
    monkeypatch.setenv("BANGFU_LANGUAGE", language)
    shown = nowhere.run("rules", "show", "job_ended_no_next").stdout
    assert words in shown
    assert "days_between(job_ended_on, day) <= :days" in shown
    assert nowhere.json("rules", "show", "I15")[0]["parameters"]["job_offers"][0]["value"] == 3


def test_what_cannot_be_asked_is_refused(nowhere, tmp_path):
    assert "no folder of rules" in nowhere.run("rules", "check", str(tmp_path), expect=1).stderr
    assert "no rule" in nowhere.run("rules", "show", "nonsense", expect=1).stderr
    assert "manifest.json" in nowhere.run("rules", "try", "wage_halved", "--on", ON, expect=1).stderr
    assert "bulletin" in nowhere.run("rules", "try", "I1", "--on", ON, expect=1).stderr
