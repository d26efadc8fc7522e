"""Ledgers of vacancies: the sample, each code on both sides of its boundary, repeats."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from bangfu.divisions.naming import DivisionIndex
from bangfu.employers.checking import POSTS, check_posts
from bangfu.intake.reading import read_ledger

ROOT = Path(__file__).parents[2]
ON = date(2026, 6, 30)
POST = {
    "单位名称": "某合成有限公司",
    "统一社会信用代码": "91350100M000100Y43",
    "岗位名称": "电工",
    "职业代码": "6-31-01-03",
    "招聘人数": "5",
    "月薪下限": "3900",
    "月薪上限": "5700",
    "工作省": "内蒙古自治区",
    "工作市": "鄂尔多斯市",
    "工作县": "鄂托克旗",
    "学历要求": "初中",
    "技能等级": "中级工",
    "年龄下限": "18",
    "年龄上限": "60",
    "任职要求": "身体健康,能适应倒班",
    "食宿": "包住",
    "缴纳社保": "否",
    "联系人": "王经理",
    "联系电话": "13800000000",
    "有效期至": "2026-08-11",
}


@pytest.fixture(scope="module")
def divisions():
    every = pl.read_parquet(ROOT / "bangfu" / "divisions" / "data" / "divisions.parquet")
    return DivisionIndex(every.filter(pl.col("level") <= 3).iter_rows())


@pytest.fixture
def posts(divisions):
    """Check vacancies that differ from POST as said; None takes a column away."""

    def check(*changes, register=None):
        rows = [{key: value for key, value in (POST | change).items() if value is not None} for change in changes]
        target = io.StringIO()
        writer = csv.DictWriter(target, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        sheets = read_ledger(target.getvalue().encode(), "f", POSTS)
        return check_posts(sheets, divisions, ON, register)

    return check


def codes(found, row=2):
    return found.rejected.get(f"f!{row}", []), found.warned.get(f"f!{row}", [])


def test_the_sample(divisions):
    folder = ROOT / "tests" / "ledgers"
    found = check_posts(read_ledger(folder / "posts.xlsx", "posts.xlsx", POSTS), divisions, ON)
    assert found.report() == json.loads((folder / "posts.xlsx.expected.json").read_text(encoding="utf-8"))


def test_a_good_row_gives_its_mended_values(posts):
    assert posts({}).rows.row(0, named=True) == {
        "row": "f!2",
        "uscc": "91350100M000100Y43",
        "employer": "某合成有限公司",
        "title": "电工",
        "requirements": "身体健康,能适应倒班",
        "lodging": "包住",
        "contact": "王经理",
        "occupation": "6-31-01-03",
        "headcount": 5,
        "wage_low": Decimal(3900),
        "wage_high": Decimal(5700),
        "place": "150624000000",
        "education": "junior",
        "level": 4,
        "age_low": 18,
        "age_high": 60,
        "insured": False,
        "phone": "13800000000",
        "valid_until": date(2026, 8, 11),
    }


@pytest.mark.parametrize(
    ("change", "rejected", "warned"),
    [
        ({}, [], []),
        ({"招聘人数": "1"}, [], []),
        ({"招聘人数": "0"}, ["headcount_invalid"], []),
        ({"招聘人数": "-1"}, ["headcount_invalid"], []),
        ({"招聘人数": "2.5"}, ["headcount_invalid"], []),
        ({"招聘人数": "若干"}, ["headcount_invalid"], []),
        ({"招聘人数": ""}, ["headcount_invalid"], []),
        ({"招聘人数": "1,000"}, [], []),
        ({"月薪下限": "5700"}, [], []),
        ({"月薪下限": "5701"}, ["wage_range_invalid"], []),
        ({"月薪下限": "0", "月薪上限": "0"}, ["wage_range_invalid"], []),
        ({"月薪下限": ""}, [], []),
        ({"月薪下限": "", "月薪上限": ""}, [], []),
        ({"月薪上限": "面议"}, [], ["number_invalid"]),
        ({"月薪下限": "3,900元"}, [], []),
        ({"统一社会信用代码": ""}, ["uscc_invalid"], []),
        ({"统一社会信用代码": "91350100M000100Y44"}, ["uscc_invalid"], []),
        ({"统一社会信用代码": " 91350100m000100y43"}, [], []),
        ({"任职要求": "限男性"}, ["discriminatory"], []),
        ({"任职要求": "男女不限,享受产假"}, [], []),
        ({"任职要求": ""}, [], []),
        ({"职业代码": ""}, [], []),
        ({"职业代码": "9-99-99-99"}, [], ["occupation_unknown"]),
        ({"职业代码": "0-01-01-01"}, [], ["occupation_unknown"]),
        ({"职业代码": "6-31-1-03"}, [], ["occupation_unknown"]),
        ({"职业代码": "6-31-01-031"}, [], ["occupation_unknown"]),
        ({"职业代码": "电工"}, [], ["occupation_unknown"]),
        ({"职业代码": "8-00-00-00"}, [], []),
        ({"有效期至": "2026-06-30"}, [], []),
        ({"有效期至": "2026-06-29"}, [], ["expired"]),
        ({"有效期至": "2026年6月"}, [], []),
        ({"有效期至": "2026年5月"}, [], ["expired"]),
        ({"有效期至": "长期"}, [], ["date_invalid"]),
        ({"有效期至": ""}, [], []),
        ({"工作县": "某某县"}, [], ["place_unknown"]),
        ({"联系电话": "010-12345678"}, [], ["phone_invalid"]),
        ({"联系电话": "无"}, [], []),
        ({"学历要求": "不限", "技能等级": "不限"}, [], []),
        ({"学历要求": "高中及以上"}, [], []),
        ({"学历要求": "很高"}, [], ["value_unknown"]),
        ({"年龄上限": "60岁"}, [], []),
        ({"年龄上限": "老"}, [], ["number_invalid"]),
        (
            {"招聘人数": "0", "任职要求": "女", "有效期至": "x"},
            ["discriminatory", "headcount_invalid"],
            ["date_invalid"],
        ),
    ],
)
def test_codes_of_one_row(posts, change, rejected, warned):
    assert codes(posts(change)) == (rejected, warned)


def test_a_month_alone_ends_with_its_last_day(posts):
    assert posts({"有效期至": "2028-02"}).rows["valid_until"].to_list() == [date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ({}, {}, ["duplicate_row"]),
        ({}, {"月薪下限": "3,900", "有效期至": "2026.8.11"}, ["duplicate_row"]),
        ({}, {"招聘人数": "6"}, []),
        ({}, {"工作县": "乌审旗"}, []),
        ({"任职要求": "限男"}, {"任职要求": "限男"}, []),
        ({"招聘人数": "0"}, {}, []),
    ],
)
def test_a_second_row(posts, first, second, warned):
    assert codes(posts(first, second), 3)[1] == warned


def test_a_vacancy_on_the_register_is_repeated_only_when_all_is_equal(posts):
    class Register:
        def __init__(self, **values):
            self.values = values

        def posts(self, usccs):
            assert usccs == ["91350100M000100Y43"]
            return {"91350100M000100Y43": [self.values]}

    same = {"title": "电工", "headcount": 5, "valid_until": date(2026, 8, 11)}
    assert posts({}, register=Register(**same)).warned == {"f!2": ["duplicate_row"]}
    assert posts({}, register=Register(**same | {"headcount": 4})).report()["accepted"] == 1


def test_the_reason_is_named(posts):
    (finding,) = posts({"任职要求": "限女性"}).findings
    assert (finding.column, finding.code, finding.parameters) == (
        "任职要求",
        "discriminatory",
        {"words": ["女"]},
    )
