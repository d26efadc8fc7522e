"""Bulk and whole numbers need a second person of the area, with a reason; a refusal makes no file."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.exports.actions import NotAllowedNow, decide_export, erase_ended, fetch_export, make_export
from bangfu.exports.models import Export, Template
from bangfu.exports.sealed import file_of
from tests.exports.conftest import ask, body, rows_of
from tests.factories import PersonFactory, PostFactory, UserFactory
from tests.house.county_a import everything

pytestmark = pytest.mark.django_db
WHOLE = [("name", ""), ("phone", "whole")]


@pytest.mark.parametrize(
    ("persons", "columns", "needs"),
    [
        (3, None, []),
        (4, None, ["many"]),
        (1, [("id_number", "ends")], []),
        (1, [("id_number", "last4")], []),
        (1, [("id_number", "whole")], ["numbers"]),
        (1, [("phone", "whole")], ["numbers"]),
        (4, [("phone", "whole")], ["numbers", "many"]),
    ],
)
def test_when_a_second_person_is_needed(officer, settings, persons, columns, needs):
    settings.EXPORT_ALONE_PERSONS = 3
    PersonFactory.create_batch(persons)
    export = ask(officer, columns=columns)
    assert export.needs == needs
    assert export.state == ("asked" if needs else "approved")


def test_many_small_files_count_together(officer, settings):
    settings.EXPORT_ALONE_PERSONS = 3
    PersonFactory.create_batch(2)
    now = timezone.now()
    assert ask(officer, at=now - timedelta(hours=30)).needs == []
    assert ask(officer, at=now - timedelta(hours=2)).needs == []
    assert ask(officer, at=now).needs == ["many_today"]


def test_vacancies_are_not_persons(officer, settings):
    settings.EXPORT_ALONE_PERSONS = 1
    PostFactory.create_batch(3)
    assert ask(officer, "posts").needs == []


def test_a_recipient_may_always_ask_for_it(officer):
    template = Template(division="150522000000", recipient="县医保局", list="people", needs_second=True, columns=[])
    assert ask(officer, template=template).needs == ["recipient"]


def test_the_second_person_approves_and_the_asker_downloads(client, officer, second):
    person = PersonFactory()
    export = ask(officer, columns=[("name", ""), ("id_number", "whole")])
    client.force_login(second)
    assert str(export.pk) in client.get(reverse("exports:list")).content.decode()
    answer = client.post(reverse("exports:decide", args=[export.pk]), {"decision": "approve", "reason": "县里统一核对"})
    assert answer.status_code == 302
    export.refresh_from_db()
    assert (export.state, export.decided_by, export.decision_reason) == ("made", second, "县里统一核对")
    assert client.post(reverse("exports:file", args=[export.pk])).status_code == 403
    client.force_login(officer)
    first = body(client.post(reverse("exports:file", args=[export.pk])))
    again = body(client.post(reverse("exports:file", args=[export.pk])))
    assert first == again
    assert rows_of(first)[1][0] == person.name
    verbs = list(Entry.objects.filter(verb__startswith="export.").order_by("pk").values_list("verb", "by"))
    assert verbs == [
        ("export.asked", officer.pk), ("export.approved", second.pk), ("export.made", officer.pk),
        ("export.fetched", officer.pk), ("export.fetched", officer.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["asker", "stranger", "village", "auditor", "town"])
def test_who_may_not_decide(client, officer, stranger, who):
    PersonFactory()
    export = ask(officer, columns=WHOLE)
    user = {
        "asker": officer, "stranger": stranger,
        "village": UserFactory(role="village_officer", division="150522202211"),
        "auditor": UserFactory(role="auditor"), "town": UserFactory(role="town_officer", division="150522202000"),
    }[who]  # fmt: skip
    client.force_login(user)
    before = everything()
    for decision in ("approve", "refuse"):
        answer = client.post(reverse("exports:decide", args=[export.pk]), {"decision": decision, "reason": "可以"})
        assert answer.status_code == (403 if who == "asker" else 404)
    with pytest.raises(PermissionDenied):
        decide_export(export, approve=True, reason="可以", by=user, at=timezone.now())
    assert everything() == before


@pytest.mark.parametrize("given", [{"decision": "approve"}, {"decision": "refuse", "reason": " "}, {"reason": "可"}])
def test_without_a_reason_nothing_is_decided(client, officer, second, given):
    export = ask(officer, columns=WHOLE)
    client.force_login(second)
    before = everything()
    assert client.post(reverse("exports:decide", args=[export.pk]), given).status_code == 422
    assert everything() == before


def test_a_refusal_makes_no_file_and_stands(client, officer, second):
    export = ask(officer, columns=WHOLE)
    decide_export(export, approve=False, reason="用途不清", by=second, at=timezone.now())
    assert make_export(export.pk, at=timezone.now()).state == "refused"
    with pytest.raises(NotAllowedNow):
        decide_export(export, approve=True, reason="可以", by=second, at=timezone.now())
    with pytest.raises(NotAllowedNow):
        fetch_export(export, by=officer, at=timezone.now())
    assert not file_of(export.pk).exists()
    client.force_login(officer)
    assert "用途不清" in client.get(reverse("exports:export", args=[export.pk])).content.decode()
    assert client.post(reverse("exports:file", args=[export.pk])).status_code == 302


def test_nothing_is_made_before_the_decision(officer):
    export = ask(officer, columns=WHOLE)
    assert make_export(export.pk, at=timezone.now()).state == "asked"
    with pytest.raises(NotAllowedNow):
        fetch_export(export, by=officer, at=timezone.now())


@pytest.mark.db
def test_the_table_itself_refuses_a_decision_of_the_asker(officer):
    export = ask(officer, columns=WHOLE)
    for wrong in ({"decided_by": officer, "decision_reason": "可以"}, {"state": "made"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=export.pk).update(**wrong)


def test_files_and_forgotten_requests_end_after_seven_days(officer, settings):
    now = timezone.now()
    made = make_export(ask(officer, at=now).pk, at=now)
    waiting = ask(officer, columns=WHOLE, at=now)
    assert file_of(made.pk).exists()
    assert erase_ended(at=now + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert erase_ended(at=now + timedelta(days=7)) == 2
    assert erase_ended(at=now + timedelta(days=7)) == 0
    assert not file_of(made.pk).exists()
    assert {row.state for row in Export.objects.filter(pk__in=[made.pk, waiting.pk])} == {"expired"}
    with pytest.raises(NotAllowedNow):
        fetch_export(made, by=officer, at=now)


def test_who_lost_the_duty_meanwhile_gets_no_file(officer, second):
    PersonFactory()
    export = ask(officer, columns=WHOLE)
    decide_export(export, approve=True, reason="可以", by=second, at=timezone.now())
    officer.duties.update(division="150522202000")
    export = make_export(export.pk, at=timezone.now())
    assert (export.state, export.trouble) == ("approved", "duty")
    assert not file_of(export.pk).exists()
