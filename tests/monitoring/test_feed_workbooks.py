"""The workbook to fill in with a list: what it offers is what the list is read by."""

import io

import polars as pl
import pytest
import xlsxwriter
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from bangfu.intake.tables import EXAMPLE
from bangfu.monitoring.feed_files import list_workbook
from bangfu.monitoring.feed_lines import read_lines
from bangfu.monitoring.rules import feed_kinds
from tests.factories import NOON, UserFactory

KINDS = sorted(feed_kinds())


def first_rows(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[:2]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", KINDS)
def test_its_example_sent_as_a_line_is_a_good_one(code, language):
    kind = feed_kinds()[code]
    with translation.override(language):
        header, example = first_rows(list_workbook(kind))
    assert header[1:] == [column.headings[0] for column in kind.columns]
    assert example[0] == EXAMPLE
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    for at, row in enumerate((header, example, ["1", *example[1:]])):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell)
    book.close()
    read = read_lines(kind, target.getvalue(), "x.xlsx", period=NOON.date(), on=NOON.date(), keep_bad=9)
    assert (read.total, read.usable, read.bad) == (1, 1, [])
    assert not read.values(pl.Series([0]))[1]


@pytest.mark.django_db
def test_who_may_send_a_list_gets_it(client, officer):
    address = reverse("monitoring:list-to-fill", args=["death"])
    client.force_login(officer)
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'attachment; filename="death.xlsx"'
    assert address in client.get(reverse("monitoring:feeds")).content.decode()
    assert client.get(reverse("monitoring:list-to-fill", args=["nothing"])).status_code == 404
    client.force_login(UserFactory(role="supervisor"))
    assert client.get(address).status_code == 403
    assert address not in client.get(reverse("monitoring:feeds")).content.decode()
