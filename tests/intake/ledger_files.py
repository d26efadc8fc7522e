"""Small workbooks and text tables as bytes, for the tests of reading."""

import csv
import io
import zipfile
from datetime import date

import xlsxwriter

from bangfu.intake.reading import Columns

COLUMNS = Columns(
    labels={
        "name": ("姓名", "成员姓名"),
        "id_number": ("证件号码", "身份证号"),
        "sex": ("性别",),
        "household_no": ("户编号",),
        "income": ("人均纯收入(元)", "人均纯收入"),
        "county": ("县(市、区)", "旗县"),
        "joined_on": ("识别(纳入)时间",),
    },
    required=frozenset({"name", "id_number"}),
)
HEADER = ["序号", "姓名", "证件号码", "性别", "户编号"]
ROW = [1, "乌云", "990522199602143056", "女", "9905220000001"]


def workbook(*sheets, hidden=None):
    """Bytes of an xlsx; a sheet is (name, rows, merges), a merge (first row, column, last row, column)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows, merges in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell, day if isinstance(cell, date) else None)
            for first_row, first_column, last_row, last_column in merges:
                value = rows[first_row][first_column]
                sheet.merge_range(first_row, first_column, last_row, last_column, value)
            if hidden == name:
                sheet.hide()
    return target.getvalue()


def text(*rows, encoding="utf-8", delimiter=",", end="\n"):
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=end).writerows(rows)
    return target.getvalue().encode(encoding)


ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def opendocument(body):
    """Bytes of an ods with one sheet S whose rows are the XML `body`."""
    target = io.BytesIO()
    manifest = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {ODS}><office:body><office:spreadsheet>'
            f'<table:table table:name="S">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


def ods_row(*cells, attributes=""):
    """One row; a cell is its text, or (text, attributes)."""
    parts = [cell if isinstance(cell, tuple) else (cell, "") for cell in cells]
    xml = "".join(
        f'<table:table-cell office:value-type="string" {more}><text:p>{words}</text:p></table:table-cell>'
        if words
        else f"<table:covered-table-cell {more}/>"
        for words, more in parts
    )
    return f"<table:table-row {attributes}>{xml}</table:table-row>"
