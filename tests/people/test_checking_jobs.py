"""Job ledgers: persons on the register, the first day, places, repeats."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bangfu.people.checking import EmptyRegister, Known

EMPTY = ("开始时间", "单位名称", "统一社会信用代码", "务工省", "务工市", "务工县")
WITHOUT = {"就业状态": "未就业"} | dict.fromkeys(EMPTY, "")


def codes(found, row=2):
    return found.rejected.get(f"f!{row}", []), found.warned.get(f"f!{row}", [])


def test_a_good_row_gives_its_mended_values(jobs, number_of):
    row = jobs({}).rows.row(0, named=True)
    assert (row["id_number"], row["name"], row["working"]) == (number_of(), "乌云", True)
    assert (row["place"], row["uscc"]) == ("150522000000", "91350100M000100Y43")
    assert (row["start"], row["start_precision"], row["end"]) == (date(2025, 3, 5), "day", None)
    assert (row["wage"], row["wage_floor"]) == (Decimal(4500), Decimal(5000))
    assert (row["organised"], row["will_work"], row["will_train"]) == (False, True, False)
    texts = ("form", "employer", "occupation", "channel", "wished_occupation", "reason", "wished_trade")
    assert [row[name] for name in texts] == [
        "单位就业",
        "某合成有限公司",
        "电工",
        "本地企业",
        "电工",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("change", "rejected", "warned"),
    [
        ({}, [], []),
        ({"姓名": "乌 云"}, [], []),
        ({"姓名": "乌日"}, ["name_mismatch"], []),
        ({"姓名": ""}, ["name_mismatch"], []),
        ({"证件号码": ""}, ["id_missing"], []),
        ({"证件号码": "990522860214002"}, ["id_old_15_digits"], []),
        ({"开始时间": ""}, ["start_missing"], []),
        ({"开始时间": "2026.13.02"}, ["start_invalid"], []),
        ({"开始时间": "不详"}, ["start_invalid"], []),
        ({"开始时间": "2026-06-30"}, [], []),
        ({"开始时间": "2026-07-01"}, ["start_in_future"], []),
        ({"开始时间": "2026年6月"}, [], []),
        ({"开始时间": "2026年7月"}, ["start_in_future"], []),
        (WITHOUT, [], []),
        (WITHOUT | {"开始时间": "2027-01-01"}, [], []),
        (WITHOUT | {"开始时间": "x"}, [], ["date_invalid"]),
        ({"就业状态": "待业", "开始时间": ""}, [], ["value_unknown"]),
        ({"结束时间": "x"}, [], ["date_invalid"]),
        ({"结束时间": "2026-05"}, [], []),
        ({"统一社会信用代码": "91350100M000100Y44"}, [], ["uscc_invalid"]),
        ({"统一社会信用代码": ""}, [], []),
        ({"统一社会信用代码": "91350100m000100y43 "}, [], []),
        ({"务工县": "某某县"}, [], ["place_unknown"]),
        ({"务工市": "", "务工县": ""}, [], ["place_unknown"]),
        ({"务工省": "", "务工市": "", "务工县": ""}, [], []),
        ({"务工省": "天津市", "务工市": "天津市", "务工县": "和平区"}, [], []),
        ({"务工省": "北京市", "务工市": "市辖区", "务工县": "顺义区"}, [], []),
        ({"务工省": "", "务工市": "", "务工县": "和平区"}, [], ["place_unknown"]),
        ({"务工省": "广东省", "务工市": "东莞市", "务工县": "东莞市"}, [], []),
        ({"月收入(元)": "4千5"}, [], ["number_invalid"]),
        ({"月收入(元)": "4,500元"}, [], []),
        ({"月收入(元)": "-1"}, [], ["number_invalid"]),
        ({"期望月薪": "面议"}, [], ["number_invalid"]),
        ({"是否点对点输送": "不清楚"}, [], ["value_unknown"]),
        (
            {"姓名": "乌日", "开始时间": "", "务工县": "某县"},
            ["name_mismatch", "start_missing"],
            ["place_unknown"],
        ),
    ],
)
def test_codes_of_one_row(jobs, change, rejected, warned):
    assert codes(jobs(change)) == (rejected, warned)


def test_somebody_who_is_not_on_the_register(jobs, number_of):
    assert codes(jobs({"证件号码": number_of(4)})) == (["person_unknown"], [])
    assert codes(jobs({}, register=EmptyRegister())) == (["person_unknown"], [])


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ({}, {}, ["duplicate_row"]),
        ({}, {"开始时间": "2025年3月5日", "月收入(元)": "4,500"}, ["duplicate_row"]),
        ({}, {"月收入(元)": "4600"}, ["duplicate_differs"]),
        ({}, {"开始时间": "2025-03-06"}, []),  # another job
        ({"开始时间": "2025-03-01"}, {"开始时间": "2025-03"}, ["duplicate_differs"]),
        ({}, WITHOUT, []),
        (WITHOUT, WITHOUT, ["duplicate_row"]),
        (WITHOUT, WITHOUT | {"未就业原因": "缺技能"}, ["duplicate_differs"]),
        ({"姓名": "乌日"}, {}, []),
        ({"证件号码": "1"}, {"证件号码": "1"}, []),
        ({"开始时间": ""}, {"开始时间": ""}, []),
        ({"开始时间": "x"}, WITHOUT, []),
        ({"开始时间": "2026-07-01"}, {"开始时间": "2026-07-01"}, []),
    ],
)
def test_a_second_row_of_the_same_person(jobs, first, second, warned):
    assert codes(jobs(first, second), 3)[1] == warned


class Register(EmptyRegister):
    """A register with one person and one job."""

    def __init__(self, key, start, known):
        self.key, self.start, self.known = key, start, known

    def names(self, id_numbers):
        return {key: self.known.name for key in id_numbers if key == self.key}

    def jobs(self, id_numbers):
        return {(key, self.start): self.known for key in id_numbers if key == self.key}


@pytest.mark.parametrize(
    ("start", "wage", "days_ago", "warned", "accepted"),
    [
        (date(2025, 3, 5), 4500, 0, ["duplicate_row"], False),
        (date(2025, 3, 5), 4500, 9, ["duplicate_row"], False),
        (date(2025, 3, 5), 4400, 1, [], True),
        (date(2025, 3, 5), 4400, 0, ["duplicate_differs"], False),
        (date(2025, 3, 4), 4500, 0, [], True),
        (None, 4500, 0, [], True),
    ],
)
def test_a_job_on_the_register(jobs, number_of, on, start, wage, days_ago, warned, accepted):
    known = Known("乌云", on - timedelta(days=days_ago), {"wage": Decimal(wage)})
    found = jobs({}, register=Register(number_of(), start, known))
    assert codes(found) == ([], warned)
    assert found.accepted.to_list() == [accepted]


def test_a_person_without_work_is_on_file_under_no_day(jobs, number_of, on):
    known = Known("乌云", on, {"reason": None})
    assert codes(jobs(WITHOUT, register=Register(number_of(), None, known)))[1] == ["duplicate_row"]
    known = Known("乌云", on, {"reason": "缺技能"})
    assert codes(jobs(WITHOUT, register=Register(number_of(), None, known)))[1] == ["duplicate_differs"]


def test_columns_that_are_not_there_are_unknown(jobs):
    found = jobs(dict.fromkeys(("月收入(元)", "务工省", "务工市", "务工县", "统一社会信用代码", "结束时间")))
    assert found.report() == {"accepted": 1, "rejected": {}, "warned": {}}
    assert found.rows["wage"].to_list() == [None]
