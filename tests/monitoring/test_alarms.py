"""Alarms of towns: judged in the night, with the persons behind them, answered; who may see what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bangfu.audit.models import Entry
from bangfu.monitoring import alarms
from bangfu.monitoring.actions import publish_lake, snapshot_shown
from bangfu.monitoring.alarms import AlarmOverError, answer_alarm, judge_alarms, persons_behind, record_alarms
from bangfu.monitoring.look_models import AreaAlarm
from bangfu.monitoring.rules import rulebook
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition, Intent
from bangfu.people.watchers import unwatched
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, JobFactory, PersonFactory, UserFactory
from tests.monitoring.findings import TODAY, how

LIST = reverse("monitoring:alarms")
TOWN, COUNTY, CODE = "150522202000", "150522000000", "town_work_falling"
FIGURES = {
    "seekers": 60, "at_work": 45, "at_work_before": 57, "lost_work": 12, "found_work": 0, "share": "75.00",
    "share_before": "95.00", "fell": "20.00",
}  # fmt: skip
DAY = timedelta(days=1)


def found(**values):
    return Found(CODE, "town_day", int(TOWN), None, TOWN, {**FIGURES, **values}, "v1")


def alarm(**columns):
    values = {
        "code": CODE, "version": "v", "division": TOWN, "opened_on": TODAY, "judged_on": TODAY, "reasons": FIGURES,
        **columns,
    }  # fmt: skip
    return AreaAlarm.objects.create(**values)


def address(name, row):
    return reverse(f"monitoring:{name}", args=[row.pk])


@unwatched()
def seekers(count, **job):
    """So many persons of the village who are able, willing, and have or had a job."""
    persons = [PersonFactory() for _ in range(count)]
    keys = [person.pk for person in persons]
    record_facts(Condition, {key: {"labour_capacity": "ordinary", "school": "none"} for key in keys}, how())
    record_facts(Intent, {key: {"will_work": True} for key in keys}, how())
    for person in persons:
        JobFactory(person=person, valid_from=TODAY - timedelta(days=200), **job)
    return keys


@pytest.mark.db
def test_the_night_finds_a_town_and_who_lost_work_there(lake):
    stayed = seekers(45)
    lost = seekers(8, valid_to=TODAY - timedelta(days=29))
    lost += seekers(2, valid_to=TODAY)
    seekers(1, valid_to=TODAY - timedelta(days=30))  # without work thirty days before already
    publish_lake(TODAY, at=NOON)
    with snapshot_shown(TODAY) as engine:
        judged = judge_alarms(engine, TODAY)
    assert record_alarms(judged, TODAY, at=NOON) == 1
    row = AreaAlarm.objects.get()
    assert (row.division, row.code) == (TOWN, CODE)
    wanted = {"seekers": 56, "at_work": 45, "at_work_before": 55, "lost_work": 10, "found_work": 0}
    assert {name: row.reasons[name] for name in wanted} == wanted
    assert Decimal(row.reasons["fell"]) == Decimal("98.2") - Decimal("80.4")
    assert persons_behind(row, after=0, most=99) == sorted(lost)
    assert persons_behind(row, after=sorted(lost)[0], most=3) == sorted(lost)[1:4]
    assert not set(stayed) & set(lost)
    again = list(AreaAlarm.objects.values())
    assert record_alarms(judged, TODAY, at=NOON) == 1
    assert list(AreaAlarm.objects.values()) == again
    assert Entry.objects.filter(verb="monitoring.alarms_judged").count() == 1


@pytest.mark.django_db
def test_an_alarm_is_renewed_is_over_and_comes_again():
    record_alarms([found()], TODAY, at=NOON)
    answer_alarm(AreaAlarm.objects.get().pk, "一家企业停工", by=UserFactory(), at=NOON)
    assert record_alarms([found(lost_work=15)], TODAY + DAY, at=NOON) == 1
    row = AreaAlarm.objects.get()
    assert (row.reasons["lost_work"], row.judged_on, row.opened_on, row.said) == (
        15, TODAY + DAY, TODAY, "一家企业停工",
    )  # fmt: skip
    assert record_alarms([], TODAY + 2 * DAY, at=NOON) == 0
    row.refresh_from_db()
    assert row.closed_on == TODAY + 2 * DAY
    record_alarms([found()], TODAY + 3 * DAY, at=NOON)
    assert AreaAlarm.objects.get(closed_on=None).said == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "division", "seen", "may_answer"),
    [
        ("county_officer", COUNTY, True, True), ("town_officer", TOWN, True, True),
        ("city_officer", "150500000000", True, True), ("supervisor", "150500000000", True, False),
        ("auditor", COUNTY, True, False), ("town_officer", "150522100000", False, False),
        ("county_officer", "150521000000", False, False), ("village_officer", VILLAGE, False, False),
    ],
)  # fmt: skip
def test_who_sees_and_answers(client, role, division, seen, may_answer):
    row, user = alarm(), UserFactory(role=role, division=division)
    client.force_login(user)
    assert (address("alarm", row) in client.get(LIST).content.decode()) == seen
    page = client.get(address("alarm", row))
    assert page.status_code == (200 if seen else 404)
    assert (address("answer-alarm", row) in page.content.decode()) == may_answer
    before = list(AreaAlarm.objects.values())
    sent = client.post(address("answer-alarm", row), {"said": "已核查"})
    assert sent.status_code == (302 if may_answer else 404 if user.may_write() else 403)
    assert (list(AreaAlarm.objects.values()) == before) != may_answer


@pytest.mark.django_db
def test_an_answer_needs_words_and_an_open_alarm(client, officer):
    row = alarm()
    client.force_login(officer)
    page = client.post(address("answer-alarm", row), {"said": "  "})
    assert page.status_code == 422
    with pytest.raises(ValueError, match="words"):
        answer_alarm(row.pk, " ", by=officer, at=NOON)
    AreaAlarm.objects.update(closed_on=TODAY)
    before = list(AreaAlarm.objects.values())
    page = client.post(address("answer-alarm", row), {"said": "已核查"}, follow=True)
    assert "未作修改" in page.content.decode()
    with pytest.raises(AlarmOverError):
        answer_alarm(row.pk, "已核查", by=officer, at=NOON)
    assert list(AreaAlarm.objects.values()) == before
    assert not Entry.objects.filter(verb="monitoring.alarm_answered").exists()


@pytest.mark.django_db
def test_the_pages_say_what_is_known(client, officer, lake):
    client.force_login(officer)
    assert "没有乡镇预警" in client.get(LIST).content.decode()
    row = alarm()
    for page in (client.get("/"), client.get(reverse("monitoring:list"))):
        assert "在岗比例明显下降" in page.content.decode()
    page = client.get(address("alarm", row)).content.decode()
    assert "明细已过保存期" in page  # no snapshot of that night
    assert "20" in page
    assert "95 % → 75 %" not in page
    client.post(address("answer-alarm", row), {"said": "企业停工，已联系两家单位"})
    entry = Entry.objects.get(verb="monitoring.alarm_answered")
    assert (entry.by_id, entry.division) == (officer.pk, TOWN)
    assert "企业停工" in client.get(LIST).content.decode()


@pytest.mark.django_db
def test_the_list_asks_as_much_for_many(client, officer):
    client.force_login(officer)
    counts = []
    for many in (1, 24):
        for number in range(many):
            closed = TODAY if AreaAlarm.objects.exists() else None
            alarm(opened_on=TODAY - timedelta(days=number), closed_on=closed)
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_view_looks_back_as_far_as_the_page():
    assert f":day - {alarms.BACK.days}" in rulebook().views["town_day"].sql
