"""Reading ledgers: the header wherever it stands, rows named as the clerk sees them, merged cells."""

from datetime import date
from pathlib import Path

import pytest

from bangfu.intake.reading import read_ledger
from bangfu.intake.tables import text_of
from tests.intake.ledger_files import COLUMNS, HEADER, ROW, ods_row, opendocument, text, workbook


def read(content, name="a.xlsx"):
    return read_ledger(content, name, COLUMNS)


def test_title_and_blank_rows_count_in_the_row_numbers():
    rows = [["花名册", "", "", "", ""], [], [], HEADER, ROW, [], ROW]
    (sheet,) = read(workbook(("名册", rows, [(0, 0, 0, 4)])))
    assert sheet.header_row == 4
    assert sheet.row_names == ["名册!5", "名册!7"]


def test_leading_empty_rows_are_not_dropped():
    (sheet,) = read(workbook(("S", [[], [], [], [], [], HEADER, ROW], [])))
    assert (sheet.header_row, sheet.numbers) == (6, (7,))


def test_leading_empty_columns_do_not_matter():
    (sheet,) = read(workbook(("S", [["", "", *HEADER], ["", "", *ROW]], [])))
    assert sheet.column("name") == ["乌云"]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("姓\u3000名", "name"),
        ("成员 姓名", "name"),
        ("*姓名", "name"),
        ("姓名：", "name"),
        ("姓\n名", "name"),
        ("人均纯收入（元）", "income"),
        ("人均纯收入(元)", "income"),
        ("人均纯收入", "income"),
        ("人均纯收入(万元)", "income"),
        ("县（市、区）", "county"),
        ("识别（纳入）时间", "joined_on"),
        ("姓名拼音", None),
        ("", None),
        (1.0, None),
    ],
)
def test_column_names(label, field):
    assert COLUMNS.field_of(label) == field


def test_columns_in_any_order_with_unknown_ones_kept_for_the_clerk():
    header = ["备注", "身份证号", "姓 名", "性别"]
    (sheet,) = read(workbook(("S", [header, ["x", "990522199602143056", "乌云", "女"]], [])))
    assert sheet.fields == (None, "id_number", "name", "sex")
    assert sheet.label("name") == "姓 名"
    assert dict(sheet.raw_rows({"S!2"}))["S!2"] == {
        "备注": "x",
        "身份证号": "990522199602143056",
        "姓 名": "乌云",
        "性别": "女",
    }


def test_the_second_column_of_one_name_is_unknown():
    (sheet,) = read(workbook(("S", [[*HEADER, "成员姓名"], [*ROW, "别人"]], [])))
    assert sheet.column("name") == ["乌云"]
    assert sheet.fields[5] is None
    assert dict(sheet.raw_rows({"S!2"}))["S!2"]["成员姓名"] == "别人"


def test_a_merged_cell_holds_for_all_rows_it_covers():
    rows = [HEADER, [1, "甲", "1", "男", "H1"], [2, "乙", "2", "女", ""], [3, "丙", "3", "女", ""], ROW]
    (sheet,) = read(workbook(("S", rows, [(1, 4, 3, 4)])))
    assert sheet.column("household_no") == ["H1", "H1", "H1", "9905220000001"]


def test_a_row_that_only_a_merged_cell_covers_is_blank():
    rows = [HEADER, [1, "甲", "1", "男", "H1"], ["", "", "", "", ""], ROW]
    (sheet,) = read(workbook(("S", rows, [(1, 4, 2, 4)])))
    assert sheet.numbers == (2, 4)


def test_numbers_stay_apart_from_text_and_dates_are_dates():
    header = ["姓名", "证件号码", "性别", "识别(纳入)时间"]
    rows = [
        header,
        ["甲", 990522199602143056, "男", date(2020, 5, 9)],
        ["乙", "990522199602143056", "女", "2020.05.09"],
    ]
    (sheet,) = read(workbook(("S", rows, [])))
    assert [type(cell) for cell in sheet.column("id_number")] == [float, str]
    assert sheet.column("joined_on") == [date(2020, 5, 9), "2020.05.09"]
    assert dict(sheet.raw_rows({"S!2"}))["S!2"]["识别(纳入)时间"] == "2020-05-09"


@pytest.mark.parametrize(
    ("row", "is_row"),
    [
        (["", "小计", "", "", ""], False),
        (["", "合 计", 12, "", ""], False),
        (["填报人:        审核人:", "", "", "", ""], False),
        (["", "", "", "审核人:某", ""], False),
        ([605, "", "", "", ""], False),  # only the running number
        (["", " ", "\u3000", "", ""], False),
        (["合计", 12, 3456, "", ""], True),  # three filled cells are a row
        (["", "乌云", "", "", ""], True),
        (["", "", "", "", "H1"], True),
    ],
)
def test_what_is_no_row(row, is_row):
    (sheet,) = read(workbook(("S", [HEADER, ROW, row, ROW], [])))
    assert sheet.numbers == ((2, 3, 4) if is_row else (2, 4))


def test_sheets_may_have_different_headers_and_empty_ones_are_passed_over():
    other = ["性别", "身份证号", "成员姓名"]
    sheets = read(
        workbook(
            ("甲镇", [HEADER, ROW], []),
            ("Sheet2", [], []),
            ("乙镇", [["标题"], other, ["男", "1", "乙"]], []),
            ("说明", [["填表说明"], ["一、每人一行"]], []),
            ("只有表头", [HEADER], []),
        )
    )
    assert [sheet.row_names for sheet in sheets] == [["甲镇!2"], ["乙镇!3"]]


def test_a_hidden_list_for_drop_down_boxes_is_passed_over():
    lists = [["男", "小学", "健康", "是", "脱贫户"], ["女", "初中", "残疾", "否", "边缘易致贫户"]]
    content = workbook(("S", [HEADER, ROW], []), ("字典", lists, []), hidden="字典")
    assert [sheet.name for sheet in read(content)] == ["S"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_rare_characters_survive_every_encoding(encoding):
    rows = [
        HEADER,
        [1, "王䶮", "990522199602143056", "男", "1"],
        [2, "李𠅤", "99052219960214305X", "男", "1"],
    ]
    (sheet,) = read(text(*rows, encoding=encoding), "a.csv")
    assert sheet.column("name") == ["王䶮", "李𠅤"]
    assert sheet.row_names == ["a.csv!2", "a.csv!3"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter, end):
    (sheet,) = read(text(HEADER, ROW, ROW, delimiter=delimiter, end=end), "a.csv")
    assert sheet.numbers == (2, 3)


def test_a_record_is_named_by_the_line_it_begins_on():
    rows = [HEADER, [1, "甲\n乙", "1", "男", "1"], [], ROW]
    (sheet,) = read(text(*rows, end="\r\n"), "a.csv")
    assert sheet.numbers == (2, 5)
    assert sheet.column("name") == ["甲\n乙", "乌云"]


def test_a_title_above_the_header_of_a_text_table():
    (sheet,) = read(text(["花名册"], [], HEADER, ROW, ["小计"]), "某县.csv")
    assert (sheet.header_row, sheet.row_names) == (3, ["某县.csv!4"])


def test_the_name_of_the_folder_is_not_part_of_a_row_name():
    (sheet,) = read(text(HEADER, ROW), "upload/a.csv")
    assert sheet.row_names == ["a.csv!2"]


def test_a_path_is_read_too(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(text(HEADER, ROW))
    assert read_ledger(path, "a.csv", COLUMNS)[0].row_names == ["a.csv!2"]


def test_a_workbook_is_known_by_its_content_not_its_name():
    assert read(workbook(("S", [HEADER, ROW], [])), "a.csv")[0].row_names == ["S!2"]


def test_an_old_workbook_with_merged_cells_and_leading_empty_rows():
    (sheet,) = read_ledger(Path(__file__).parent / "old.xls", "old.xls", COLUMNS)
    assert sheet.row_names == ["甲镇!4", "甲镇!5", "甲镇!6"]
    assert sheet.column("household_no") == ["H1", "H1", "H1"]
    assert [text_of(cell) for cell in sheet.column("joined_on")] == ["2020-05-09"] * 3
    assert [type(cell) for cell in sheet.column("id_number")] == [str, str, float]


def test_an_opendocument_with_merged_cells_and_leading_empty_rows():
    empty = ods_row(("", 'table:number-columns-repeated="4"'), attributes='table:number-rows-repeated="2"')
    rest = ods_row(("", 'table:number-columns-repeated="16384"'), attributes='table:number-rows-repeated="1048000"')
    rows = [
        ods_row("姓名", "证件号码", "性别", "户编号"),
        ods_row("甲", "1", "男", ("H1", 'table:number-rows-spanned="2"')),
        ods_row("乙", "2", "男", ""),
        ods_row("丙", "3", "男", "H2"),
    ]
    (sheet,) = read(opendocument(empty + "".join(rows) + rest), "a.ods")
    assert sheet.numbers == (4, 5, 6)
    assert sheet.column("household_no") == ["H1", "H1", "H2"]
