"""The screen against made-up records: judged from a snapshot, looked into, answered; who may see what."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.core.clock import ZONE
from bangfu.monitoring.actions import publish_lake, snapshot_shown
from bangfu.monitoring.models import Inspection, ScreenFinding
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.screen_lines import STATES, rows_behind
from bangfu.monitoring.screening import (
    Held,
    NothingToAnswerError,
    answer_screen,
    enter_inspections,
    judge_screen,
    record_screen,
)
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, JobFactory, PersonFactory, UserFactory
from tests.monitoring.findings import TODAY

LIST, INSPECTIONS = reverse("monitoring:screen"), reverse("monitoring:inspections")
TOWN, COUNTY = "150522202000", "150522000000"
WAGE = "screen_same_wage"
FIGURES = {
    "waged": 25, "same_wage": 22, "wage_share": "88.00", "usual_wage_share": "30.00", "common_wage": "3600.00",
    "persons": 25,
}  # fmt: skip


def recorder(name="哈斯"):
    return UserFactory(role="village_officer", division=VILLAGE, name=name)


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def recorded(by, count, **columns):
    """So many jobs of new persons that one user recorded."""
    values = {"recorded_by": by, "recorded_at": at(TODAY - timedelta(days=40)), "wage_amount": None, **columns}
    return [JobFactory(**values) for _ in range(count)]


def found(code, by, **values):
    return Found(code, "recorder_day", by.pk, None, TOWN, values, "v1")


def finding(by=None, **columns):
    values = {
        "code": WAGE, "version": "v", "recorder": by or recorder(), "division": TOWN, "opened_on": TODAY,
        "judged_on": TODAY, "reasons": FIGURES, **columns,
    }  # fmt: skip
    return ScreenFinding.objects.create(**values)


@pytest.mark.db
def test_each_habit_is_found_with_its_rows(lake):
    """Four recorders with one habit each and one without; the rows behind a figure are as many as the figure says."""
    alike, ends, late, before, plain = (recorder(name) for name in ("甲", "乙", "丙", "丁", "戊"))
    recorded(alike, 19, wage_amount=Decimal(3600))
    recorded(alike, 1, wage_amount=Decimal(4000))
    recorded(alike, 3, wage_amount=Decimal(3600), form="乡村公益性岗位")  # one standard pay: not counted
    recorded(ends, 5, valid_from=date(2026, 5, 28), valid_to=date(2026, 6, 3))
    recorded(ends, 5, valid_from=date(2026, 5, 10), valid_to=date(2026, 5, 20))  # no month's end inside
    recorded(late, 20, recorded_at=at(date(2026, 5, 29)))
    recorded(late, 3, recorded_at=at(date(2026, 5, 28), 23))  # the fourth day from the end
    enter_inspections([Held(COUNTY, date(2026, 6, 20), "省检查组")], by=plain, at=NOON)
    recorded(before, 20, recorded_at=at(date(2026, 6, 13), 0))
    recorded(before, 2, recorded_at=at(date(2026, 6, 12), 23))
    recorded(before, 2, recorded_at=at(date(2026, 6, 20), 0))
    recorded(plain, 6, wage_amount=Decimal(3600))
    publish_lake(TODAY, at=NOON)
    with snapshot_shown(TODAY) as engine:
        judged = judge_screen(engine, TODAY)
    assert record_screen(judged, TODAY, at=NOON) == 4
    rows = {(row.code, row.recorder.name): row for row in ScreenFinding.objects.select_related("recorder")}
    assert set(rows) == {
        (WAGE, "甲"), ("screen_month_end_jobs", "乙"), ("screen_month_end_edits", "丙"),
        ("screen_inspection_edits", "丁"),
    }  # fmt: skip
    assert {row.division for row in rows.values()} == {TOWN}
    figures = {name: (len(rows_behind(row)), row.reasons) for (_code, name), row in rows.items()}
    assert (figures["甲"][0], figures["甲"][1]["same_wage"], figures["甲"][1]["wage_share"]) == (19, 19, "95.00")
    assert figures["乙"][0] == figures["乙"][1]["short_jobs"] == 5
    assert figures["丙"][0] == figures["丙"][1]["month_end_edits"] == 20
    assert figures["丁"][0] == figures["丁"][1]["inspection_edits"] == 20
    before_again = list(ScreenFinding.objects.values())
    assert record_screen(judged, TODAY, at=NOON) == 4
    assert list(ScreenFinding.objects.values()) == before_again


@pytest.mark.django_db
def test_a_finding_is_renewed_closes_and_opens_anew():
    by, day = recorder(), timedelta(days=1)
    record_screen([found(WAGE, by, waged=20)], TODAY, at=NOON)
    ScreenFinding.objects.update(answer="explained", said="统一定薪", answered_by=UserFactory(), answered_at=NOON)
    assert record_screen([found(WAGE, by, waged=30)], TODAY + day, at=NOON) == 1
    row = ScreenFinding.objects.get()
    assert (row.reasons, row.judged_on, row.opened_on, row.answer) == ({"waged": 30}, TODAY + day, TODAY, "explained")
    assert record_screen([], TODAY + 2 * day, at=NOON) == 0
    row.refresh_from_db()
    assert row.closed_on == TODAY + 2 * day
    record_screen([found(WAGE, by, waged=20)], TODAY + 3 * day, at=NOON)
    assert ScreenFinding.objects.get(closed_on=None).answer == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "division", "list_status", "status"),
    [
        ("supervisor", "150500000000", 200, 200),
        ("auditor", COUNTY, 200, 200),
        ("county_officer", COUNTY, 200, 200),
        ("province_officer", "150000000000", 200, 200),
        ("county_officer", "150521000000", 200, 404),
        ("town_officer", TOWN, 403, 404),
        ("village_officer", VILLAGE, 403, 404),
    ],
)
def test_who_may_look(client, role, division, list_status, status):
    row = finding()
    client.force_login(UserFactory(role=role, division=division))
    page = client.get(LIST)
    assert page.status_code == list_status
    assert client.get(reverse("monitoring:screen-finding", args=[row.pk])).status_code == status
    if list_status == 200:
        assert page.context["total"] == (1 if status == 200 else 0)


@pytest.mark.django_db
def test_nobody_sees_or_answers_the_own_finding(client, officer):
    row = finding(officer)
    client.force_login(officer)
    assert client.get(LIST).context["total"] == 0
    assert client.get(reverse("monitoring:screen-finding", args=[row.pk])).status_code == 404
    with pytest.raises(NothingToAnswerError):
        answer_screen([row.pk], "explained", "属实", by=officer, at=NOON)


@pytest.mark.django_db
def test_a_finding_is_looked_into(client, officer):
    by = recorder()
    row = finding(by)
    for job in recorded(by, 26, wage_amount=Decimal(3600)):
        person = job.person
    client.force_login(officer)
    address = reverse("monitoring:screen-finding", args=[row.pk])
    page = client.get(address)
    assert (page.context["total"], len(page.context["rows"]), page.context["next"]) == (26, 25, 25)
    assert len(client.get(address, {"from": 25}).context["rows"]) == 1
    told = page.content.decode()
    for words in ("88 %", "25 条中 22 条", "本县通常：30 %", person.name):
        assert words in told
    send = reverse("monitoring:answer-screen", args=[row.pk])
    assert client.post(send, {"answer": "explained", "said": " "}).status_code == 422
    assert client.post(send, {"answer": "x", "said": "属实"}).status_code == 422
    assert client.post(send, {"answer": "passed_on", "said": "已移交县纪检"}).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.said, row.answered_by) == ("passed_on", "已移交县纪检", officer)
    entry = Entry.objects.get(verb="monitoring.screen_answered")
    assert entry.facts == {"answer": "passed_on", "findings": [str(row.pk)]}
    assert client.get(LIST).context["total"] == 0
    assert client.get(LIST, {"state": "answered"}).context["total"] == 1
    ScreenFinding.objects.update(closed_on=TODAY)
    client.post(send, {"answer": "explained", "said": "属实"})
    row.refresh_from_db()
    assert row.answer == "passed_on"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_render_for_each_rule(client, officer, language):
    client.cookies["django_language"] = language
    client.force_login(officer)
    share = {
        "screen_same_wage": "wage_share", "screen_month_end_jobs": "short_share",
        "screen_month_end_edits": "month_end_share", "screen_inspection_edits": "inspection_share",
    }  # fmt: skip
    assert set(share) == {rule.code for rule in rulebook().screen()}
    for code, name in share.items():
        reasons = {name: "60.00", f"usual_{name}": None, "common_wage": "3600.00", "edits": 5, "ended_jobs": 5}
        row = finding(code=code, reasons=reasons)
        page = client.get(reverse("monitoring:screen-finding", args=[row.pk]))
        assert page.status_code == 200
        assert ("样本不足 20 条" if language == "zh-hans" else "fewer than 20 records") in page.content.decode()
        assert client.get(LIST, {"rule": code}).context["total"] == 1
    old = finding(code="gone_rule", reasons={})
    assert client.get(reverse("monitoring:screen-finding", args=[old.pk])).status_code == 200
    for state in STATES:
        assert client.get(LIST, {"state": state}).status_code == 200
    for kind in ("screen", "clearing"):
        assert client.get(reverse("monitoring:rules"), {"kind": kind}).status_code == 200


@pytest.mark.django_db
def test_inspections_are_entered_above_the_county(client, officer, supervisor):
    client.force_login(officer)
    assert client.get(INSPECTIONS).status_code == 403
    client.force_login(supervisor)
    sent = {"division": COUNTY, "held_on": (timezone.localdate() + timedelta(days=5)).isoformat()}
    assert client.post(INSPECTIONS, sent).status_code == 422
    sent["announced_by"] = "自治区检查组"
    for _ in range(2):  # sent twice it stands once
        assert client.post(INSPECTIONS, sent).status_code == 302
    assert client.post(INSPECTIONS, {**sent, "division": "110101000000"}).status_code == 422
    row = Inspection.objects.get()
    assert "自治区检查组" in client.get(INSPECTIONS).content.decode()
    client.force_login(UserFactory(role="supervisor", division="150700000000"))
    withdraw = reverse("monitoring:withdraw-inspection", args=[row.pk])
    assert client.post(withdraw).status_code == 404
    client.force_login(supervisor)
    assert client.post(withdraw).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert client.post(withdraw).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 25])
def test_the_list_costs_the_same_for_1_and_25(client, officer, count, django_assert_num_queries):
    for _ in range(count):
        finding()
    client.force_login(officer)
    client.get(LIST)
    with django_assert_num_queries(15):
        assert len(client.get(LIST).context["lines"]) == count


@pytest.mark.django_db
def test_persons_outside_are_only_counted(client, officer):
    by = recorder()
    row = finding(by)
    recorded(by, 1, wage_amount=Decimal(3600), person=PersonFactory(standing__division="150521100200", name="外乡人"))
    client.force_login(officer)
    page = client.get(reverse("monitoring:screen-finding", args=[row.pk]))
    assert (page.context["outside"], page.context["rows"]) == (1, [])
    assert "外乡人" not in page.content.decode()
