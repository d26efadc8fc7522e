"""Stating facts on a page, and deciding differences side by side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.monitoring.models import Finding
from bangfu.people import identity, queries
from bangfu.people.actions import record_facts
from bangfu.people.fact_forms import EDITABLE
from bangfu.people.models import BankAccount, Condition, Contact, Difference, Job, Recognition, Standing
from bangfu.people.recorded import Recorded
from bangfu.people.watchers import unwatched
from tests.factories import JobFactory, PersonFactory, id_number

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def page(person, group):
    return reverse("people:fact", args=[person.pk, group])


def said(**values):
    return {"on": timezone.localdate().isoformat(), "source": "visit", **values}


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("condition", {"health": "chronic"}),
        ("intent", {"will_work": "no", "wage_floor_amount": "4500"}),
        ("contact", {"number": "139 0000 0000"}),
        ("bankaccount", {"number": "6217000000000000001", "bank": "农商行"}),
        ("certificate", {"kind": "diploma", "number": "123456"}),
        ("recognition", {"kind": "unemployed"}),
        ("consent", {"kind": "sharing", "given": "yes"}),
    ],
)
def test_every_group_that_may_be_stated_is_recorded(client, officer, group, values):
    person = PersonFactory()
    client.force_login(officer)
    (model,) = [one for one in EDITABLE if one._meta.model_name == group]
    for added in (1, 1):  # the same again writes nothing
        assert client.post(page(person, group), said(**values)).status_code == 302
        assert model.objects.filter(person=person).count() == added
    row = model.objects.get(person=person)
    assert (row.source, row.recorded_by) == ("visit", officer)
    shown = client.get(reverse("home:person", args=[person.pk])).content.decode()
    assert "6217000000000000001" not in shown
    assert "13900000000" not in shown


def test_numbers_are_sealed_as_they_are_said(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    client.post(page(person, "contact"), said(number="13900000000"))
    client.post(page(person, "bankaccount"), said(number="6217000000000000001"))
    assert identity.phone_number(Contact.objects.get()) == "13900000000"
    assert identity.account_number(BankAccount.objects.get()) == "6217000000000000001"


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("condition", {}),
        ("condition", {"health": "splendid"}),
        ("condition", {"health": "chronic", "on": "2999-01-01"}),
        ("condition", {"health": "chronic", "source": "ledger"}),
        ("contact", {"number": "0475-8222222"}),
        ("bankaccount", {"number": "12345678901"}),
        ("certificate", {"number": "123456"}),
        ("recognition", {"ground": "残疾"}),
    ],
)
def test_a_mistake_is_named_and_changes_nothing(client, officer, group, values):
    person = PersonFactory()
    client.force_login(officer)
    assert client.post(page(person, group), said(**values)).status_code == 422
    assert not any(model.objects.filter(person=person).exists() for model in EDITABLE)


@pytest.mark.parametrize("group", ["category", "joblessness", "membership", "nonsense"])
def test_what_comes_from_lists_only_cannot_be_stated(client, officer, group):
    client.force_login(officer)
    assert client.get(page(PersonFactory(), group)).status_code == 404


def test_recognitions_of_two_kinds_stand_side_by_side(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    for kind in ("unemployed", "difficulty"):
        client.post(page(person, "recognition"), said(kind=kind))
    assert Recognition.objects.open().filter(person=person).count() == 2


@unwatched()
def dispute(person, health="chronic"):
    for source, value in (("visit", "healthy"), ("ledger", health)):
        how = Recorded(on=timezone.localdate(), source=source, by=None, at=timezone.now())
        record_facts(Condition, {person.pk: {"health": value}}, how)
    return Difference.objects.get(person=person)


def test_differences_are_shown_side_by_side_and_decided_together(client, officer):
    rows = [dispute(PersonFactory()) for _ in range(3)]
    client.force_login(officer)
    shown = client.get(reverse("people:differences")).content.decode()
    assert shown.count("长期慢性病") == 3
    decide = reverse("people:difference-decide")
    keys = [row.pk for row in rows[:2]]
    client.post(decide, {"row": keys, "decision": "take"})  # no reason: nothing happens
    assert Difference.objects.filter(state="open").count() == 3
    client.post(decide, {"row": keys, "decision": "take", "reason": "电话核实"})
    assert sorted(Condition.objects.open().values_list("health", flat=True)) == ["chronic", "chronic", "healthy"]
    assert "电话核实" in client.get(reverse("people:differences"), {"state": "decided"}).content.decode()


def test_the_list_of_differences_costs_the_same_for_1_and_25_rows(client, officer):
    client.force_login(officer)
    costs = []
    for rows in (1, 24):
        for _ in range(rows):
            dispute(PersonFactory())
        client.get(reverse("people:differences"))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("people:differences"))
        costs.append(len(found))
    assert costs[0] == costs[1]


def test_a_common_surname_is_found_though_few_may_be_seen(monkeypatch):
    monkeypatch.setattr(queries, "_CANDIDATES", 3)
    for _ in range(8):
        PersonFactory(name="王芳", name_pinyin="wangfang", name_initials="wf", standing__division="150502100001")
    mine = PersonFactory(name="王磊", name_pinyin="wanglei", name_initials="wl")
    rows = Standing.objects.filter(division__startswith="150522")
    for text in ("王", "wang", "wl"):
        assert [row.person_id for row in queries.search_standings(rows, text)] == [mine.pk]


def test_where_many_are_found_the_first_fifty_are_shown(monkeypatch):
    monkeypatch.setattr(queries, "FOUND_LIMIT", 2)
    for _ in range(4):
        PersonFactory(name="王芳")
    assert len(queries.search_standings(Standing.objects.all(), "王芳")) == 2
    assert queries.search_standings(Standing.objects.all(), id_number(1)) == []


def test_the_job_held_longest_is_corrected_and_the_finding_goes(client, officer):
    job = JobFactory(employer="", industry="", form="单位就业", channel="外出务工")
    later = JobFactory(person=job.person, valid_from=job.valid_from + timedelta(days=9), wage_amount=100)
    Standing.objects.filter(person=job.person).update(work_status="at_work")
    record_facts(
        Condition, {job.person_id: {"school": "none"}}, Recorded(timezone.localdate(), "visit", officer, timezone.now())
    )
    assert Finding.objects.filter(code="job_details_missing", closed_on=None).exists()
    client.force_login(officer)
    shown = client.get(page(job.person, "job"))
    assert [line.valid_from for line in shown.context["lines"]] == [job.valid_from, later.valid_from]
    sent = said(employer="某食品有限公司", industry="制造业", organised="no")
    assert client.post(page(job.person, "job"), sent).status_code == 302
    held = Job.objects.known().get(spell=job.spell)
    assert (held.employer, held.industry, held.organised, held.valid_from) == (
        "某食品有限公司", "制造业", False, job.valid_from,
    )  # fmt: skip
    assert held.wage_amount == job.wage_amount
    assert not Finding.objects.filter(code="job_details_missing", closed_on=None).exists()
    versions = Job.objects.count()
    client.post(page(job.person, "job"), sent)
    assert Job.objects.count() == versions


def test_without_a_job_there_is_none_to_correct(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    assert client.post(page(person, "job"), said(employer="某食品有限公司")).status_code == 422
    assert (
        reverse("people:fact", args=[person.pk, "job"])
        not in client.get(reverse("home:person", args=[person.pk])).content.decode()
    )
