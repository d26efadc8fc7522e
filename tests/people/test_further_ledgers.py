"""Households, monthly monitoring, public-welfare posts, training rosters: accepted, warned, recorded, taken back."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.intake.actions import apply_batch, undo_batch
from bangfu.intake.kinds import all_kinds
from bangfu.intake.previewing import accepted_page
from bangfu.intake.staging import stage_file
from bangfu.people.actions import record_accounts, record_facts
from bangfu.people.models import (
    BankAccount,
    Category,
    Certificate,
    Condition,
    Household,
    Intent,
    Job,
    Joblessness,
    Membership,
    Standing,
    Training,
)
from bangfu.people.recorded import Recorded
from bangfu.people.standing import refresh_standings
from tests.factories import NOON, VILLAGE, HouseholdFactory, JobFactory, PersonFactory, id_number, id_number_of
from tests.house.county_a import everything
from tests.intake.ledger_files import text

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)
PLACE = ["科尔沁左翼后旗", "巴胡塔苏木", "哈日额日格嘎查"]
OTHER_PLACE = ["科尔沁左翼后旗", "巴胡塔苏木", "布日敦嘎查"]
HOUSEHOLD = ["县(市、区)", "乡镇", "行政村", "户编号", "户主姓名", "户主证件号码", "家庭人口数", "户类型"]


def staged(code, header, *rows):
    return stage_file(all_kinds()[code], "a.csv", text(header, *rows), on=ON, by=None, at=timezone.now())


def imported(code, header, *rows):
    batch = staged(code, header, *rows)
    assert batch.report["rejected"] == {}, batch.report
    apply_batch(batch, at=timezone.now())
    batch.refresh_from_db()
    return batch


def cells_of(batch):
    """What the preview says of each row: field to (old, new)."""
    page = accepted_page(batch, all_kinds()[batch.kind], "", 0)
    return [{cell.name: (cell.old, cell.new) for cell in line.cells} for line in page.rows]


# Households


def household_row(person, number, place=PLACE, members="1", category="脱贫不稳定户"):
    return [*place, number, person.name, id_number_of(person), members, category]


def family():
    """A head and a second member of one household."""
    household = HouseholdFactory()
    head, wife = (PersonFactory(standing__household=household) for _ in range(2))
    Membership.objects.filter(person=wife).update(relation="配偶")
    return household, head, wife


def test_a_household_moves_with_all_its_members_and_back():
    household, head, wife = family()
    batch = imported("households", HOUSEHOLD, household_row(head, household.number, OTHER_PLACE, "2"))
    assert batch.report["warned"] == {}
    household.refresh_from_db()
    moved = household.division
    assert moved != VILLAGE
    assert set(Standing.objects.filter(person__in=(head, wife)).values_list("division", "category")) == {
        (moved, "unstable")
    }
    undo_batch(batch, by=None, at=timezone.now())
    household.refresh_from_db()
    assert household.division == VILLAGE
    assert set(Membership.objects.open().values_list("division", flat=True)) == {VILLAGE}
    assert not Category.objects.open().exists()


def test_another_head_takes_the_place_of_the_first():
    household, head, wife = family()
    imported("households", HOUSEHOLD, household_row(wife, household.number, members="2"))
    relations = dict(Membership.objects.open().values_list("person_id", "relation"))
    assert relations == {head.pk: "其他", wife.pk: "户主"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"members": "3"}, "members_differ"),
        ({"number": "9905229999999"}, "household_new"),
        ({"head": "stranger"}, "head_elsewhere"),
        ({"members": "许多"}, "number_invalid"),
    ],
)
def test_what_does_not_fit_a_household_is_named(change, code):
    household, head, _ = family()
    other = PersonFactory()
    row = household_row(
        other if change.get("head") else head,
        change.get("number", household.number),
        members=change.get("members", "2"),
    )
    batch = staged("households", HOUSEHOLD, row)
    assert batch.report["warned"] == {"a.csv!2": [code]}
    assert batch.rows_accepted == 1


def test_a_new_household_is_added_and_its_head_joins():
    head = PersonFactory()
    imported("households", HOUSEHOLD, household_row(head, "9905229999999"))
    household = Household.objects.get(number="9905229999999")
    assert Membership.objects.open().get(person=head).household_id == household.pk


def test_a_household_without_number_or_of_nobody_is_refused():
    head = PersonFactory()
    rows = household_row(head, ""), [*household_row(head, "1")[:5], id_number(777), "1", ""]
    batch = staged("households", HOUSEHOLD, *rows)
    assert batch.report["rejected"] == {"a.csv!2": ["value_missing"], "a.csv!3": ["person_unknown"]}


def test_nobody_moves_a_household_of_another_area(officer):
    """Its number is enough to name it: without this a list could carry its members away, or learn how many they are."""
    household = HouseholdFactory(division="150502001001")
    away = [PersonFactory(standing__household=household, standing__division="150502001001") for _ in range(2)]
    head = PersonFactory()
    row = household_row(head, household.number, members="7")
    batch = stage_file(
        all_kinds()["households"], "a.csv", text(HOUSEHOLD, row), on=ON, by=officer, at=timezone.now(),
        inside=officer.ranges(),
    )  # fmt: skip
    assert (batch.report["rejected"], batch.report["warned"]) == ({"a.csv!2": ["outside_area"]}, {})
    assert batch.rows_accepted == 0
    assert set(Membership.objects.open().filter(person__in=away).values_list("division", flat=True)) == {"150502001001"}


# The month's list

MONTHLY = [
    "证件号码", "是否已务工", "务工所在省", "务工所在市", "务工所在县", "开始时间", "务工企业名称", "所属行业",
    "就业渠道", "务工月收入", "是否点对点输送", "年度交通费补助", "是否计划务工", "计划务工所在县", "就业服务需求",
]  # fmt: skip
AT_WORK = [
    "是",
    "浙江省",
    "嘉兴市",
    "桐乡市",
    "2026年03月",
    "某针织有限公司",
    "制造业",
    "外出务工",
    "5200",
    "是",
    "500",
]
NO_PLAN = ["", "", ""]
NO_WORK = [""] * 11


def test_the_months_list_tells_of_work_and_of_plans():
    worker, planner = PersonFactory(), PersonFactory()
    imported(
        "work_monthly", MONTHLY, [id_number_of(worker), *AT_WORK, *NO_PLAN],
        [id_number_of(planner), *NO_WORK, "是", "桐乡市", "岗位推荐"],
    )  # fmt: skip
    job = Job.objects.known().get()
    assert (job.person_id, job.place, job.valid_from, job.precision) == (
        worker.pk, "330483000000", date(2026, 3, 1), "month",
    )  # fmt: skip
    assert (job.employer, job.industry, job.channel, job.organised) == ("某针织有限公司", "制造业", "外出务工", True)
    assert (job.wage_amount, job.travel_aid_amount) == (Decimal(5200), Decimal(500))
    plan = Intent.objects.open().get()
    assert (plan.person_id, plan.will_go_out, plan.wished_place, plan.service_need) == (
        planner.pk, True, "330483000000", "岗位推荐",
    )  # fmt: skip
    assert not Joblessness.objects.exists()


def test_the_same_list_again_writes_nothing():
    worker, planner = PersonFactory(), PersonFactory()
    rows = [id_number_of(worker), *AT_WORK, *NO_PLAN], [id_number_of(planner), *NO_WORK, "是", "桐乡市", "岗位推荐"]
    imported("work_monthly", MONTHLY, *rows)
    versions = set(Job.objects.values_list("pk")) | set(Intent.objects.values_list("pk"))
    again = imported("work_monthly", ["序号", *MONTHLY], *(["1", *row] for row in rows))
    assert again.report["warned"] == {"a.csv!2": ["duplicate_row"]}
    assert set(Job.objects.values_list("pk")) | set(Intent.objects.values_list("pk")) == versions


def test_a_row_that_says_nothing_and_a_job_without_its_day_are_refused():
    number = id_number_of(PersonFactory())
    batch = staged(
        "work_monthly", MONTHLY, [number, *NO_WORK, *NO_PLAN], [number, "是", *AT_WORK[1:4], "", *AT_WORK[5:], *NO_PLAN]
    )
    assert batch.report["rejected"] == {"a.csv!2": ["value_missing"], "a.csv!3": ["start_missing"]}


# Public-welfare posts

POSTS = ["姓名", "证件号码", "岗位名称", "用人单位", "协议开始时间", "协议到期时间", "月补贴标准", "参保险种"]
POST = ["保洁员", "某村民委员会", "2026-01-01", "2026-12-31", "800", "工伤保险、基本养老保险"]


def test_a_post_is_a_job_with_its_term():
    person = PersonFactory()
    imported("public_posts", POSTS, [person.name, id_number_of(person), *POST])
    job = Job.objects.known().get()
    assert (job.form, job.channel, job.occupation, job.organised) == ("公益性岗位", "公益岗位", "保洁员", False)
    assert (job.valid_from, job.valid_to, job.wage_amount) == (date(2026, 1, 1), date(2026, 12, 31), Decimal(800))
    assert job.insurances == "pension injury"
    assert Standing.objects.get(person=person).work_status == "at_work"


@pytest.mark.parametrize(
    ("born_on", "rejected", "warned"),
    [
        (date(2010, 1, 1), {}, {}),
        (date(2010, 1, 2), {"a.csv!2": ["post_under_16"]}, {}),
        (date(1956, 7, 1), {}, {}),
        (date(1956, 6, 30), {}, {"a.csv!2": ["post_over_70"]}),
    ],
)
def test_ages_in_a_post(born_on, rejected, warned):
    person = PersonFactory(born_on=born_on)
    batch = staged("public_posts", POSTS, [person.name, id_number_of(person), *POST])
    assert (batch.report["rejected"], batch.report["warned"]) == (rejected, warned)


def test_a_second_post_a_post_of_no_kind_and_an_unknown_insurance_are_warned_about():
    person, second = PersonFactory(), PersonFactory()
    JobFactory(person=person, form="公益性岗位")
    batch = staged(
        "public_posts", POSTS, [person.name, id_number_of(person), *POST],
        [second.name, id_number_of(second), "", *POST[1:5], "平安"],
    )  # fmt: skip
    assert batch.report["warned"] == {"a.csv!2": ["post_held"], "a.csv!3": ["post_kind_missing", "value_unknown"]}


# The training roster

TRAINING = [
    "姓名", "证件号码", "班级编号", "培训机构", "培训职业(工种)", "等级", "开始日期", "结束日期", "总课时", "实到课时",
    "理论成绩", "结论", "培训补贴(元)", "证书名称", "证书编号", "银行(社保卡)账号",
]  # fmt: skip
CLASS = [
    "2026-015", "某职业培训学校", "养老护理员", "五级", "2026-05-11", "2026-06-05", "120", "116", "82.5", "合格",
    "1500", "职业技能等级证书", "S000015000001265000001", "6222020000000000018",
]  # fmt: skip


def test_a_roster_tells_of_the_training_its_certificate_and_the_account():
    person = PersonFactory()
    batch = imported("training_roster", TRAINING, [person.name, id_number_of(person), *CLASS])
    attended = Training.objects.open().get()
    assert (attended.person_id, attended.course, attended.valid_from) == (person.pk, "2026-015", date(2026, 5, 11))
    assert (attended.hours_attended, attended.theory_mark, attended.passed) == (Decimal(116), Decimal("82.5"), True)
    assert (attended.level, attended.subsidy_amount) == ("junior", Decimal(1500))
    assert Certificate.objects.open().get().trade == "养老护理员"
    assert BankAccount.objects.open().exists()
    undo_batch(batch, by=None, at=timezone.now())
    assert not any(model.objects.open().exists() for model in (Training, Certificate, BankAccount))


def test_a_class_without_number_is_known_by_trade_and_day_and_counts_once():
    person = PersonFactory()
    row = [person.name, id_number_of(person), "", *CLASS[1:]]
    imported("training_roster", TRAINING, row)
    imported("training_roster", ["序号", *TRAINING], ["1", *row])
    assert Training.objects.count() == 1
    assert Training.objects.get().course == "养老护理员 2026-05-11"


def test_two_rows_of_one_class_leave_the_days_of_others_alone():
    """The later row of a class stands; once it shifted the first days of everybody below it."""
    person, other = PersonFactory(), PersonFactory()
    rows = [
        [person.name, id_number_of(person), *CLASS[:11]],
        [person.name, id_number_of(person), *CLASS[:2], "中式面点师", *CLASS[3:4], "2026-05-12", *CLASS[5:11]],
        [other.name, id_number_of(other), *CLASS[:4], "2026-05-13", *CLASS[5:11]],
    ]
    imported("training_roster", TRAINING[:13], *rows)
    assert {(row.person_id, row.trade, row.valid_from) for row in Training.objects.open()} == {
        (person.pk, "中式面点师", date(2026, 5, 12)), (other.pk, "养老护理员", date(2026, 5, 13)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "cell", "severity", "code"),
    [
        (4, "2026-07-01", "rejected", "day_in_future"),
        (4, "", "rejected", "value_missing"),
        (5, "2026-05-10", "warned", "ends_before_start"),
        (7, "121", "warned", "hours_odd"),
        (9, "好", "warned", "value_unknown"),
        (11, "", "warned", "certificate_kind_missing"),
        (13, "1234", "warned", "account_odd"),
    ],
)
def test_what_is_wrong_in_a_roster_is_named(at, cell, severity, code):
    person = PersonFactory()
    cells = [*CLASS[:at], cell, *CLASS[at + 1 :]]
    if at == 4 and cell:
        cells[5] = "2026-08-01"
    batch = staged("training_roster", TRAINING, [person.name, id_number_of(person), *cells])
    assert batch.report[severity]["a.csv!2"] == [code]


# The preview of statements


def test_the_preview_names_the_cells_that_change_and_masks_numbers():
    person = PersonFactory()
    how = Recorded(ON, "ledger", None, NOON)
    record_facts(Category, {person.pk: {"kind": "lifted"}}, how)
    record_accounts([{"person": person.pk, "number": "6222020000000000018", "bank": "某银行"}], how)
    who = [person.name, id_number_of(person)]
    batch = staged("categories", ["姓名", "证件号码", "户类型", "致贫风险"], [*who, "脱贫不稳定户", "因病"])
    assert list(cells_of(batch)[0].values()) == [
        ("Lifted household", "Lifted but unstable household"),
        ("", "因病"),
    ] or (list(cells_of(batch)[0].values()) == [("脱贫户", "脱贫不稳定户"), ("", "因病")])
    batch = staged("accounts", ["姓名", "证件号码", "银行卡号", "开户行"], [*who, "6222 0200 0000 0000 026", "某银行"])
    assert list(cells_of(batch)[0].values()) == [("**** 0018", "**** 0026")]
    assert batch.tally == {"changed": 1}
    batch = staged("accounts", ["姓名", "证件号码", "银行卡号", "开户行"], [*who, "6222020000000000018", "某银行"])
    assert batch.tally == {"same": 1}
    batch = staged(
        "certificates", ["姓名", "证件号码", "证书名称", "证书编号"], [*who, "职业资格证书", "1234567890123456"]
    )
    assert ("", "**** 3456") in cells_of(batch)[0].values()
    assert "1234567890123456" not in str(cells_of(batch))


def test_the_preview_says_what_a_trusted_source_holds(client, officer):
    person = PersonFactory()
    record_facts(Condition, {person.pk: {"health": "chronic"}}, Recorded(ON, "visit", officer, NOON))
    header = [*HOUSEHOLD[:4], "姓名", "证件号码", "健康状况", "劳动技能"]
    row = [*PLACE, "9905229999999", person.name, id_number_of(person), "健康", "普通劳动力"]
    batch = stage_file(
        all_kinds()["roster"], "a.csv", text(header, row), on=date(2026, 7, 1), by=officer, at=timezone.now()
    )
    (line,) = accepted_page(batch, all_kinds()["roster"], "", 0).rows
    guarded = {cell.new: cell.guarded for cell in line.cells}
    assert sum(guarded.values()) == 1
    client.force_login(officer)
    page = client.get(reverse("intake:batch", args=[batch.pk]), {"show": "accepted"}).content.decode()
    assert "转来源差异核定" in page


def test_taking_each_back_leaves_the_register_as_it_was():
    household, head, wife = family()
    refresh_standings([head.pk, wife.pk], ON)
    who = [head.name, id_number_of(head)]
    sent = {
        "households": (HOUSEHOLD, household_row(head, household.number, OTHER_PLACE, "2")),
        "work_monthly": (MONTHLY, [who[1], *AT_WORK, "是", "桐乡市", "岗位推荐"]),
        "public_posts": (POSTS, [*who, *POST]),
        "training_roster": (TRAINING, [*who, *CLASS]),
    }
    watched = ("people.Household", "people.Person", "people.Standing")
    before = {name: state for name, state in everything().items() if name in watched}
    for code, (header, row) in sent.items():
        undo_batch(imported(code, header, row), by=None, at=timezone.now())
        now = everything()
        assert {name: now[name] for name in watched} == before, code


def test_the_preview_says_that_a_job_seen_to_go_on_is_not_ended_by_a_list():
    """The column of the end is empty; that the job goes on was seen all the same."""
    job = JobFactory(source="visit")
    header = ["姓名", "证件号码", "就业状态", "开始时间", "结束时间"]
    row = [job.person.name, id_number_of(job.person), "已就业", "2025-03-01", "2026-06-15"]
    batch = stage_file(all_kinds()["jobs"], "a.csv", text(header, row), on=date(2026, 7, 1), by=None, at=timezone.now())
    (line,) = accepted_page(batch, all_kinds()["jobs"], "", 0).rows
    assert [cell.guarded for cell in line.cells if cell.new == "2026-06-15"] == [True]
    apply_batch(batch, at=timezone.now())
    assert Job.objects.known().get().valid_to is None
