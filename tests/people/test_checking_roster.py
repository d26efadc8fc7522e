"""Rosters: each code on both sides of its boundary, repeats and conflicts, the register."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bangfu.people.checking import EmptyRegister, Known


def codes(found, row=2):
    return found.rejected.get(f"f!{row}", []), found.warned.get(f"f!{row}", [])


def test_a_good_row_gives_its_mended_values(roster, number_of):
    found = roster({})
    assert found.report() == {"accepted": 1, "rejected": {}, "warned": {}}
    assert found.rows.to_dicts() == [
        {
            "row": "f!2",
            "id_number": number_of(),
            "sex": "female",
            "born_on": date(1986, 2, 14),
            "name": "乌云",
            "division": "150522203206",
            "household_no": "9905220000001",
            "relation": "户主",
            "ethnicity": "蒙古族",
            "risk": None,
            "education": "junior",
            "health": "healthy",
            "labour_capacity": "ordinary",
            "will_work": True,
            "will_train": False,
            "category": "lifted",
            "phone": "13800000000",
            "identified_on": date(2019, 3, 5),
            "identified_precision": "day",
            "income_per_head": Decimal("4500.00"),
            "age": Decimal("40.00"),
        }
    ]


@pytest.mark.parametrize(
    ("change", "rejected", "warned"),
    [
        ({"证件号码": "无"}, ["id_missing"], []),
        ({"证件号码": "9.90522E+17"}, ["id_precision_lost"], []),
        ({"证件号码": "990522860214002"}, ["id_old_15_digits"], []),
        ({"证件号码": "990522198602140020"}, ["id_checksum"], []),
        ({"姓名": ""}, ["name_invalid"], []),
        ({"姓名": "乌云1"}, ["name_invalid"], []),
        ({"姓名": "-乌云"}, ["name_invalid"], []),
        ({"行政村": "不存在的嘎查"}, ["division_unknown"], []),
        ({"行政村": ""}, ["division_unknown"], []),
        ({"县(市、区)": "某某县"}, ["division_unknown"], []),
        ({"乡镇": "某某镇"}, ["division_unknown"], []),
        ({"行政村": "公河来"}, [], []),
        ({"县(市、区)": "科左后旗", "市": ""}, [], []),
        ({"乡镇": "金宝屯镇", "行政村": "金宝屯"}, ["division_ambiguous"], []),
        ({"市": "", "县(市、区)": "和平区"}, ["division_ambiguous"], []),
        ({"性别": "男"}, [], ["sex_conflicts_id"]),
        ({"性别": ""}, [], []),
        ({"性别": "不详"}, [], ["value_unknown"]),
        ({"联系电话": "无"}, [], []),
        ({"联系电话": ""}, [], []),
        ({"联系电话": " 13800000000 "}, [], []),
        ({"联系电话": "1380000000"}, [], ["phone_invalid"]),
        ({"联系电话": "0475-8212345转"}, [], ["phone_invalid"]),
        ({"文化程度": "很高"}, [], ["value_unknown"]),
        ({"文化程度": " 初 中 "}, [], []),
        ({"健康状况": "无"}, [], ["value_unknown"]),
        ({"劳动技能": "弱劳动力或半劳动力"}, [], []),
        ({"就业意愿": "有"}, [], ["value_unknown"]),
        ({"户类型": "突发严重困难户"}, [], []),
        ({"户类型": "低保户"}, [], ["value_unknown"]),
        ({"识别(纳入)时间": "2020.13.45"}, [], ["date_invalid"]),
        ({"识别(纳入)时间": "2019年3月"}, [], []),
        ({"人均纯收入(元)": "4,500"}, [], []),
        ({"人均纯收入(元)": "4500元"}, [], []),
        ({"人均纯收入(元)": "四千"}, [], ["number_invalid"]),
        ({"年龄": "40岁"}, [], []),
        (
            {"姓名": "12345", "证件号码": "", "行政村": "x"},
            ["division_unknown", "id_missing", "name_invalid"],
            [],
        ),
        (
            {"行政村": "x", "联系电话": "1", "性别": "男"},
            ["division_unknown"],
            ["phone_invalid", "sex_conflicts_id"],
        ),
        ({"文化程度": "x", "健康状况": "y"}, [], ["value_unknown"]),
    ],
)
def test_codes_of_one_row(roster, change, rejected, warned):
    found = roster(change)
    assert codes(found) == (rejected, warned)
    assert found.accepted.to_list() == [not rejected]


def test_a_birth_date_ahead_is_no_birth_date(roster, number_of):
    for born, rejected in (("20260630", []), ("20260701", ["id_birthdate"]), ("20260231", ["id_birthdate"])):
        assert codes(roster({"证件号码": number_of(born=born)}))[0] == rejected


def test_a_disability_certificate_holds_the_id_number(roster, number_of):
    found = roster({"证件号码": number_of() + "43"})
    assert found.rows["id_number"].to_list() == [number_of()]
    assert found.accepted.all()


def test_a_month_alone_keeps_its_precision(roster):
    row = roster({"识别(纳入)时间": "2019-03"}).rows.row(0, named=True)
    assert (row["identified_on"], row["identified_precision"]) == (date(2019, 3, 1), "month")


def test_an_unusable_cell_stays_empty(roster):
    change = {"联系电话": "1", "文化程度": "x", "识别(纳入)时间": "x", "人均纯收入(元)": "x", "性别": "男"}
    row = roster(change).rows.row(0, named=True)
    assert [row[name] for name in ("phone", "education", "identified_on", "income_per_head")] == [None] * 4
    assert row["sex"] == "female"  # the ID number wins


def test_findings_say_where_what_and_how_to_mend(roster):
    found = roster({"证件号码": "990522860214002", "乡镇": "金宝屯镇", "行政村": "金宝屯"})
    by_code = {finding.code: finding for finding in found.findings}
    old = by_code["id_old_15_digits"]
    assert (old.row, old.column, old.cell) == ("f!2", "证件号码", "990522860214002")
    assert old.parameters["fix"][:17] == "99052219860214002"
    ambiguous = by_code["division_ambiguous"]
    assert ambiguous.column == "行政村"
    assert [name for _, name in ambiguous.parameters["candidates"]] == ["金宝屯社区居委会", "金宝屯村委会"]


def test_missing_columns_are_unknown_and_warn_of_nothing(roster):
    found = roster(dict.fromkeys(("联系电话", "文化程度", "识别(纳入)时间", "人均纯收入(元)", "性别", "市")))
    assert found.report() == {"accepted": 1, "rejected": {}, "warned": {}}
    assert found.rows["phone"].to_list() == [None]


@pytest.mark.parametrize(
    ("first", "second", "rejected", "warned"),
    [
        ({}, {}, [], ["duplicate_row"]),
        ({}, {"人均纯收入(元)": "4,500元"}, [], ["duplicate_row"]),
        ({}, {"姓名": "乌 云", "行政村": "公河来", "识别(纳入)时间": "2019.3.5"}, [], ["duplicate_row"]),
        ({"联系电话": "无"}, {"联系电话": ""}, [], ["duplicate_row"]),
        ({"性别": "男"}, {}, [], ["duplicate_row"]),
        ({}, {"人均纯收入(元)": "4501"}, [], ["duplicate_differs"]),
        ({}, {"行政村": "散都"}, [], ["duplicate_differs"]),
        ({}, {"联系电话": ""}, [], ["duplicate_differs"]),
        ({}, {"年龄": "41"}, [], ["duplicate_differs"]),
        ({}, {"文化程度": "很高"}, [], ["duplicate_differs", "value_unknown"]),
        ({}, {"行政村": "x"}, ["division_unknown"], ["duplicate_differs"]),
        ({"行政村": "x"}, {}, [], []),
        ({"姓名": ""}, {}, [], []),
        ({}, {"姓名": ""}, ["name_invalid"], []),
        ({"证件号码": "1"}, {"证件号码": "1"}, ["id_checksum"], []),
        ({}, {"姓名": "乌日"}, ["id_conflict"], []),
        ({}, {"姓名": "乌日", "联系电话": "1"}, ["id_conflict"], ["phone_invalid"]),
        ({"行政村": "x"}, {"姓名": "乌日"}, ["id_conflict"], []),
    ],
)
def test_a_second_row_with_the_same_number(roster, first, second, rejected, warned):
    assert codes(roster(first, second), 3) == (rejected, warned)


def test_the_first_row_that_is_not_rejected_stays(roster):
    found = roster({"行政村": "x"}, {"联系电话": ""}, {}, {"联系电话": ""})
    assert found.accepted.to_list() == [False, True, False, False]
    assert found.warned == {"f!4": ["duplicate_differs"], "f!5": ["duplicate_row"]}


def test_a_conflict_rejects_every_row_with_the_number_and_no_repeat_stands_beside_it(roster):
    found = roster({}, {}, {"姓名": "乌日"}, {"证件号码": "1"})
    assert found.rejected == {f"f!{row}": ["id_conflict"] for row in (2, 3, 4)} | {"f!5": ["id_checksum"]}
    assert found.warned == {}


def test_cells_of_unknown_columns_make_rows_differ_but_the_running_number_does_not(roster):
    assert roster({"序号": "1"}, {"序号": "2"}).warned == {"f!3": ["duplicate_row"]}
    assert roster({"备注": ""}, {"备注": "迁出"}).warned == {"f!3": ["duplicate_differs"]}


class Register(EmptyRegister):
    """A register with one person."""

    def __init__(self, known, key):
        self.known, self.key = known, key

    def persons(self, id_numbers):
        return {key: self.known for key in id_numbers if key == self.key}


SAME = {"education": "junior", "phone": "13800000000", "will_work": True, "risk": None}


@pytest.mark.parametrize(
    ("name", "values", "days_ago", "rejected", "warned", "accepted"),
    [
        ("乌云", SAME, 10, [], ["duplicate_row"], False),
        ("乌云", SAME, 0, [], ["duplicate_row"], False),
        ("乌云", SAME | {"education": "primary"}, 1, [], [], True),  # news
        ("乌云", SAME | {"education": "primary"}, 0, [], ["duplicate_differs"], False),
        ("乌云", SAME | {"education": "primary"}, -1, [], ["duplicate_differs"], False),
        ("乌云", SAME | {"phone": None}, 1, [], [], True),
        ("乌云", {}, 0, [], ["duplicate_row"], False),
        ("乌日", SAME, 10, ["id_conflict"], [], False),
    ],
)
def test_a_person_on_the_register(roster, number_of, on, name, values, days_ago, rejected, warned, accepted):
    register = Register(Known(name, on - timedelta(days=days_ago), values), number_of())
    found = roster({}, register=register)
    assert codes(found) == (rejected, warned)
    assert found.accepted.to_list() == [accepted]


def test_a_column_the_file_lacks_is_not_compared_with_the_register(roster, number_of, on):
    register = Register(Known("乌云", on, SAME | {"phone": "13900000000"}), number_of())
    assert roster({"联系电话": None}, register=register).warned == {"f!2": ["duplicate_row"]}


def test_news_is_repeated_within_the_file_only_once(roster, number_of, on):
    register = Register(Known("乌云", on - timedelta(days=1), SAME | {"education": "primary"}), number_of())
    found = roster({}, {}, {"文化程度": "高中"}, register=register)
    assert found.accepted.to_list() == [True, False, False]
    assert found.warned == {"f!3": ["duplicate_row"], "f!4": ["duplicate_differs"]}


def test_the_same_file_again_is_all_repeats(roster, number_of, on):
    first = roster({})
    values = {key: value for key, value in first.rows.row(0, named=True).items() if key not in ("row", "name")}
    again = roster({}, register=Register(Known("乌云", on, values), number_of()))
    assert again.report() == {"accepted": 0, "rejected": {}, "warned": {"f!2": ["duplicate_row"]}}


def test_a_wrong_id_number_is_not_looked_up(roster):
    class Refusing(EmptyRegister):
        def persons(self, id_numbers):
            assert id_numbers == []
            return {}

    roster({"证件号码": "1"}, {"证件号码": ""}, register=Refusing())
