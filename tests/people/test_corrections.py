"""What persons ask of their file: answered within a clock, once, with words; an objection has its effect."""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.people.corrections import Asked, answer_corrections, answer_due_on, ask_corrections, reply_in, said_in
from bangfu.people.models import Consent, Correction
from bangfu.placements.actions import match_open_cases
from bangfu.placements.models import Offer
from tests.factories import NOON, ZONE, PersonFactory, UserFactory
from tests.home.situations import open_posts, surveyed_case

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def asked(person, **more):
    values = {"kind": "correct", "subject": "condition", "asked_by": "person", "said": "我是初中毕业", **more}
    return Asked(person=person.pk, client_key=str(uuid4()), **values)


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (datetime(2026, 6, 1, 9, tzinfo=ZONE), date(2026, 6, 23)),  # the 19th is the Dragon Boat Festival
        (datetime(2026, 2, 11, 23, 59, tzinfo=ZONE), date(2026, 3, 10)),  # over Spring Festival; 14th and 28th worked
        (datetime(2026, 9, 28, 0, 0, tzinfo=ZONE), date(2026, 10, 23)),  # over the National Day week; 10 October worked
    ],
)
def test_fifteen_working_days_the_day_of_asking_not_counted(opened, due):
    assert answer_due_on(opened) == due


def test_asked_twice_with_one_key_counts_once():
    request = asked(PersonFactory())
    assert [ask_corrections([request], by=None, at=NOON) for _ in range(2)] == [1, 0]
    row = Correction.objects.get()
    assert said_in(row) == "我是初中毕业"
    assert "初中".encode() not in bytes(row.said_sealed)


def test_an_answer_is_given_once_and_never_without_words():
    ask_corrections([asked(PersonFactory())], by=None, at=NOON)
    key, officer = Correction.objects.get().pk, UserFactory()
    with pytest.raises(ValueError, match="words"):
        answer_corrections({key: ("done", " ")}, by=officer, at=NOON)
    assert Correction.objects.get().answered_at is None
    answer_corrections({key: ("refused", "户口簿记载为小学")}, by=officer, at=NOON)
    with pytest.raises(Correction.DoesNotExist):
        answer_corrections({key: ("done", "已改")}, by=officer, at=NOON)
    row = Correction.objects.get()
    assert (row.answer, reply_in(row)) == ("refused", "户口簿记载为小学")
    assert Entry.objects.filter(verb="people.correction_answered").count() == 1


@pytest.mark.parametrize(("answer", "offered"), [("done", False), ("partly", False), ("refused", True)])
def test_who_objects_to_the_machine_gets_no_offers_from_it(answer, offered):
    officer = UserFactory()
    case = surveyed_case(officer)
    open_posts(3)
    ask_corrections([asked(case.person, kind="object", subject="matching")], by=officer, at=NOON)
    answer_corrections({Correction.objects.get().pk: (answer, "已办理")}, by=officer, at=NOON)
    match_open_cases(timezone.localdate(), at=timezone.now())
    assert Offer.objects.exists() is offered
    assert Consent.objects.exists() is not offered


def test_the_pages_register_and_answer(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    data = {"client_key": str(uuid4()), "kind": "correct", "asked_by": "family", "subject": "condition"}
    page = reverse("people:correction-new", args=[person.pk])
    assert client.post(page, data).status_code == 422
    assert not Correction.objects.exists()
    assert client.post(page, {**data, "said_words": "学历写错了"}).status_code == 302
    row = Correction.objects.get()
    assert "学历写错了" not in client.get(reverse("people:corrections")).content.decode()
    answer = reverse("people:correction", args=[row.pk])
    assert "学历写错了" in client.get(answer).content.decode()
    assert client.post(answer, {"answer": "done"}).status_code == 422
    assert client.post(answer, {"answer": "done", "reply": "已更正为初中"}).status_code == 302
    assert "已更正为初中" in client.get(answer).content.decode()


def test_the_list_costs_the_same_for_1_and_25_rows(client, officer):
    client.force_login(officer)
    costs = []
    for rows in (1, 24):
        for _ in range(rows):
            ask_corrections([asked(PersonFactory())], by=officer, at=NOON)
        client.get(reverse("people:corrections"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("people:corrections"))
        costs.append(len(queries))
    assert costs[0] == costs[1]
