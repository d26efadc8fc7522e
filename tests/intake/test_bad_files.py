"""Files that cannot be used: each has its own code, and nothing of them is read."""

import io
import struct
import zipfile

import pytest

from bangfu.intake.failures import CODES, BadLedger
from bangfu.intake.reading import Columns, Limits, decode_text, read_ledger
from tests.intake.ledger_files import COLUMNS, HEADER, ROW, ods_row, opendocument, text, workbook

GOOD = workbook(("S", [HEADER, *[ROW] * 50], []))


def code_of(content, name="a.xlsx", columns=COLUMNS, limits=None):
    with pytest.raises(BadLedger) as caught:
        read_ledger(content, name, columns, limits)
    assert caught.value.code in CODES
    return caught.value.code, caught.value.parameters


def zipped(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def repacked(change):
    """The good workbook with its first sheet's XML changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == "xl/worksheets/sheet1.xml" else content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.xlsx"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.csv"),
        (b"%PDF-1.7\n1 0 obj", "a.csv"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls"),
        (b"  <!DOCTYPE html><html></html>", "a.csv"),
        (text(HEADER, ROW), "a.xlsx"),
        (zipped(word__document_xml="x"), "a.xlsx"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "a.ods"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096) + "WordDocument".encode("utf-16-le"), "a.xls"),
        ("姓名,证件号码,性别\n甲\x00,1,男\n".encode(), "a.csv"),
    ],
)
def test_wrong_type(content, name):
    assert code_of(content, name)[0] == "wrong_type"


def test_an_encrypted_workbook():
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    assert code_of(container)[0] == "encrypted_workbook"


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * (40 << 20)))
    assert len(bomb) < 1 << 20
    code, parameters = code_of(bomb)
    assert code == "zip_bomb"
    assert parameters["unpacked"] < 20 << 20


def test_a_zip_bomb_that_lies_about_its_size():
    bomb = bytearray(repacked(lambda sheet: sheet.replace(b"<sheetData>", b"<sheetData>" + b" " * (40 << 20))))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    true_size = struct.pack("<I", entry.file_size)
    lying = bytes(bomb).replace(true_size, struct.pack("<I", 100))
    assert lying != bytes(bomb)
    assert code_of(lying)[0] == "zip_bomb"


def test_the_whole_file_counts_for_the_unpacked_size():
    assert code_of(GOOD, limits=Limits(unpacked_bytes=2000))[0] == "zip_bomb"
    assert code_of(GOOD, limits=Limits(entries=3))[0] == "zip_bomb"


@pytest.mark.parametrize("cell", [b"XFD1048576", b"ZZ100000", b"BA999999"])
def test_cells_far_apart_are_refused(cell):
    row = b'<row r="1048576"><c r="' + cell + b'"><v>1</v></c></row></sheetData>'
    code, parameters = code_of(repacked(lambda sheet: sheet.replace(b"</sheetData>", row)))
    assert (code, parameters["unit"]) == ("too_large", "cells")


def test_a_far_but_narrow_sheet_is_read():
    row = b'<row r="120000"><c r="B120000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    sheets = read_ledger(repacked(lambda sheet: sheet.replace(b"</sheetData>", row)), "a.xlsx", COLUMNS)
    assert sheets[0].numbers[-1] == 120_000


def test_an_opendocument_that_repeats_a_cell_endlessly_is_refused():
    many = ods_row(("x", 'table:number-columns-repeated="9999"'), attributes='table:number-rows-repeated="999999"')
    assert code_of(opendocument(many), "a.ods")[0] == "too_large"


@pytest.mark.parametrize(
    ("limits", "unit"),
    [(Limits(file_bytes=100), "bytes"), (Limits(rows=50), "rows"), (Limits(cells=100), "cells")],
)
def test_too_large(limits, unit):
    code, parameters = code_of(GOOD, limits=limits)
    assert (code, parameters["unit"]) == ("too_large", unit)


def test_a_text_table_with_too_many_rows():
    assert code_of(text(HEADER, *[ROW] * 50), "a.csv", limits=Limits(rows=50))[0] == "too_large"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_anywhere_is_truncated(share):
    assert code_of(GOOD[: int(len(GOOD) * share)])[0] == "truncated"


def test_a_workbook_with_damage_inside_is_truncated():
    at = GOOD.index(b"xl/worksheets/sheet1.xml") + 60
    assert code_of(GOOD[:at] + bytes(40) + GOOD[at + 40 :])[0] == "truncated"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (text(HEADER, ROW, ROW)[:-20], 3),  # the last line has fewer cells
        (text(HEADER, ROW) + b'2,"\xe4\xb9\x8c', 3),  # inside a quoted cell
        (text(HEADER, ROW) + b'2,"\xe4\xb9\x8c\n3,4,5\n', 3),
        (text(HEADER, ROW, [2, "乌", "1"])[:-1], 3),
        ((text(HEADER) + "1,乌".encode())[:-1], 2),  # a character cut in half
        ((text(HEADER, encoding="gb18030") + "1,乌".encode("gb18030"))[:-1], 2),
        (text(HEADER, ROW) + ("x" * 1_100_000).encode(), 3),
    ],
)
def test_a_text_table_that_stops_half_way(content, line):
    assert code_of(content, "a.csv") == ("truncated", {"line": line})


@pytest.mark.parametrize(
    "content",
    [
        text(HEADER, ROW)[:-1],  # no line end is no fault
        text(HEADER, ROW, ["填报人:某 审核人:某"]),
        text(HEADER, ROW, ["小计", 1]),
        text(HEADER, [1, "甲", "1", "男"], [2, "乙", "1", "男"]),  # all rows are short: the writer's habit
        text(HEADER, [1, "甲", "1", "男", "1", "x"], ROW),
        text(HEADER, [1, '5"寸', "1", "男", "1"], ROW),
        text(HEADER, ROW, [], []),
    ],
)
def test_text_tables_that_only_look_cut(content):
    assert read_ledger(content, "a.csv", COLUMNS)


@pytest.mark.parametrize(
    "content",
    [
        "姓名,性別,身分證號\n王大明,男,1\n".encode("big5"),
        "имя,пол,номер\nанна,ж,1\n".encode("koi8-r"),
        b"\xff\x80\x80\xff, \xff\xff\n",
    ],
)
def test_unknown_encoding(content):
    assert code_of(content, "a.csv")[0] == "unknown_encoding"


@pytest.mark.parametrize(
    "content", [b"", b"  \r\n \n", text(HEADER), text([""], [""], HEADER, [], ["小计"]), text([], [])]
)
def test_no_rows_in_a_text_table(content):
    assert code_of(content, "a.csv")[0] == "no_rows"


@pytest.mark.parametrize("rows", [[], [HEADER], [["标题"], HEADER, ["", "合计"]], [HEADER, [1], [2]]])
def test_no_rows_in_a_workbook(rows):
    assert code_of(workbook(("S", rows, [])))[0] == "no_rows"


def test_header_missing():
    assert code_of(workbook(("S", [ROW, ROW], []))) == ("header_missing", {"sheet": "S"})
    assert code_of(text(ROW, ROW), "a.csv") == ("header_missing", {"sheet": "a.csv"})


def test_header_missing_on_a_further_sheet_with_data():
    content = workbook(("甲", [HEADER, ROW], []), ("乙", [ROW, ROW], []))
    assert code_of(content) == ("header_missing", {"sheet": "乙"})


@pytest.mark.parametrize(
    ("rows", "numbers"),
    [
        ([HEADER, HEADER, ROW], [1, 2]),
        ([HEADER, ROW, ROW, HEADER, ROW], [1, 4]),
        ([["", "姓名", "", "证件号码", ""], HEADER, ROW], [1, 2]),
        ([HEADER, ["", "", "", "户编号", "旗县"], ROW], [1, 2]),
    ],
)
def test_two_header_rows(rows, numbers):
    assert code_of(workbook(("S", rows, []))) == ("two_header_rows", {"sheet": "S", "rows": numbers})
    assert code_of(text(*rows), "S") == ("two_header_rows", {"sheet": "S", "rows": numbers})


def test_columns_missing_are_named_as_clerks_know_them():
    header = ["户编号", "性别", "成员姓名"]
    content = workbook(("S", [header, ["1", "男", "甲"]], []))
    assert code_of(content) == ("columns_missing", {"sheet": "S", "columns": ["证件号码"]})


def test_decoding_a_text_by_itself():
    assert decode_text("姓名".encode("gb18030")) == "姓名"
    assert decode_text("\ufeff姓名".encode()) == "姓名"
    with pytest.raises(BadLedger):
        decode_text(b"\xff\x80\x80\xff")


def test_a_kind_with_few_columns_needs_no_more_than_those():
    columns = Columns(labels={"month": ("月份",), "id_number": ("证件号码",)})
    assert read_ledger(text(["月份", "证件号码"], ["1", "2"]), "a.csv", columns)[0].numbers == (2,)


def test_random_damage_never_raises_anything_else():
    codes = set()
    for at in range(0, len(GOOD), max(1, len(GOOD) // 60)):
        damaged = GOOD[:at] + bytes([GOOD[at] ^ 0xFF]) + GOOD[at + 1 :]
        try:
            read_ledger(damaged, "a.xlsx", COLUMNS)
        except BadLedger as bad:
            codes.add(bad.code)
    assert "truncated" in codes
    assert codes <= CODES
