"""The workbooks to fill in: what they offer is what the importer accepts."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from bangfu.intake.failures import BadLedger
from bangfu.intake.kinds import file_kinds
from bangfu.intake.reading import read_ledger
from bangfu.intake.tables import EXAMPLE
from bangfu.intake.templates_to_fill import template_workbook
from tests.factories import id_number


def sheet_of(data, at=0):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(at).to_python()


def filled(kind, *rows):
    """The template's sheets again with rows below the example."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(kind)))
    for at, name in enumerate(workbook.sheet_names):
        sheet = book.add_worksheet(name)
        cells = workbook.get_sheet_by_index(at).to_python()
        for number, row in enumerate([*cells, *(rows if at == 0 else ())]):
            sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", file_kinds(), ids=lambda kind: kind.code)
def test_every_column_is_there_and_recognised(kind, language):
    with translation.override(language):
        data = template_workbook(kind)
    header, example = sheet_of(data)[:2]
    assert [kind.columns.field_of(label) for label in header[1:]] == list(kind.columns.labels)
    assert example[0] == EXAMPLE
    with pytest.raises(BadLedger) as caught:
        read_ledger(data, "a.xlsx", kind.columns)
    assert caught.value.code == "no_rows"


@pytest.mark.parametrize("kind", file_kinds(), ids=lambda kind: kind.code)
def test_a_filled_in_template_is_read_without_its_example(kind):
    example = ["1", *(kind.columns.example.get(name, "") for name in kind.columns.labels)]
    (sheet,) = read_ledger(filled(kind, example), "a.xlsx", kind.columns)
    assert sheet.numbers == (3,)
    assert [name for name in sheet.fields if name] == list(kind.columns.labels)


@pytest.mark.django_db
def test_the_example_of_a_roster_is_itself_in_order():
    kind = file_kinds()[0]
    cells = {**kind.columns.example, "id_number": id_number(2), "name": "乌云"}
    row = ["1", *(cells.get(name, "") for name in kind.columns.labels)]
    checked = kind.check(read_ledger(filled(kind, row), "a.xlsx", kind.columns), date(2026, 6, 30))
    assert (checked.report()["accepted"], checked.rejected, checked.warned) == (1, {}, {})


@pytest.mark.django_db
def test_the_page_sends_it(client, officer):
    client.force_login(officer)
    response = client.get(reverse("intake:template", args=["roster"]))
    assert response.status_code == 200
    assert sheet_of(response.content)[0][0] == "序号"
    assert client.get(reverse("intake:template", args=["nonsense"])).status_code == 404
