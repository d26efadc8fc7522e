"""Sending a ledger, looking through it, importing, undoing: through the pages."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from bangfu.audit.models import Entry
from bangfu.intake import actions, staging
from bangfu.intake.failures import BadLedger
from bangfu.intake.models import Batch, FlaggedRow, Part
from bangfu.intake.words import FIELDS, ROWS, explain_failure, explain_row
from bangfu.people.importing import ROSTER
from bangfu.people.models import Person, Standing
from bangfu.people.work_ledgers import JOBS
from tests.factories import UserFactory, id_number
from tests.intake.ledger_files import text, workbook

pytestmark = pytest.mark.django_db
LEDGERS = Path(__file__).parents[1] / "ledgers"
LIST = "/imports/"
HEADER = ["县(市、区)", "乡镇", "行政村", "户编号", "姓名", "证件号码", "性别", "联系电话", "备注2"]
HOME = ["科尔沁左翼后旗", "散都苏木", "公河来村委会"]


def rows_of(*changes):
    """A roster of good rows, each changed as said: {column number: text}."""
    rows = []
    for at, change in enumerate(changes, start=1):
        row = [*HOME, f"99052200{at:05d}", "乌云", id_number(2 * at), "女", "13800002046", ""]
        for column, cell in change.items():
            row[column] = cell
        rows.append(row)
    return rows


def roster(*changes):
    return text(HEADER, *rows_of(*changes))


def send(client, data, name="名册.csv", kind="roster"):
    return client.post(LIST, {"kind": kind, "file": SimpleUploadedFile(name, data)})


def sent(client, *changes):
    """The batch of a roster sent through the page."""
    response = send(client, roster(*changes))
    assert response.status_code == 302, response.context["form"].errors
    return Batch.objects.order_by("-id").first()


def zip_bomb():
    good = workbook(("S", [HEADER, *rows_of({})], []))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetData>" + b" " * (40 << 20))
            archive.writestr(name, content)
    return target.getvalue()


BAD = {
    "wrong_type": (b"%PDF-1.7\n1 0 obj", "a.csv"),
    "encrypted_workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "a.xlsx",
    ),
    "zip_bomb": (None, "a.xlsx"),
    "no_rows": (text(HEADER), "a.csv"),
    "two_header_rows": (
        workbook(("S", [HEADER, [*HEADER[:4], "成员姓名", "身份证号", "性别"], *rows_of({})], [])), "a.xlsx",
    ),
    "unknown_encoding": (b"name,\xff\xff\x80\xfe\n1,2\n", "a.csv"),
    "truncated": (workbook(("S", [HEADER, *rows_of({})], []))[:-200], "a.xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", BAD)
def test_a_bad_file_is_explained_and_nothing_is_stored(client, officer, code, language):
    data, name = BAD[code]
    client.cookies["django_language"] = language
    client.force_login(officer)
    response = send(client, zip_bomb() if data is None else data, name)
    assert response.status_code == 422
    with translation.override(language):
        words = explain_failure(BadLedger(code))
    assert words in response.context["form"].errors["file"][0]
    assert not Batch.objects.exists()
    assert not Entry.objects.filter(verb__startswith="intake").exists()


@pytest.mark.parametrize("given", [{"kind": "roster"}, {"kind": "nonsense"}, {}])
def test_a_form_without_file_or_kind_is_refused(client, officer, given):
    client.force_login(officer)
    response = client.post(LIST, given)
    assert response.status_code == 422
    assert not Batch.objects.exists()


def test_a_file_above_the_limit_is_refused_unread(client, officer, settings, monkeypatch):
    monkeypatch.setattr("bangfu.intake.views.staging.stage_file", pytest.fail)
    settings.UPLOAD_LIMIT_BYTES = 100
    client.force_login(officer)
    assert send(client, roster({}, {})).status_code == 422


def test_from_the_file_to_the_register_and_back(client, officer):
    client.force_login(officer)
    upload = sent(client, {}, {}, {5: "990522198602140000"})
    assert (upload.rows_total, upload.rows_accepted, upload.rows_rejected, upload.rows_repeated) == (3, 2, 1, 0)
    assert not Person.objects.exists()
    client.post(reverse("intake:begin", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, upload.rows_applied, Person.objects.count()) == ("done", 2, 2)
    client.post(reverse("intake:begin", args=[upload.pk]))
    assert Entry.objects.filter(verb="people.registered").count() == 1
    client.post(reverse("intake:undo", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == "undone"
    assert not Person.objects.filter(withdrawn_at__isnull=True).exists()


def test_the_same_file_meets_its_batch(client, officer):
    client.force_login(officer)
    assert send(client, roster({})).url == send(client, roster({})).url
    assert Batch.objects.count() == 1


def test_a_file_of_a_smaller_area_does_not_stand_in_the_way_of_a_larger(client, officer):
    client.force_login(UserFactory(division="150522103000", role="town_officer"))
    small = sent(client, {}, {})
    client.force_login(officer)
    large = sent(client, {}, {})
    assert (small.rows_accepted, large.rows_accepted) == (0, 2)


def test_rows_outside_the_area_are_rejected(client):
    client.force_login(UserFactory(division="150522203000", role="town_officer"))
    away = {0: "科尔沁左翼后旗", 1: "甘旗卡镇", 2: "民族社区居委会"}
    upload = sent(client, {}, away, away | {5: ""})
    assert upload.rows_accepted == 1
    assert [row.rejected for row in upload.flagged.order_by("position")] == [
        ["outside_area"], ["id_missing", "outside_area"],
    ]  # fmt: skip
    page = client.get(reverse("intake:batch", args=[upload.pk])).content.decode()
    assert explain_row("outside_area") in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_preview_names_each_bad_cell_and_masks_the_others(client, officer, language):
    client.cookies["django_language"] = language
    client.force_login(officer)
    wrong = id_number(4)[:-1] + ("0" if id_number(4)[-1] != "0" else "1")
    upload = sent(client, {}, {5: wrong}, {2: "没有这个村"}, {7: "123"})
    rejected = client.get(reverse("intake:batch", args=[upload.pk]))
    page = rejected.content.decode()
    with translation.override(language):
        assert explain_row("id_checksum") in page
        assert explain_row("division_unknown") in page
        assert explain_row("phone_invalid") not in page
    lines = rejected.context["lines"]
    assert [line.number for line in lines] == ["3", "4"]
    assert [cell.text for cell in lines[0].cells if cell.faulty] == [wrong]
    good = id_number(6)
    assert f"{good[:6]}********{good[-4:]}" in page
    assert good not in page
    warned = client.get(reverse("intake:batch", args=[upload.pk]), {"show": "warned"})
    assert [line.number for line in warned.context["lines"]] == ["5"]
    assert "13800002046" not in warned.content.decode()
    names = [column.label for column in rejected.context["recognised"][0].columns if not column.fills]
    assert names == ["备注2"]


def test_a_right_number_at_fault_stays_masked(client, officer):
    client.force_login(officer)
    same = id_number(4)
    upload = sent(client, {5: same}, {5: same, 4: "杨秀兰"})
    page = client.get(reverse("intake:batch", args=[upload.pk])).content.decode()
    assert upload.rows_rejected == 2
    assert same not in page


@pytest.mark.parametrize("rows", [1, 25])
def test_the_preview_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    client.force_login(officer)
    upload = sent(client, *[{5: ""}] * rows)
    client.get(reverse("intake:batch", args=[upload.pk]))
    with django_assert_num_queries(10):
        response = client.get(reverse("intake:batch", args=[upload.pk]))
    assert len(response.context["lines"]) == rows


@pytest.mark.parametrize("rows", [1, 25])
def test_the_list_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    client.force_login(officer)
    for at in range(rows):
        send(client, roster(*[{}] * (at + 1)))
    client.get(LIST)
    with django_assert_num_queries(8):
        response = client.get(LIST)
    assert len(response.context["lines"]) == rows


def test_a_stranger_finds_nothing(client, officer, stranger):
    client.force_login(officer)
    upload = sent(client, {}, {5: ""})
    client.force_login(stranger)
    assert client.get(LIST).context["lines"] == []
    for name in ("batch", "progress", "failed-rows"):
        assert client.get(reverse(f"intake:{name}", args=[upload.pk])).status_code == 404
    for name in ("begin", "drop", "undo"):
        assert client.post(reverse(f"intake:{name}", args=[upload.pk])).status_code == 404
    upload.refresh_from_db()
    assert upload.state == "staged"


def test_a_supervisor_sees_but_changes_nothing(client, officer, supervisor):
    client.force_login(officer)
    upload = sent(client, {}, {5: ""})
    client.force_login(supervisor)
    assert [batch for batch, *_ in client.get(LIST).context["lines"]] == [upload]
    assert send(client, roster({})).status_code == 403
    assert client.get(reverse("intake:failed-rows", args=[upload.pk])).status_code == 403
    for name in ("begin", "drop", "undo"):
        assert client.post(reverse(f"intake:{name}", args=[upload.pk])).status_code == 403
    upload.refresh_from_db()
    assert (upload.state, Batch.objects.count()) == ("staged", 1)


def test_the_rejected_rows_come_back_as_text_with_why(client, officer):
    client.force_login(officer)
    upload = sent(client, {}, {5: "", 4: "=1+1"}, {4: "@SUM(A1)"}, {7: "123"})
    response = client.get(reverse("intake:failed-rows", args=[upload.pk]))
    assert f"rejected-{upload.pk}.xlsx" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][: len(HEADER)] == HEADER
    assert [row[4] for row in rows[1:]] == ["=1+1", "@SUM(A1)"]
    assert [row[len(HEADER)] for row in rows[1:]] == ["3", "4"]
    assert explain_row("id_missing") in rows[1][-1]
    assert Entry.objects.get(verb="intake.failed_rows_sent").count == 2


def test_the_mended_rows_can_be_sent_again(client, officer):
    client.force_login(officer)
    upload = sent(client, {}, {5: ""})
    back = client.get(reverse("intake:failed-rows", args=[upload.pk])).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(back)).get_sheet_by_index(0).to_python()
    rows[1][5] = id_number(4)
    assert send(client, workbook(("S", rows, [])), "again.xlsx").status_code == 302
    assert Batch.objects.order_by("-id").first().rows_accepted == 1


def test_giving_up_erases_the_rows(client, officer):
    client.force_login(officer)
    upload = sent(client, {}, {5: ""})
    client.post(reverse("intake:drop", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == "dropped"
    assert not Part.objects.exists()
    assert not FlaggedRow.objects.exists()
    assert client.get(reverse("intake:batch", args=[upload.pk])).status_code == 200
    client.post(reverse("intake:begin", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, Person.objects.count()) == ("dropped", 0)


def test_what_was_begun_cannot_be_given_up(client, officer):
    client.force_login(officer)
    upload = sent(client, {})
    actions.begin_batch(upload, by=officer, at=timezone.now())
    client.post(reverse("intake:drop", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, upload.parts.count()) == ("applying", 1)


@pytest.mark.parametrize(("days", "state"), [(30, "undone"), (31, "done")])
def test_undo_within_30_days(client, officer, days, state):
    client.force_login(officer)
    upload = sent(client, {})
    client.post(reverse("intake:begin", args=[upload.pk]))
    Batch.objects.update(finished_at=F("finished_at") - timedelta(days=days))
    client.post(reverse("intake:undo", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == state


def test_an_undo_says_what_stayed(client, officer):
    client.force_login(officer)
    upload = sent(client, {})
    client.post(reverse("intake:begin", args=[upload.pk]))
    Standing.objects.update(leg="need_survey")
    response = client.post(reverse("intake:undo", args=[upload.pk]), follow=True)
    levels = [message.level_tag for message in response.context["messages"]]
    assert levels == ["success", "warning"]


def test_progress_is_told_and_a_killed_worker_is_noticed(client, officer):
    client.force_login(officer)
    upload = sent(client, {}, {})
    actions.begin_batch(upload, by=officer, at=timezone.now())  # and the worker is killed before the first part
    address, go_on = reverse("intake:progress", args=[upload.pk]), reverse("intake:begin", args=[upload.pk])
    assert "every 1s" in client.get(reverse("intake:batch", args=[upload.pk])).content.decode()
    moving = client.get(address, {"seen": "-1", "still": "40"})
    assert not moving.context["stalled"]
    stuck = client.get(address, {"seen": "0", "still": "14"})
    assert stuck.context["stalled"]
    assert go_on in stuck.content.decode()
    client.post(go_on)
    upload.refresh_from_db()
    assert (upload.state, upload.rows_applied) == ("done", 2)
    assert client.get(address)["HX-Refresh"] == "true"


def test_an_undone_batch_is_not_finished_by_a_late_worker(officer):
    upload = staging.stage_file(ROSTER, "a.csv", roster({}), on=timezone.localdate(), by=officer, at=timezone.now())
    actions.begin_batch(upload, by=officer, at=timezone.now())
    upload.refresh_from_db()
    actions.undo_batch(upload, by=officer, at=timezone.now())
    with pytest.raises(ValueError, match="undone"):
        actions.apply_batch(upload, at=timezone.now())
    assert not Person.objects.exists()


@pytest.mark.parametrize("name", ["roster-county.xlsx", "roster-by-town.xlsx", "roster-utf8.csv", "roster-gb18030.csv"])
def test_the_sample_ledgers_through_the_page(client, officer, name):
    client.force_login(officer)
    assert send(client, (LEDGERS / name).read_bytes(), name).status_code == 302
    upload = Batch.objects.get()
    assert upload.rows_total == upload.rows_accepted + upload.rows_rejected + upload.rows_repeated
    for show in ("rejected", "warned", "all"):
        response = client.get(reverse("intake:batch", args=[upload.pk]), {"show": show})
        assert response.status_code == 200
        assert "style=" not in response.content.decode()


def test_every_code_and_column_has_words():
    fields = {field for kind in (ROSTER, JOBS) for field in _fields(kind)}
    assert fields <= FIELDS.keys()
    assert "outside_area" in ROWS


def _fields(kind):
    from bangfu.people.checking import columns

    return (columns.ROSTER if kind is ROSTER else columns.JOBS).labels
