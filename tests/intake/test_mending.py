"""Columns chosen for an office, rows mended on the page, the preview of what changes, rows tried once more."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.intake import actions, keeping, staging
from bangfu.intake.kinds import all_kinds
from bangfu.intake.models import Batch, CellCorrection, ColumnChoice, SheetPart
from bangfu.intake.queries import columns_of
from bangfu.people.models import Condition, Membership, Person
from tests.factories import UserFactory, id_number
from tests.intake.ledger_files import text
from tests.intake.test_pages import HEADER, LIST, rows_of, send, sent

pytestmark = pytest.mark.django_db
STRANGE = ["县(市、区)", "乡镇", "行政村", "户编号", "当事人", "证件号码", "性别", "联系电话", "学历层次"]


@pytest.fixture
def clerk(client, officer):
    client.force_login(officer)
    return client


def strange(*changes, name="奇怪.csv"):
    return text(STRANGE, *rows_of(*changes)), name


def latest():
    return Batch.objects.order_by("-id").first()


def choose(client, batch, **said):
    """Choose fields for columns by their name; the others stay as they are."""
    (found,) = columns_of(batch)
    fields = {f"field-{at}": said.get(column.key, column.field) for at, column in enumerate(found.columns)}
    return client.post(reverse("intake:columns", args=[batch.pk]), {"labels": found.labels, **fields}, follow=True)


def begin(client, batch):
    client.post(reverse("intake:begin", args=[batch.pk]))
    batch.refresh_from_db()
    return batch


def row_of(batch, code):
    return next(row for row in batch.flagged.order_by("position") if code in [*row.rejected, *row.warned])


def correct(client, batch, row, column, cell, **more):
    given = {"column-0": column, "cell-0": cell}
    return client.post(reverse("intake:correct", args=[batch.pk, row.pk]), given, **more)


def test_a_file_without_a_needed_column_waits_until_it_is_chosen(clerk):
    assert send(clerk, *strange({}, {})).status_code == 302
    batch = latest()
    page = clerk.get(reverse("intake:batch", args=[batch.pk]))
    assert (batch.lacks, batch.rows_total) == (["name"], 0)
    assert b"btn-primary" not in page.content
    page = choose(clerk, batch, 当事人="name", 学历层次="education")
    batch.refresh_from_db()
    assert (batch.lacks, batch.rows_total, batch.rows_accepted) == ([], 2, 2)
    assert page.context["recognised"][0].chosen
    assert Entry.objects.filter(verb="intake.columns_chosen").count() == 1
    begin(clerk, batch)
    assert Person.objects.filter(name="乌云").count() == 2


def test_the_choice_is_remembered_for_the_office_and_only_for_it(clerk, client):
    send(clerk, *strange({}))
    choose(clerk, latest(), 当事人="name")
    second = strange({}, {}, {}, name="下月.csv")
    assert send(clerk, *second).status_code == 302
    assert (latest().lacks, latest().rows_accepted, latest().columns[0]["chosen"]) == ([], 3, True)
    client.force_login(UserFactory(division="150522103000", role="town_officer"))
    send(client, *second)
    assert latest().lacks == ["name"]


def test_a_column_may_be_left_out_and_no_field_is_filled_twice(clerk):
    batch = sent(clerk, {7: "123"})
    assert batch.report["warned"]
    page = choose(clerk, batch, 备注2="phone")
    assert ColumnChoice.objects.count() == 0
    assert "phone_invalid" in str(Batch.objects.get(pk=batch.pk).report)
    assert page.status_code == 200
    choose(clerk, batch, 联系电话="")
    assert Batch.objects.get(pk=batch.pk).report["warned"] == {}


def test_columns_of_a_decided_batch_stay(clerk):
    batch = begin(clerk, sent(clerk, {}))
    assert choose(clerk, batch, 备注2="education").status_code == 200
    assert ColumnChoice.objects.count() == 0
    assert batch.rows_applied == 1


def test_a_bad_cell_is_mended_in_place(clerk):
    batch = sent(clerk, {}, {5: "990522198602140000"}, {})
    row = row_of(batch, "id_checksum")
    answer = correct(clerk, batch, row, "证件号码", id_number(4), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b'id="rows"' in answer.content
    assert b"hx-swap-oob" in answer.content
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected, batch.report["rejected"]) == (3, 0, {})
    assert batch.tally == {"new": 3}
    correction = CellCorrection.objects.get()
    assert id_number(4).encode() not in bytes(correction.sealed)
    assert Entry.objects.filter(verb="intake.row_corrected").count() == 1
    begin(clerk, batch)
    assert Person.objects.count() == 3
    assert not SheetPart.objects.exists()
    assert not CellCorrection.objects.exclude(sealed=b"").exists()


def test_a_cell_that_is_still_wrong_says_so(clerk):
    batch = sent(clerk, {5: "990522198602140000"})
    correct(clerk, batch, row_of(batch, "id_checksum"), "证件号码", "9905")
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected) == (0, 1)
    correct(clerk, batch, batch.flagged.get(), "证件号码", id_number(2))
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 0)


def test_a_mended_row_is_judged_beside_the_others_of_the_file(clerk):
    same = id_number(2)
    batch = sent(clerk, {}, {4: "白云", 5: same}, {5: "990522198602140000"})
    assert batch.rows_rejected == 3  # one number under two names, and a wrong number
    row = next(row for row in batch.flagged.all() if row.rejected == ["id_conflict"] and row.name.endswith("!3"))
    correct(clerk, batch, row, "证件号码", id_number(4))
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected) == (2, 1)  # both are free of each other now
    row = row_of(batch, "id_checksum")
    correct(clerk, batch, row, "证件号码", same)  # the number and name of the first row: a repeat
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected, batch.rows_repeated) == (2, 0, 1)
    assert sum(part.rows for part in batch.parts.all()) == 2


def test_an_accepted_row_becomes_rejected_by_a_mended_one(clerk):
    batch = sent(clerk, {}, {4: "白云", 5: "990522198602140000"})
    correct(clerk, batch, row_of(batch, "id_checksum"), "证件号码", id_number(2))
    batch.refresh_from_db()
    assert (batch.rows_accepted, batch.rows_rejected, batch.tally) == (0, 2, {})
    assert not batch.parts.exists()


def test_a_row_mended_gives_what_a_whole_check_gives(clerk):
    batch = sent(clerk, {}, {7: "1"}, {5: ""}, {2: "没有村"}, {5: "990522198602140000"})
    correct(clerk, batch, row_of(batch, "phone_invalid"), "联系电话", "13800002046")
    correct(clerk, batch, row_of(batch, "division_unknown"), "行政村", "公河来村")
    correct(clerk, batch, row_of(batch, "id_missing"), "证件号码", id_number(30))
    batch.refresh_from_db()
    mended = (batch.report, batch.tally, batch.rows_accepted)
    clerk.post(reverse("intake:again", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.report, batch.tally, batch.rows_accepted) == mended
    assert batch.rows_accepted == 4


def test_nothing_is_mended_in_a_decided_batch_or_by_who_may_not_write(clerk, client):
    batch = sent(clerk, {}, {5: ""})
    row = row_of(batch, "id_missing")
    client.force_login(UserFactory(division="150522000000", role="supervisor"))
    assert correct(client, batch, row, "证件号码", id_number(4)).status_code == 403
    client.force_login(batch.by)
    begin(client, batch)
    correct(client, batch, row, "证件号码", id_number(4))
    batch.refresh_from_db()
    assert (batch.rows_rejected, batch.rows_accepted) == (1, 1)
    assert not CellCorrection.objects.exists()


def test_the_preview_names_the_person_and_what_changes(clerk):
    begin(clerk, sent(clerk, {}))
    Membership.objects.update(recorded_at=timezone.now() - timedelta(days=3))
    for model in (Condition,):
        model.objects.update(recorded_at=timezone.now() - timedelta(days=3))
    from bangfu.people.models import Contact

    Contact.objects.update(recorded_at=timezone.now() - timedelta(days=3))
    header = [*HEADER[:-1], "文化程度"]
    rows = rows_of({7: "13900002047", 8: "初中"}, {8: "小学"})
    send(clerk, text(header, *rows), "变更.csv")
    batch = latest()
    assert batch.tally == {"changed": 1, "new": 1}
    page = clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "changed"})
    (line,) = page.context["preview"].rows
    assert (line.who.name, line.who.number) == ("乌云", f"{id_number(2)[:6]}********{id_number(2)[-4:]}")
    assert "公河来" in line.who.place
    changes = {(cell.old, cell.new) for cell in line.cells}
    assert ("138****2046", "139****2047") in changes
    assert any(old == "" and new in ("初中", "Junior secondary school") for old, new in changes)
    assert id_number(2) not in page.content.decode()
    (new,) = clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "new"}).context["preview"].rows
    assert (new.state, new.who.name) == ("new", "乌云")


@pytest.mark.parametrize("rows", [1, 25])
def test_the_preview_costs_the_same_for_1_and_25_rows(clerk, rows, django_assert_max_num_queries):
    batch = sent(clerk, *[{} for _ in range(rows)])
    clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "accepted"})
    with django_assert_max_num_queries(24):
        clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "accepted"})


def test_the_preview_is_paged(clerk):
    batch = sent(clerk, *[{} for _ in range(30)])
    first = clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "accepted"}).context["preview"]
    second = clerk.get(reverse("intake:batch", args=[batch.pk]), {"show": "accepted", "start": first.next}).context
    assert (len(first.rows), len(second["preview"].rows), second["preview"].next) == (25, 5, None)


def test_rejected_rows_are_tried_again_when_the_register_knows_them(clerk):
    jobs = text(
        ["姓名", "证件号码", "就业状态", "开始时间"],
        ["乌云", id_number(2), "已就业", "2026-03"], ["乌云", id_number(4), "已就业", "2026-03"],
    )  # fmt: skip
    clerk.post(LIST, {"kind": "jobs", "file": SimpleUploadedFile("务工.csv", jobs)})
    waiting = latest()
    assert waiting.rows_rejected == 2
    begin(clerk, sent(clerk, {}))
    clerk.post(reverse("intake:again", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert (waiting.rows_accepted, waiting.rows_rejected) == (1, 1)
    begin(clerk, waiting)
    begin(clerk, sent(clerk, {}, {}))
    response = clerk.post(reverse("intake:again", args=[waiting.pk]))
    again = Batch.objects.get(pk=response.url.rstrip("/").rpartition("/")[2])
    assert again.pk != waiting.pk
    assert (again.rows_total, again.rows_accepted) == (1, 1)
    assert next(iter(keeping.accepted_rows(again, "")))[1]["row"].to_list() == ["务工.csv!3"]


def test_what_nobody_decides_about_is_given_up_after_thirty_days(clerk):
    batch = sent(clerk, {}, {5: ""})
    assert SheetPart.objects.exists()
    assert actions.drop_old_batches(at=batch.created_at + timedelta(days=29)) == 0
    assert actions.drop_old_batches(at=batch.created_at + timedelta(days=31)) == 1
    batch.refresh_from_db()
    assert (batch.state, SheetPart.objects.count(), batch.flagged.count()) == ("dropped", 0, 0)


def test_rows_chosen_on_a_page_are_staged_alike(officer):
    header = ["county", "town", "village", "household_no", "name", "id_number", "sex", "phone"]
    rows = [dict(zip(header, row, strict=False)) for row in rows_of({}, {5: ""})]
    now = timezone.now()
    batch = staging.stage_rows(
        all_kinds()["roster"], rows, name="选中的人", on=timezone.localdate(now), by=officer, at=now,
        inside=officer.ranges(),
    )  # fmt: skip
    assert (batch.rows_accepted, batch.rows_rejected, batch.flagged.get().name) == (1, 1, "选中的人!2")
    assert actions.apply_batch(batch, at=now).rows_applied == 1


@pytest.mark.parametrize("cell", [1.0, 45_000.5, 3, "x", True, "", 10**17])
def test_kept_sheets_come_back_as_they_were(officer, cell):
    now = timezone.now()
    rows = [{"name": "乌云", "id_number": cell}, {"name": "", "id_number": "9"}]
    batch = staging.stage_rows(
        all_kinds()["roster"], [{"county": "", "town": "", "village": "", **row} for row in rows], name="n",
        on=timezone.localdate(now), by=officer, at=now,
    )  # fmt: skip
    (sheet,) = keeping.kept_sheets(batch)
    kept = sheet.column("id_number")[0]
    assert staging.text_of(kept) == staging.text_of(cell)
    assert isinstance(kept, str) == (isinstance(cell, str | bool))
