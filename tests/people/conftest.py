"""Rosters and job ledgers written as short rows, and the real divisions of one county."""

import csv
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bangfu.core.identity import check_character
from bangfu.divisions.naming import DivisionIndex
from bangfu.intake.reading import read_ledger
from bangfu.people.checking import JOBS, ROSTER, EmptyRegister, check_jobs, check_roster

ROOT = Path(__file__).parents[2]
DATA = ROOT / "bangfu" / "divisions" / "data"
ON = date(2026, 6, 30)
PERSON = {
    "市": "通辽市",
    "县(市、区)": "科尔沁左翼后旗",
    "乡镇": "散都苏木",
    "行政村": "公河来村委会",
    "户编号": "9905220000001",
    "姓名": "乌云",
    "性别": "女",
    "证件号码": "",
    "年龄": "40",
    "与户主关系": "户主",
    "民族": "蒙古族",
    "文化程度": "初中",
    "健康状况": "健康",
    "劳动技能": "普通劳动力",
    "就业意愿": "是",
    "培训意愿": "否",
    "联系电话": "13800000000",
    "户类型": "脱贫户",
    "识别(纳入)时间": "2019-03-05",
    "致(返)贫风险": "",
    "人均纯收入(元)": "4500",
}
JOB = {
    "姓名": "乌云",
    "证件号码": "",
    "就业状态": "已就业",
    "就业形式": "单位就业",
    "务工省": "内蒙古自治区",
    "务工市": "通辽市",
    "务工县": "科尔沁左翼后旗",
    "单位名称": "某合成有限公司",
    "统一社会信用代码": "91350100M000100Y43",
    "岗位(工种)": "电工",
    "开始时间": "2025-03-05",
    "结束时间": "",
    "月收入(元)": "4500",
    "就业渠道": "本地企业",
    "是否点对点输送": "否",
    "就业意愿": "是",
    "意向岗位": "电工",
    "期望月薪": "5000",
    "未就业原因": "",
    "培训意愿": "否",
    "意向工种": "",
}


def number(sequence=2, born="19860214"):
    """A good ID number; an even sequence is a woman's."""
    body = f"990522{born}{sequence:03}"
    return body + check_character(body)


PERSON["证件号码"] = JOB["证件号码"] = number()


@pytest.fixture(scope="session")
def divisions():
    every = pl.read_parquet(DATA / "divisions.parquet")
    near = every.filter((pl.col("level") <= 3) | pl.col("code").str.starts_with("150522"))
    with (DATA / "aliases.csv").open(encoding="utf-8") as file:
        return DivisionIndex(near.iter_rows(), [(row["alias"], row["code"]) for row in csv.DictReader(file)])


def table(rows):
    """A CSV of these rows; a column that no row has is left out."""
    target = io.StringIO()
    fields = list(dict.fromkeys(field for row in rows for field in row))
    writer = csv.DictWriter(target, fields)
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue().encode()


@pytest.fixture
def roster(divisions):
    """Check a roster of rows that differ from PERSON as said; None takes a cell's column away."""

    def check(*changes, register=None, on=ON):
        rows = [{key: value for key, value in (PERSON | change).items() if value is not None} for change in changes]
        return check_roster(read_ledger(table(rows), "f", ROSTER), divisions, register or EmptyRegister(), on)

    return check


class OneWoman(EmptyRegister):
    """A register with the person of JOB."""

    def names(self, id_numbers):
        return {key: "乌云" for key in id_numbers if key == number()}


@pytest.fixture
def jobs(divisions):
    """The same for job ledgers, against a register that knows the person of JOB."""

    def check(*changes, register=None, on=ON):
        rows = [{key: value for key, value in (JOB | change).items() if value is not None} for change in changes]
        return check_jobs(read_ledger(table(rows), "f", JOBS), divisions, register or OneWoman(), on)

    return check


@pytest.fixture(scope="session")
def number_of():
    return number


@pytest.fixture(scope="session")
def on():
    return ON
