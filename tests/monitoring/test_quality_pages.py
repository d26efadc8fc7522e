"""Pages of the data's quality: the queue with its counts, fixes, waivers, who may do what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.monitoring.models import Finding, Waiver
from bangfu.monitoring.quality import (
    quality_rules,
    waive_findings,
)
from bangfu.people.models import Job
from tests.factories import VILLAGE, JobFactory, UserFactory
from tests.house.county_a import everything
from tests.monitoring.findings import HOME, SCHOOL, at_school, findings, open_codes

pytestmark = pytest.mark.django_db


def test_a_waiver_takes_a_finding_out_of_the_queue_until_its_end(client, officer):
    rows = findings(2)
    until = timezone.localdate() + timedelta(days=90)
    client.force_login(officer)
    answer = client.post(
        reverse("monitoring:waive"), {"finding": rows[0].pk, "reason": "已核户口本", "until": until.isoformat()}
    )
    assert answer.status_code == 302
    waiver = Waiver.objects.get()
    assert (waiver.finding_id, waiver.reason, waiver.until_on, waiver.by) == (rows[0].pk, "已核户口本", until, officer)
    page = client.get(reverse("monitoring:findings"))
    assert [line.finding.pk for line in page.context["lines"]] == [rows[1].pk]
    waived = client.get(reverse("monitoring:findings"), {"state": "waived"})
    assert [(line.finding.pk, line.waiver) for line in waived.context["lines"]] == [(rows[0].pk, "已核户口本")]
    client.post(reverse("monitoring:end-waiver"), {"finding": rows[0].pk})
    waiver.refresh_from_db()
    assert waiver.ended_by == officer
    assert client.get(reverse("monitoring:findings")).context["total"] == 2
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"monitoring.findings_waived", "monitoring.waivers_ended"} <= verbs


@pytest.mark.parametrize(
    ("reason", "days", "good"),
    [("已核", 1, True), ("已核", 365, True), ("已核", 366, False), ("已核", 0, False), (" ", 30, False)],
)
def test_a_waiver_needs_a_reason_and_an_end_within_a_year(client, officer, reason, days, good):
    (row,) = findings(1)
    until = timezone.localdate() + timedelta(days=days)
    client.force_login(officer)
    sent = {"finding": row.pk, "reason": reason, "until": until.isoformat()}
    assert client.post(reverse("monitoring:waive"), sent).status_code == (302 if good else 422)
    assert Waiver.objects.exists() is good
    if not good:
        with pytest.raises(ValueError, match="reason"):
            waive_findings([row], reason, until, by=officer, at=timezone.now())


def test_a_village_sets_right_but_does_not_waive(client):
    person = JobFactory().person
    at_school(person, "none")
    finding = Finding.objects.get(code=HOME)
    client.force_login(UserFactory(role="village_officer", division=VILLAGE))
    sent = {"finding": finding.pk, "reason": "已核", "until": timezone.localdate() + timedelta(days=9)}
    assert client.post(reverse("monitoring:waive"), sent).status_code == 403
    assert not Waiver.objects.exists()
    page = client.get(reverse("monitoring:findings")).content.decode()
    assert reverse("monitoring:waive") not in page
    client.post(reverse("monitoring:fix"), {"only": finding.pk})
    finding.refresh_from_db()
    assert finding.closed_on is not None


@pytest.mark.parametrize("name", ["fix", "waive", "end-waiver"])
def test_another_countys_finding_is_left_alone(client, stranger, name):
    (row,) = findings(1)
    client.force_login(stranger)
    before = everything()
    sent = {"finding": row.pk, "reason": "x", "until": timezone.localdate() + timedelta(days=9)}
    assert client.post(reverse(f"monitoring:{name}"), sent).status_code == 302
    client.post(reverse(f"monitoring:{name}"), {"all": "1"})
    assert {key: value for key, value in everything().items() if before[key] != value} == {}


def test_all_of_a_list_is_set_right_at_once(client, officer):
    people = [JobFactory().person for _ in range(30)]
    for person in people:
        at_school(person, "none")
    client.force_login(officer)
    client.post(reverse("monitoring:fix"), {"all": "1", "rule": HOME})
    assert not Finding.objects.filter(code=HOME, closed_on=None).exists()
    assert Job.objects.known().filter(organised=False).count() == 30


@pytest.mark.parametrize("key", ["0", "x", "9" * 18, "9" * 25, ""])
def test_a_made_up_key_is_passed_over(client, officer, key):
    client.force_login(officer)
    assert client.post(reverse("monitoring:fix"), {"only": key}).status_code == 302
    assert client.post(reverse("monitoring:fix"), {"finding": key, "person": key}).status_code == 302


def test_counts_by_rule_and_place_are_those_of_the_rows(client, officer):
    today = timezone.localdate()
    findings(2, due_on=today - timedelta(days=1))
    findings(1, SCHOOL, due_on=today)
    findings(1, due_on=today, division="150522100201")
    findings(1, due_on=today, closed_on=today)
    waive_findings(findings(1), "x", today + timedelta(days=5), by=officer, at=timezone.now())
    client.force_login(officer)
    page = client.get(reverse("monitoring:findings")).context
    counts = {one.code: (one.count.open, one.count.overdue, one.count.waived) for one in page["rules"]}
    assert counts == {HOME: (3, 2, 1), SCHOOL: (1, 0, 0)}
    assert [(one.code, one.count.open) for one in page["places"]] == [("150522202000", 3), ("150522100000", 1)]
    for chosen in ({}, {"state": "overdue"}, {"state": "waived"}, {"rule": HOME}, {"town": "150522100000"}):
        shown = client.get(reverse("monitoring:findings"), chosen).context
        assert shown["total"] == len(shown["lines"]) > 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_render_in_both_languages(client, officer, language):
    for code in quality_rules():
        findings(1, code, reasons={"income": "5000.00", "work_where": "other_county", "wage": None})
    client.force_login(officer)
    client.cookies["django_language"] = language
    for code in ("", *quality_rules()):
        assert client.get(reverse("monitoring:findings"), {"rule": code}).status_code == 200
    first = Finding.objects.first()
    assert client.post(reverse("monitoring:waive"), {"finding": first.pk}).status_code == 200
    assert client.get(reverse("home:person", args=[first.person_id])).status_code == 200


def test_the_list_costs_as_many_queries_for_25_rows_as_for_one(client, officer):
    client.force_login(officer)
    numbers = []
    for count in (1, 24):
        findings(count)
        client.get(reverse("monitoring:findings"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(client.get(reverse("monitoring:findings")).context["lines"]) == (1 if count == 1 else 25)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_an_income_is_hidden_from_who_may_not_see_it(client):
    (row,) = findings(1, "income_below_line", reasons={"income": "5123.00", "category": None})
    client.force_login(UserFactory(role="auditor"))
    page = client.get(reverse("monitoring:findings"))
    assert [line.finding for line in page.context["lines"]] == [row]
    assert "5,123" not in page.content.decode()
    client.force_login(UserFactory())
    assert "5,123" in client.get(reverse("monitoring:findings")).content.decode()


def test_the_persons_page_shows_what_waits(client, officer):
    person = JobFactory().person
    at_school(person)
    client.force_login(officer)
    page = client.get(reverse("home:person", args=[person.pk]))
    assert {line.finding.code for line in page.context["findings"]} == open_codes(person)
    finding = Finding.objects.get(code=HOME)
    sent = client.post(reverse("monitoring:fix"), {"only": finding.pk, "person": person.pk})
    assert sent.url == reverse("home:person", args=[person.pk])


def test_the_worklist_says_what_is_overdue(client, officer, supervisor):
    findings(2, due_on=timezone.localdate() - timedelta(days=1))
    findings(1, due_on=timezone.localdate())
    for user, late in ((officer, 2), (supervisor, 0)):
        client.force_login(user)
        assert client.get(reverse("home:worklist")).context["late_findings"] == late
