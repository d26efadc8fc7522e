"""Wordings on the edge of the ledger contract that a seeded file would rarely hit."""

import io

import polars as pl
import pytest
import xlsxwriter

from bangfu.core.identity import check_column, problem
from bangfu.employers.fairness import is_discriminatory
from bangfu.intake.reading import BadLedger, read_ledger
from bangfu.people.checking import ROSTER
from tests.ledgers_reference.generator import ON, identity

HEADER = ["序号", "县(市、区)", "乡镇", "行政村", "姓名", "证件号码", "性别", "人均纯收入(元)"]
ROW = [1, "科尔沁左翼后旗", "散都苏木", "公河来村委会", "乌云", identity("19860214", 2), "女", 4500]


def workbook(**sheets):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return target.getvalue()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("9.90522199001011E+17", "id_precision_lost"),  # twenty characters, and no disability certificate
        ("9.9052219900101E+17", "id_precision_lost"),
        (identity("19900101", 1) + "43", None),
        (identity("00000101", 1), "id_birthdate"),
        (identity("20260630", 1), None),
        (identity("20260701", 1), "id_birthdate"),
    ],
)
def test_id_numbers(typed, code):
    assert problem(typed, ON) == code
    assert check_column(pl.Series([typed]), ON, [False])["problem"][0] == code


@pytest.mark.parametrize(
    ("line", "is_row"),
    [
        (["合计", "", "", "", "", "", "", ""], False),
        (["合计", "", "", "", "", "", "", 31], False),
        (["", "", "", "", "小计", "", "", 31], False),
        ([9, "", "", "", "小计", "", "", 31], False),  # the running number does not count
        (["", "合计", "", "", 12, "", "", 31], True),
        ([9, "", "", "", "", "", "", ""], False),
        ([" ", "", "", "", "　", "", "", ""], False),
        (["", "", "", "", "乌云", "", "", 31], True),
    ],
)
def test_what_is_a_row(line, is_row):
    (sheet,) = read_ledger(workbook(S=[HEADER, ROW, line, ROW]), "a.xlsx", ROSTER)
    assert sheet.numbers == ((2, 3, 4) if is_row else (2, 4))


SUMMARY = ["县(市、区)", "乡镇", "行政村", "户数", "人数", "务工人数"]
FIGURES = ["科尔沁左翼后旗", "散都苏木", "公河来村委会", 12, 31, 17]


@pytest.mark.parametrize("header", [SUMMARY, SUMMARY[1:2] + SUMMARY[3:] + ["务工率", "备注"]])
def test_a_summary_beside_the_ledger_is_passed_over(header):
    content = workbook(花名册=[HEADER, ROW], 汇总=[["汇总表"], header, FIGURES, FIGURES])
    assert [sheet.name for sheet in read_ledger(content, "a.xlsx", ROSTER)] == ["花名册"]


@pytest.mark.parametrize("left_out", [{"证件号码"}, {"证件号码", "姓名"}])
def test_a_sheet_of_persons_is_not(left_out):
    """Neither a sheet without the numbers, nor one whose numbers stand under an unknown name."""
    header = [f"{label}?" if label in left_out else label for label in HEADER]
    content = workbook(花名册=[HEADER, ROW], 乙=[header, ROW])
    with pytest.raises(BadLedger) as failure:
        read_ledger(content, "a.xlsx", ROSTER)
    assert failure.value.code == "columns_missing"


def test_a_summary_alone_is_no_ledger():
    with pytest.raises(BadLedger) as failure:
        read_ledger(workbook(汇总=[SUMMARY, FIGURES]), "a.xlsx", ROSTER)
    assert failure.value.code == "columns_missing"


@pytest.mark.parametrize(
    ("words", "is_unfair"),
    [
        ("限男女各半", True),
        ("不得歧视女性", False),
        ("不得歧视女性,男性优先", True),
        ("少数民族补贴", False),
        ("少数民族优先,有补贴", True),
    ],
)
def test_fairness(words, is_unfair):
    assert is_discriminatory(words) is is_unfair
