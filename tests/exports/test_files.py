"""Files: nothing in them that calculates, sealed at rest, whole or not there at all."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bangfu.core.sealing import CannotOpen
from bangfu.exports import actions, making
from bangfu.exports.actions import make_export
from bangfu.exports.lists import MONEY, TEXT
from bangfu.exports.models import Export
from bangfu.exports.sealed import SealedWriter, file_of, opened
from bangfu.exports.tasks import tend_exports
from bangfu.exports.workbooks import Sheet, write_csv, write_workbook
from tests.exports.conftest import ask, body, rows_of
from tests.factories import PersonFactory

SHEET = Sheet("名单", [("用途", "=1+1")], [("=姓名", TEXT), ("@b", TEXT)], "=mark & more", 2)
BEGINNINGS = [*"=+-@\t\r\n＝＋－＠", " =", "{=", "http://", "'="]
TRICKY = st.one_of(
    st.text(max_size=20),
    st.builds(lambda first, rest: first + rest, st.sampled_from(BEGINNINGS), st.text(max_size=12)),
    st.sampled_from(["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3", "\t=1", "\r=1", "_x000D_=1", "00123", "1e5"]),
)
FEW = hypothesis_settings(max_examples=60, deadline=None)


@FEW
@given(st.lists(st.tuples(TRICKY, TRICKY), max_size=4))
def test_a_workbook_holds_no_formula_and_no_link(rows):
    target = io.BytesIO()
    assert write_workbook(target, SHEET, rows) == len(rows)
    with ZipFile(io.BytesIO(target.getvalue())) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/sheet"):
                tree = ElementTree.fromstring(parts.read(name))  # noqa: S314  our own file
                tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
                assert not tags & {"f", "hyperlink", "hyperlinks"}


@FEW
@given(st.lists(st.tuples(TRICKY, TRICKY), max_size=4), st.booleans())
def test_no_cell_of_a_csv_begins_a_formula(rows, gb18030):
    target = io.BytesIO()
    write_csv(target, SHEET, rows, gb18030=gb18030)
    data = target.getvalue()
    assert data.startswith(b"\xef\xbb\xbf") is not gb18030
    lines = list(csv.reader(io.StringIO(data.decode("gb18030" if gb18030 else "utf-8-sig"), newline="")))
    for cell in (cell for line in lines for cell in line):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        assert not cell.startswith(("\t", "\r", "\n"))
    assert len(lines) == len(SHEET.about) + 1 + 1 + 1 + len(rows)


def test_a_text_that_a_cell_would_cut_is_refused():
    with pytest.raises(ValueError, match="longer"):
        write_workbook(io.BytesIO(), SHEET, [("x" * 32_768, "")])


def test_numbers_stay_numbers_and_the_mark_is_printed():
    target = io.BytesIO()
    write_workbook(target, Sheet("a", [], [("工资", MONEY)], "张三 & 李四", 1), [(-5,)])
    assert rows_of(target.getvalue()) == [["工资"], [-5.0]]
    with ZipFile(io.BytesIO(target.getvalue())) as parts:
        assert "张三 &amp;&amp; 李四" in parts.read("xl/worksheets/sheet2.xml").decode()


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_000])
def test_a_sealed_file_opens_as_it_was_written(exports_folder, size):
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    with SealedWriter(7) as writer:
        writer.write(data)
    assert not file_of(7).exists()
    writer.publish()
    assert b"".join(opened(7)) == data
    assert size < 256 or data[:256] not in file_of(7).read_bytes()


def test_a_sealed_file_that_was_cut_or_given_to_another_does_not_open(exports_folder):
    with SealedWriter(7) as writer:
        writer.write(b"x" * 2_500_000)
    writer.publish()
    whole = file_of(7).read_bytes()
    piece = 4 + int.from_bytes(whole[:4], "big")
    for changed in (whole[:piece], whole[piece:], whole[: 2 * piece], whole[:-1]):
        file_of(7).write_bytes(changed)
        with pytest.raises(CannotOpen):
            list(opened(7))
    file_of(8).write_bytes(whole)
    with pytest.raises(CannotOpen):
        list(opened(8))


@pytest.mark.django_db
def test_no_name_lies_open_on_the_disk(officer, exports_folder):
    PersonFactory(name="斯琴图雅")
    make_export(ask(officer, file_format="csv").pk, at=timezone.now())
    held = b"".join(path.read_bytes() for path in exports_folder.iterdir())
    assert held
    assert "斯琴图雅".encode() not in held


@pytest.mark.django_db
def test_a_killed_worker_leaves_nothing_and_the_schedule_begins_again(officer, exports_folder, monkeypatch):
    PersonFactory.create_batch(5)
    monkeypatch.setattr(making, "CHUNK_ROWS", 2)
    export, real = ask(officer), actions._move

    def killed(key, done):
        real(key, done)
        if done >= 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(actions, "_move", killed)
    with pytest.raises(KeyboardInterrupt):
        make_export(export.pk, at=timezone.now())
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("approved", 4)
    assert not file_of(export.pk).exists()
    monkeypatch.setattr(actions, "_move", real)
    tend_exports(at=timezone.now())
    export.refresh_from_db()
    assert export.state == "approved"
    tend_exports(at=timezone.now() + timedelta(minutes=6))
    export.refresh_from_db()
    assert (export.state, export.rows_made) == ("made", 5)
    assert len(rows_of(b"".join(opened(export.pk)))) == 6


@pytest.mark.django_db
def test_made_twice_it_stays_the_same(officer):
    export = ask(officer)
    first = make_export(export.pk, at=timezone.now())
    held = file_of(export.pk).read_bytes()
    assert make_export(export.pk, at=timezone.now()).made_at == first.made_at
    assert file_of(export.pk).read_bytes() == held


@pytest.mark.django_db
def test_a_list_that_keeps_changing_gives_no_file_but_says_so(client, officer, monkeypatch):
    PersonFactory()
    export = ask(officer)

    def changed(*_given):
        raise making.ListChanged

    monkeypatch.setattr(actions, "write_file", changed)
    assert make_export(export.pk, at=timezone.now()).trouble == "changed"
    client.force_login(officer)
    page = client.get(reverse("exports:export", args=[export.pk])).content.decode()
    assert reverse("exports:again", args=[export.pk]) in page
    monkeypatch.undo()
    assert client.post(reverse("exports:again", args=[export.pk])).status_code == 302
    assert Export.objects.get().trouble in {"", "changed"}


@pytest.mark.django_db
def test_a_row_that_leaves_the_list_meanwhile_begins_it_anew(officer, monkeypatch):
    """The person finds work between two chunks: the file is written again, and shows the list of then."""
    persons = PersonFactory.create_batch(4)
    monkeypatch.setattr(making, "CHUNK_ROWS", 2)
    export, real = ask(officer, parameters={"work": "jobless"}), actions._move
    last = max(person.pk for person in persons)

    def meanwhile(key, done):
        real(key, done)
        persons[0].standing.__class__.objects.filter(person=last).update(work_status="at_work")

    monkeypatch.setattr(actions, "_move", meanwhile)
    export = make_export(export.pk, at=timezone.now())
    assert (export.rows_asked, export.rows_made) == (4, 3)
    assert len(rows_of(b"".join(opened(export.pk)))) == 4


@pytest.mark.django_db
def test_many_rows_are_made_in_the_background(client, officer, settings):
    settings.EXPORT_AT_ONCE_ROWS = 1
    PersonFactory.create_batch(2)
    from bangfu.exports.lists import all_lists
    from tests.exports.conftest import fields

    client.force_login(officer)
    client.post(reverse("exports:ask", args=["people"]), fields(all_lists()["people"], file_format="csv-gb18030"))
    export = Export.objects.get()
    assert client.get(reverse("exports:progress", args=[export.pk])).status_code == 204
    data = body(client.post(reverse("exports:file", args=[export.pk])))
    assert data.decode("gb18030").count("乌云") == 2


@pytest.mark.django_db
def test_progress_is_told_while_it_is_made(client, officer):
    PersonFactory()
    export = ask(officer)
    client.force_login(officer)
    address = reverse("exports:progress", args=[export.pk])
    assert "hx-get" in client.get(address).content.decode()
    assert reverse("exports:again", args=[export.pk]) in client.get(address + "?seen=0&still=14").content.decode()
