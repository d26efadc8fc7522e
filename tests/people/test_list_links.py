"""Lines without ID numbers find their person, a reviewer, or nobody; never the wrong one by themselves."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.people.likeness import levels_met
from bangfu.people.list_links import COLUMNS, link_lines, linking_rule
from bangfu.people.names import sounds_of

VILLAGE, SAME_TOWN, SAME_COUNTY = "150522202211", "150522202210", "150522100201"
WUYUN = ("乌云其木格", "19860214", "female", VILLAGE)
RULE = {
    "on_register": 0.5, "population": 20_000, "rarest": 0.00001, "sure": 0.99, "lead": 50, "least": 0.1,
}  # fmt: skip


def table(*rows):
    """Rows (name, born, sex, place), their keys in their order from 1."""
    columns = list(zip(*rows, strict=True)) if rows else [[], [], [], []]
    sounds = [sounds_of(name)[0] for name in columns[0]]
    keys = list(range(1, len(rows) + 1))
    return pa.table([keys, columns[0], sounds, *columns[1:]], schema=COLUMNS)


def found(lines, register):
    rows = link_lines(table(*lines), table(*register), linking_rule()).to_dicts()
    return [(row["line"], row["person"], row["is_sure"]) for row in rows]


def test_the_rule_of_the_house_says_what_the_tests_assume():
    rule = linking_rule()
    assert {name: rule[name] for name in RULE} == RULE
    for levels in rule["comparisons"].values():
        for kind in ("m", "u"):
            assert sum(level[kind] for level in levels.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("line", "is_sure"),
    [
        (WUYUN, True),
        (("乌云其木格", "19860214", None, None), True),  # neither sex nor place is said
        (("乌云琪木格", "19860214", "female", VILLAGE), True),  # read alike
        (("乌云其木格", "19860214", "female", SAME_COUNTY), True),  # moved
        (("乌云其木格", "19860216", "female", VILLAGE), True),  # a wrong digit of a rare name
        (("乌云其木格", "19860216", "female", SAME_COUNTY), False),
        (("乌云其木格", "19860110", "female", VILLAGE), False),  # a day of the lunar calendar
        (("乌云其其格", "19860214", "female", VILLAGE), False),  # a twin has this name perhaps
        (("斯琴", "19860214", "female", VILLAGE), False),  # another name, but all else fits
        (("乌云其木格", "19860214", "male", VILLAGE), False),
    ],
)
def test_a_line_finds_its_person_or_a_reviewer(line, is_sure):
    assert found([line], [WUYUN, ("巴特尔", "19700101", "male", VILLAGE)]) == [(1, 1, is_sure)]


@pytest.mark.parametrize(
    "line",
    [
        ("斯琴", "19860214", "female", SAME_COUNTY),
        ("乌云其木格", "19750130", "female", SAME_COUNTY),
        ("乌云其其格", "19860314", "female", SAME_TOWN),
    ],
)
def test_who_is_too_little_alike_is_nobody(line):
    assert found([line], [WUYUN]) == []


def test_day_and_month_may_stand_the_other_way_round():
    assert found([("乌云", "19860302", None, VILLAGE)], [("乌云", "19860203", "female", VILLAGE)]) == [(1, 1, True)]


def test_two_who_fit_alike_are_both_shown_and_none_is_sure():
    twins = [("王伟", "19860214", "male", VILLAGE)] * 2
    assert found([("王伟", "19860214", "male", VILLAGE)], twins) == [(1, 1, False), (1, 2, False)]


def test_the_village_decides_between_two_of_one_name_and_birth():
    others = [("王伟", "19860214", "male", SAME_COUNTY), ("王伟", "19860214", "male", VILLAGE)]
    rows = found([("王伟", "19860214", "male", VILLAGE)], others)
    assert rows[0] == (1, 2, True)


def test_two_lines_that_say_otherwise_do_not_both_get_one_person():
    lines = [WUYUN, ("乌云其木格", "19860214", "female", SAME_TOWN)]
    assert found(lines, [WUYUN]) == [(1, 1, False), (2, 1, False)]


def test_a_common_name_says_less_than_a_rare_one():
    many = [("王伟", f"{1950 + n % 50}{1 + n % 12:02d}{1 + n % 28:02d}", "male", SAME_COUNTY) for n in range(600)]
    register = [*many, ("王伟", "19860216", "male", VILLAGE), ("端木赐", "19860216", "male", VILLAGE)]
    lines = [(name, "19860214", "male", SAME_TOWN) for name in ("王伟", "端木赐")]
    told = link_lines(table(*lines), table(*register), linking_rule())
    common = told.filter((told["line"] == 1) & (told["person"] == 601))
    rare = told.filter((told["line"] == 2) & (told["person"] == 602))
    assert rare["likelihood"].item() > max([0.0, *common["likelihood"]])


def test_no_more_candidates_are_shown_than_the_rule_says():
    register = [("王伟", "19860214", "male", f"{VILLAGE[:9]}{n:03d}") for n in range(201, 210)]
    assert len(found([("王伟", "19860214", "male", None)], register)) == linking_rule()["most_candidates"]


def test_the_levels_say_why():
    rule = linking_rule()
    (row,) = link_lines(table(("乌云琪木格", "19860216", None, SAME_TOWN)), table(WUYUN), rule).to_dicts()
    assert levels_met(row, rule) == {"name": "sound", "born": "close", "place": "town", "sex": "unknown"}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("乌云其木格", "same"), ("乌云琪木格", "sound"), ("乌云其其格", "one_character"), ("乌云其木", "one_character"),
        ("乌云高其木格", "one_character"), ("阿云其木格", "one_character"), ("乌云格其木", "other"), ("乌云", "other"),
    ],
)  # fmt: skip
def test_names_are_compared_by_their_characters(name, level):
    rule = linking_rule()
    (row,) = link_lines(table((name, *WUYUN[1:])), table(WUYUN), rule).to_dicts()
    assert levels_met(row, rule)["name"] == level


def test_two_characters_of_which_one_differs_are_two_names():
    rule = linking_rule()
    lines, register = table(("王芳", "19860214", "female", VILLAGE)), table(("王娜", "19860214", "female", VILLAGE))
    assert [levels_met(row, rule)["name"] for row in link_lines(lines, register, rule).to_dicts()] == ["other"]


def test_an_empty_side_finds_nobody():
    assert found([], [WUYUN]) == found([WUYUN], []) == []


names = st.sampled_from(["王伟", "王玮", "王芳", "乌云其木格", "乌云其其格", "斯琴"])
days = st.sampled_from(["19860214", "19860216", "19860412", "19700101"])
places = st.sampled_from([VILLAGE, SAME_TOWN, SAME_COUNTY, None])
people = st.lists(st.tuples(names, days, st.sampled_from(["male", "female"]), places), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(people, people)
def test_what_is_sure_is_one_to_one_and_never_of_another_name(lines, register):
    rule = linking_rule()
    rows = link_lines(table(*lines), table(*register), rule).to_dicts()
    sure = [row for row in rows if row["is_sure"]]
    assert len({row["line"] for row in sure}) == len({row["person"] for row in sure}) == len(sure)
    assert all(row["likelihood"] > 0.97 and levels_met(row, rule)["name"] in {"same", "sound"} for row in sure)
    for line in {row["line"] for row in rows}:
        assert sum(row["likelihood"] for row in rows if row["line"] == line) <= 1 + 1e-9
    assert rows == link_lines(table(*lines), table(*register), rule).to_dicts()
