"""Mapping files of outside lists: what the loader takes and refuses, and when a list is too short."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.feed_kinds import load_completeness, load_feed_kinds, read_feed_kinds
from bangfu.rulebook.survey import survey

RULES = Path(__file__).parents[2] / "rules"
SAMPLE = """\
code: sample
name: {zh: 样例名单, en: Sample}
sender: {zh: 某部门, en: An office}
source: {zh: 通知, en: A notice}
tells: {zh: 说明, en: Something}
about: person
period: month
due: {every: month, days: 10, source: {zh: 通知, en: A notice}}
encodings: [utf-8]
columns:
  id_number: {type: id_number, required: true, headings: [身份证号], name: {zh: 身份证号, en: ID number}}
  status: {type: code, headings: [状态], codes: {inside: ["1", 在], outside: ["2"]}, name: {zh: 状态, en: State}}
words:
  inside: {zh: 在, en: is inside}
  outside: {zh: 否, en: is outside}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copytree(RULES / "facts", tmp_path / "facts")
    (tmp_path / "feeds").mkdir()
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "feeds" / "sample.yaml").write_text(text, encoding="utf-8")


def test_the_kinds_of_the_house_are_right_and_complete() -> None:
    kinds = load_feed_kinds(RULES)
    assert {"social_insurance", "business_registration", "employment_registration", "tax_wage"} < kinds.keys()
    assert {"school", "disability", "death", "living_allowance", "workshop_roster", "medical_expense"} < kinds.keys()


def test_a_mapping_file_is_read(folder: Path) -> None:
    write(folder, SAMPLE)
    kind = load_feed_kinds(folder)["sample"]
    assert kind.headings == {"id_number": ("身份证号",), "status": ("状态",)}
    assert kind.required == {"id_number"}
    assert kind.columns[1].codes == {"1": "inside", "在": "inside", "2": "outside"}
    assert kind.words["outside"]["en"] == "is outside"
    assert kind.due.months == 1
    assert survey(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "reason"),
    [
        ("code: sample", "code: Sample", 1, "code", "must be small letters, digits and underscores"),
        ("code: sample", "code: other", 1, "code", "differs from the name of the file"),
        ("period: month", "period: week", 7, "period", "must be one of month, day"),
        ("about: person", "about: unit", 10, "columns", "must hold uscc, required"),
        (", required: true", "", 10, "columns", "must hold id_number, required, or name and born_on"),
        ("type: code", "type: money", 12, "columns.status.type", "must be one of code"),
        ("  status: {", "  colour: {", 12, "columns.colour", "must be one of id_number, uscc, month, begins_on, ends_on, amount, number, status, detail, name, born_on, sex, place"),  # noqa: E501
        ("[状态]", "[身份证号]", 12, "columns.status", "身份证号 stands for two columns"),
        ("[状态]", "[]", 12, "columns.status.headings", "is missing"),
        ('outside: ["2"]', 'outside: ["1"]', 12, "columns.status.codes.outside", "1 stands for two codes"),
        ("days: 10", "days: 0", 8, "due.days", "must lie between 1 and 365"),
        ("[utf-8]", "[big5]", 9, "encodings", "must be one of utf-8, gb18030"),
        ("  outside: {zh: 否, en: is outside}\n", "", 14, "words.outside", "is missing"),
        ("tells:", "says:", 1, "tells", "is missing"),
        ("period: month", "period: month\nextra: 1", 8, "", "unknown key: extra"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_key_and_reason(
    folder: Path, old: str, new: str, line: int, path: str, reason: str
) -> None:
    assert old in SAMPLE
    write(folder, SAMPLE.replace(old, new, 1))
    faults = read_feed_kinds(folder)[1]
    told = [(fault.file, fault.line, fault.path, fault.reason) for fault in faults]
    assert told == [("feeds/sample.yaml", line, path, reason)]
    with pytest.raises(RuleError):
        load_feed_kinds(folder)


def test_the_survey_of_the_rules_looks_at_the_words_too(folder: Path) -> None:
    write(folder, SAMPLE.replace("en: is inside", "en: 在"))
    told = [(fault.file, fault.line, fault.path, fault.reason) for fault in survey(folder)]
    assert told == [("feeds/sample.yaml", 14, "words.inside.en", "holds Chinese")]


@pytest.mark.parametrize(
    ("lines", "before", "short"),
    [
        (67, 100, False),
        (66, 100, True),
        (200, 300, True),
        (201, 300, False),
        (0, 1, True),
        (5, 0, False),
        (9, 8, False),
    ],
)
def test_a_list_is_short_that_lost_a_third(lines: int, before: int, short: bool) -> None:
    assert load_completeness(RULES).is_short(lines, before, date(2026, 6, 30)) is short


def test_before_its_first_day_the_rule_says_nothing() -> None:
    assert not load_completeness(RULES).is_short(1, 100, date(2020, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("lost: 1", "lost: 4", "held[0].lost"),
        ("lost: 1", "lost: x", "held[0].lost"),
        ("bad_lines_kept", "kept", "bad_lines_kept"),
    ],
)
def test_a_wrong_rule_of_completeness_is_refused(folder: Path, old: str, new: str, path: str) -> None:
    text = (RULES / "weights" / "feeds.yaml").read_text(encoding="utf-8")
    (folder / "weights").mkdir()
    (folder / "weights" / "feeds.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleError) as refused:
        load_completeness(folder)
    assert refused.value.path == path
    assert [fault.path for fault in survey(folder)] == [path]
