"""Changing many at once: from a sheet or a selection, shown before, done row by row, taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.intake.actions import apply_batch, begin_batch, undo_batch
from bangfu.intake.models import Batch
from bangfu.intake.staging import stage_file
from bangfu.people import identity
from bangfu.people.importing import EDITS
from bangfu.people.models import Contact, Intent, Job, Joblessness, Pairing, Standing
from tests.factories import NOON, JobFactory, PersonFactory, UserFactory, id_number_of
from tests.intake.ledger_files import text

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = date(2026, 6, 30)
HEADER = [
    "姓名", "身份证号", "办理事项", "日期", "单位名称", "岗位", "月收入", "就业意愿", "联系电话", "帮扶责任人",
    "离岗原因",
]  # fmt: skip


def row(person, deed, *, day="", employer="", post="", wage="", will="", phone="", helper="", reason=""):
    return [person.name, id_number_of(person), deed, day, employer, post, wage, will, phone, helper, reason]


def staged(officer, *rows):
    return stage_file(EDITS, "变更.csv", text(HEADER, *rows), on=DAY, by=officer, at=NOON, inside=officer.ranges())


def applied(officer, *rows):
    batch = staged(officer, *rows)
    assert batch.report["rejected"] == {}
    begin_batch(batch, by=officer, at=NOON)
    return apply_batch(batch, at=NOON)


def open_jobs(person):
    return [(job.employer, job.wage_amount, job.valid_to) for job in Job.objects.known().filter(person=person)]


def test_each_deed_does_what_it_says(officer):
    helper = UserFactory(name="其木格", division="150522202000", role="town_officer")
    ends, raises, begins, first, wishes, calls, pairs = [PersonFactory() for _ in range(7)]
    for person in (ends, raises, begins):
        JobFactory(person=person)
    applied(
        officer,
        row(ends, "结束就业", day="2026-06-20", reason="合同到期"),
        row(raises, "调整工资", wage="4800元"),
        row(begins, "开始就业", day="2026-06-25", employer="合成电子有限公司", wage="5200"),
        row(first, "开始就业", day="2026-06-25", employer="合成鞋业有限公司"),  # who had no job
        row(wishes, "修改意愿", will="否"),
        row(calls, "修改电话", phone="13900000000"),
        row(pairs, "更换帮扶责任人", helper="其木格"),
    )
    assert open_jobs(ends) == [("合成食品有限公司", Decimal("3600.00"), date(2026, 6, 20))]
    assert Joblessness.objects.open().get(person=ends).reason == "合同到期"
    assert open_jobs(raises) == [("合成食品有限公司", Decimal("4800.00"), None)]
    assert sorted(open_jobs(begins), key=str) == [
        ("合成电子有限公司", Decimal("5200.00"), None),
        ("合成食品有限公司", Decimal("3600.00"), date(2026, 6, 25)),
    ]
    assert open_jobs(first) == [("合成鞋业有限公司", None, None)]
    assert Intent.objects.open().get(person=wishes).will_work is False
    assert identity.phone_number(Contact.objects.open().get(person=calls)) == "13900000000"
    assert Pairing.objects.open().get(person=pairs).helper == helper
    assert Standing.objects.get(person=ends).work_status == "jobless"
    assert Entry.objects.filter(verb="people.edited").count() == 1


@pytest.mark.parametrize(
    ("deed", "cells", "code"),
    [
        ("调走", {}, "deed_unknown"),
        ("", {}, "deed_unknown"),
        ("结束就业", {"day": "2026-07-01"}, "day_in_future"),
        ("结束就业", {"day": "2025-02-28"}, "day_before_start"),  # the job began on 1 March 2025
        ("结束就业", {"day": "2025-03-01"}, None),
        ("开始就业", {"wage": "4000"}, "employer_missing"),
        ("调整工资", {}, "wage_missing"),
        ("调整工资", {"wage": "四千"}, "wage_missing"),
        ("修改意愿", {}, "wish_missing"),
        ("修改电话", {"phone": "0475-8222222"}, "phone_missing"),
        ("更换帮扶责任人", {"helper": "无此人"}, "helper_unknown"),
    ],
)
def test_what_a_deed_lacks_is_named_and_nothing_changes(officer, deed, cells, code):
    person = PersonFactory()
    JobFactory(person=person)
    batch = staged(officer, row(person, deed, **cells))
    assert batch.report["rejected"] == ({"变更.csv!2": [code]} if code else {})
    assert open_jobs(person) == [("合成食品有限公司", Decimal("3600.00"), None)]


def test_who_has_no_job_cannot_end_one(officer):
    batch = staged(officer, row(PersonFactory(), "结束就业"))
    assert batch.report["rejected"] == {"变更.csv!2": ["no_open_job"]}


def test_two_helpers_of_one_name_need_the_sign_in_name(officer):
    first, _second = (UserFactory(name="其木格", division="150522202000") for _ in range(2))
    person, other = PersonFactory(), PersonFactory()
    batch = staged(
        officer, row(person, "更换帮扶责任人", helper="其木格"), row(other, "更换帮扶责任人", helper=first.username)
    )
    assert batch.report["rejected"] == {"变更.csv!2": ["helper_unknown"]}


def test_the_same_deed_twice_counts_once(officer):
    person = PersonFactory()
    batch = staged(
        officer,
        row(person, "修改意愿", will="否"),
        row(person, "修改意愿", will="否"),
        row(person, "修改意愿", will="是"),
    )
    assert batch.report["warned"] == {"变更.csv!3": ["duplicate_row"], "变更.csv!4": ["duplicate_differs"]}
    assert batch.rows_accepted == 1


def test_taking_it_back_leaves_what_is_newer(officer):
    first, second = PersonFactory(), PersonFactory()
    for person in (first, second):
        JobFactory(person=person)
    batch = applied(officer, row(first, "调整工资", wage="4800"), row(second, "调整工资", wage="4900"))
    applied(officer, row(second, "结束就业"))
    assert undo_batch(batch, by=officer, at=NOON + timedelta(days=1)) == {"changed_since": 1}
    assert open_jobs(first) == [("合成食品有限公司", Decimal("3600.00"), None)]
    assert open_jobs(second) == [("合成食品有限公司", Decimal("4900.00"), DAY)]


def test_a_selection_is_shown_before_it_is_done(client, officer):
    today = timezone.localdate()
    chosen, other = [PersonFactory() for _ in range(2)], PersonFactory()
    for person in (*chosen, other):
        JobFactory(person=person)
    client.force_login(officer)
    page = reverse("people:edit")
    keys = [person.pk for person in chosen]
    assert client.post(page, {"person": keys}).status_code == 200
    assert client.post(page, {"person": keys, "deed": "wage"}).status_code == 422
    said = {"person": keys, "deed": "wage", "day": today.isoformat(), "wage": "4800"}
    preview = client.post(page, said)
    batch = Batch.objects.get()
    assert preview.url == reverse("intake:batch", args=[batch.pk])
    assert (batch.kind, batch.rows_accepted) == ("edits", 2)
    assert "4,800" in client.get(preview.url, {"show": "changed"}).content.decode()
    assert open_jobs(chosen[0]) == [("合成食品有限公司", Decimal("3600.00"), None)]
    client.post(reverse("intake:begin", args=[batch.pk]))
    assert [open_jobs(one)[0][1] for one in (*chosen, other)] == [Decimal(4800), Decimal(4800), Decimal(3600)]


def test_all_of_the_filtered_list_can_be_changed(client, officer):
    people = [PersonFactory() for _ in range(27)]
    PersonFactory(standing__work_status="at_work")
    client.force_login(officer)
    said = {"all": "1", "work": "jobless", "deed": "wishes", "will_work": "是", "day": timezone.localdate().isoformat()}
    assert client.post(reverse("people:edit"), said).status_code == 302
    assert Batch.objects.get().rows_total == len(people)


def test_a_person_outside_cannot_be_chosen(client, stranger):
    person = PersonFactory()
    client.force_login(stranger)
    assert client.post(reverse("people:edit"), {"person": person.pk}).status_code == 404
    assert not Batch.objects.exists()
