"""Who may ask, what the file holds, and that it is what the list shows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bangfu.accounts.models import Duty, Role, User
from bangfu.audit.models import Entry
from bangfu.exports import making
from bangfu.exports.actions import make_export
from bangfu.exports.lists import all_lists
from bangfu.exports.models import Export
from bangfu.exports.sealed import opened
from bangfu.monitoring.models import Signal
from bangfu.people.models import Standing
from tests.exports.conftest import PURPOSE, ask, body, fields, rows_of
from tests.factories import VILLAGE, JobFactory, PersonFactory, PostFactory, UserFactory, id_number_of
from tests.home.situations import open_case

pytestmark = pytest.mark.django_db


def file_of(client, user, code="people", query="", **more):
    """Ask on the page and download what was made."""
    client.force_login(user)
    one = all_lists()[code]
    response = client.post(reverse("exports:ask", args=[code]) + query, fields(one, **more))
    assert response.status_code == 302, response.content.decode()
    key = Export.objects.order_by("-pk").first().pk
    return body(client.post(reverse("exports:file", args=[key])))


@pytest.mark.parametrize("role", Role.values)
def test_who_may_export(client, role):
    user = UserFactory(role=role, division=VILLAGE if role == "village_officer" else "150522000000")
    client.force_login(user)
    may = role in {"town_officer", "county_officer", "city_officer", "province_officer", "supervisor"}
    assert client.get(reverse("exports:list")).status_code == (200 if may else 403)
    for code in all_lists():
        query = "?code=insurance_stopped" if code == "signals" else ""
        address = reverse("exports:ask", args=[code]) + query
        assert client.get(address).status_code == (200 if may else 403)
        assert client.post(address, fields(all_lists()[code])).status_code == (302 if may else 403)
    assert Export.objects.count() == (len(all_lists()) if may else 0)
    page = client.get(reverse("people:list")).content.decode()
    assert (reverse("exports:ask", args=["people"]) in page) is may


def test_who_also_holds_a_duty_that_does_not_export_exports_nothing(client):
    """The list on the screen is drawn from both duties: a file of it would leave by the wrong one."""
    user = UserFactory(role="town_officer", division="150522202000")
    Duty.objects.create(user=user, role="auditor", division="150502000000", valid_from="2020-01-01")
    client.force_login(User.objects.get(pk=user.pk))
    assert client.post(reverse("exports:ask", args=["people"]), fields(all_lists()["people"])).status_code == 403


def test_a_place_outside_the_area_is_not_found(client, stranger):
    client.force_login(stranger)
    assert client.get(reverse("exports:ask", args=["people"]) + "?village=" + VILLAGE).status_code == 404
    assert client.get(reverse("exports:ask", args=["nothing"])).status_code == 404


def test_the_file_holds_what_the_page_lists(client, officer):
    for number in range(4):
        PersonFactory(name=f"白云{number}", standing__work_status="at_work" if number % 2 else "jobless")
    PersonFactory(name="外人", standing__division="150502001001", standing__work_status="jobless")
    data = file_of(client, officer, query="?work=jobless&village=" + VILLAGE)
    head, *rows = rows_of(data)
    lines = client.get(reverse("people:list") + "?work=jobless&village=" + VILLAGE).context["lines"]
    assert [row[0] for row in rows] == [line.standing.person.name for line in lines] == ["白云0", "白云2"]
    assert head[:3] == ["姓名", "性别", "年龄"]
    assert len(head) == sum(column.shown for column in all_lists()["people"].columns)


def test_provenance_stands_in_the_file(client, officer):
    PersonFactory()
    about = dict(row[:2] for row in rows_of(file_of(client, officer, query="?work=jobless"), sheet=0))
    export = Export.objects.get()
    assert about["行数"] == "1"
    assert about["筛选"] == f"{_('Work status')}: {_('Not at work')}"
    assert about["导出编号"] == export.number
    assert PURPOSE in about.values()
    assert officer.username in about["导出人"]


def test_every_list_is_counted_again(client, officer):
    """By plain SQL of the rows, not by the code of the list."""
    for _number in range(3):
        open_case(officer)
    JobFactory(person=PersonFactory(standing__work_status="at_work"))
    PostFactory.create_batch(3)
    case = open_case(officer)
    Signal.objects.create(
        code="insurance_stopped", person=case.person, division=VILLAGE, opened_on="2026-06-30", reasons={}, case=case.pk
    )
    counted = {
        "people": Standing.objects.filter(division__startswith="150522").count(), "worklist": 4, "cases": 4,
        "signals": 1, "posts": 3,
    }  # fmt: skip
    for code, count in counted.items():
        query = "?code=insurance_stopped" if code == "signals" else ""
        assert len(rows_of(file_of(client, officer, code, query))) - 1 == count, code
        export = Export.objects.order_by("-pk").first()
        assert export.rows_made == export.rows_asked == count


@pytest.mark.parametrize("code", ["people", "worklist", "cases", "signals", "posts"])
def test_a_file_costs_the_same_number_of_queries_for_1_and_25_rows(officer, code, settings):
    settings.EXPORT_ALONE_PERSONS = 10_000
    one = all_lists()[code]
    every = [(column.code, "whole" if column.number else "") for column in one.columns]
    asked = {"code": "insurance_stopped"} if code == "signals" else {}
    spent = []
    for rows in (1, 24):
        for _number in range(rows):
            case = open_case(officer)
            JobFactory(person=case.person)
            PostFactory()
            Signal.objects.create(
                code="insurance_stopped", person=case.person, division=VILLAGE, opened_on="2026-06-30", reasons={}
            )
        export = ask(officer, code, every, parameters=asked)
        Export.objects.filter(pk=export.pk).update(state="approved")
        with CaptureQueriesContext(connection) as queries:
            assert make_export(export.pk, at=timezone.now()).rows_made is not None
        spent.append(len([q for q in queries if "audit_subject" not in q["sql"]]))
    assert spent[0] == spent[1]


def test_more_than_a_chunk_keeps_every_row_in_its_order(officer, monkeypatch):
    monkeypatch.setattr(making, "CHUNK_ROWS", 3)
    persons = [PersonFactory(name=f"白云{number}") for number in range(8)]
    export = make_export(ask(officer).pk, at=timezone.now())
    names = [row[0] for row in rows_of(b"".join(opened(export.pk)))[1:]]
    assert names == [person.name for person in sorted(persons, key=lambda person: person.pk)]


def test_sent_twice_it_is_asked_for_once(client, officer):
    PersonFactory()
    client.force_login(officer)
    given = fields(all_lists()["people"])
    for _time in range(2):
        assert client.post(reverse("exports:ask", args=["people"]), given).status_code == 302
    assert Export.objects.count() == 1
    assert Entry.objects.filter(verb="export.made").count() == 1


@pytest.mark.parametrize("wrong", [{"purpose": ""}, {"purpose": "看"}, {"columns": []}, {"columns": ["nothing"]},
                                   {"mask_id_number": "none"}, {"file_format": "exe"}, {"recipient": ""}])  # fmt: skip
def test_a_wrong_form_is_shown_again_with_what_was_typed(client, officer, wrong):
    client.force_login(officer)
    one = all_lists()["people"]
    response = client.post(reverse("exports:ask", args=["people"]), {**fields(one), **wrong})
    assert response.status_code == 422
    assert Export.objects.count() == 0
    assert "form-error" in response.content.decode() or wrong.get("mask_id_number")


def test_whole_numbers_are_masked_as_asked(officer):
    person = PersonFactory()
    number = id_number_of(person)
    shown = {"ends": number[:6] + "*" * 8 + number[-4:], "last4": "*" * 14 + number[-4:], "whole": number}
    for mask, expected in shown.items():
        export = ask(officer, columns=[("id_number", mask)])
        Export.objects.filter(pk=export.pk).update(state="approved")
        export = make_export(export.pk, at=timezone.now())
        assert rows_of(b"".join(opened(export.pk)))[1] == [expected]


def test_the_record_holds_counts_and_codes_but_no_names(client, officer):
    person = PersonFactory(name="斯琴图雅")
    file_of(client, officer)
    entries = list(Entry.objects.filter(verb__startswith="export.").order_by("pk"))
    assert [entry.verb for entry in entries] == ["export.asked", "export.made", "export.fetched"]
    assert all(entry.count == 1 and entry.by == officer for entry in entries)
    assert [subject.person for subject in entries[1].subjects.all()] == [person.pk]
    assert "斯琴图雅" not in repr([entry.facts for entry in entries])
    assert timezone.now() - entries[0].at < timedelta(minutes=1)
