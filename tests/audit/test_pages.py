"""The record for auditors, and who looked at a person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.actions import record
from bangfu.audit.models import Entry
from tests.factories import NOON, PersonFactory, UserFactory, id_number_of

pytestmark = pytest.mark.django_db
PAGE = "/audit/"


@pytest.fixture
def auditor(db):
    return UserFactory(role="auditor")


def shown(client, **filters):
    return [line.entry.verb for line in client.get(PAGE, filters).context["lines"]]


def test_reads_reveals_and_searches_are_recorded_with_the_duty(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    client.get(reverse("home:person", args=[person.pk]))
    client.post(reverse("home:person-identity", args=[person.pk]), {"purpose": "visit"})
    client.post(reverse("home:search"), {"q": id_number_of(person)})
    client.post(reverse("home:search"), {"q": "13900000000"})
    entries = list(Entry.objects.order_by("id"))
    assert [entry.verb for entry in entries] == [
        "people.viewed", "people.identity_revealed", "people.searched_by_number", "people.searched_by_number",
    ]  # fmt: skip
    assert {entry.role for entry in entries} == {"county_officer"}
    assert [entry.subjects.count() for entry in entries] == [1, 1, 1, 0]


@pytest.mark.parametrize("role", ["village_officer", "county_officer", "supervisor", "system_admin", "security_admin"])
def test_only_who_audits_opens_the_record(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("home:audit-person"), {"person": "1"}).status_code == 403


def test_filters_by_user_office_deed_and_day(client, auditor):
    one, two = UserFactory(office="甲所"), UserFactory(office="乙所")
    record("people.viewed", by=one, at=NOON, count=1)
    record("cases.closed", by=two, at=NOON + timedelta(days=1), count=1)
    record("monitoring.night_done", by=None, at=NOON + timedelta(days=2), count=1)
    client.force_login(auditor)
    assert shown(client) == ["monitoring.night_done", "cases.closed", "people.viewed"]
    assert shown(client, user=one.pk) == ["people.viewed"]
    assert shown(client, office=two.pk) == ["cases.closed"]
    assert shown(client, verb="people.viewed") == ["people.viewed"]
    assert shown(client, first="2026-07-01") == ["monitoring.night_done", "cases.closed"]
    assert shown(client, last="2026-06-30") == ["people.viewed"]
    assert shown(client, first="never", user="x") == shown(client)


def test_an_auditor_reads_the_own_area_only(client, auditor, stranger):
    record("people.viewed", by=stranger, at=NOON, count=1, division="150502000000")
    record("cases.closed", by=stranger, at=NOON, count=1, division="150522202211")
    client.force_login(auditor)
    assert shown(client) == ["cases.closed"]
    foreign = Entry.objects.get(verb="people.viewed")
    assert client.get(reverse("home:audit-entry", args=[foreign.pk])).status_code == 404


def test_one_file_is_chosen_by_post_and_named_in_no_address(client, auditor, officer):
    person = PersonFactory()
    record("people.viewed", by=officer, at=NOON, count=1, persons=[person.pk], purpose="visit")
    record("people.viewed", by=officer, at=NOON, count=1, persons=[5])
    client.force_login(auditor)
    answer = client.post(reverse("home:audit-person"), {"person": str(person.pk)})
    assert answer.url == PAGE
    assert len(shown(client)) == 1
    client.post(reverse("home:audit-person"), {"person": ""})
    assert len(shown(client)) == 2


def test_an_audit_administrator_meets_keys_and_no_names(client, officer):
    person = PersonFactory()
    record("people.viewed", by=officer, at=NOON, count=1, persons=[person.pk], purpose="visit")
    entry = Entry.objects.get()
    for role, named in (("auditor", True), ("audit_admin", False)):
        client.force_login(UserFactory(role=role))
        page = client.get(reverse("home:audit-entry", args=[entry.pk])).content.decode()
        assert str(person.pk) in page
        assert (person.name in page) is named
    assert client.get(reverse("home:person-looks", args=[person.pk])).status_code == 404


def test_who_looked_at_a_person(client, officer, stranger):
    person = PersonFactory()
    record("people.viewed", by=officer, at=NOON, count=1, persons=[person.pk], purpose="visit")
    client.force_login(officer)
    page = client.get(reverse("home:person-looks", args=[person.pk]))
    assert [line.entry.office for line in page.context["lines"]] == [officer.office]
    client.force_login(stranger)
    assert client.get(reverse("home:person-looks", args=[person.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 25])
def test_the_record_costs_the_same_for_1_and_25_entries(client, auditor, officer, rows, django_assert_num_queries):
    for number in range(rows):
        record("people.viewed", by=officer, at=timezone.now(), count=1, persons=[number])
    client.force_login(auditor)
    client.get(PAGE)
    with django_assert_num_queries(10):
        assert len(shown(client)) == rows


def test_pages_follow_each_other_newest_first(client, auditor, officer):
    for number in range(60):
        record(f"test.{number:02d}", by=officer, at=NOON + timedelta(seconds=number // 3), count=1)
    client.force_login(auditor)
    seen, after = [], ""
    while True:
        page = client.get(PAGE, {"after": after})
        seen += [line.entry.verb for line in page.context["lines"]]
        after = page.context["page"].next
        if not after:
            break
    assert seen == [f"test.{number:02d}" for number in reversed(range(60))]
