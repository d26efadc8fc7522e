"""The list of people, the page of a person and of a household: scope, privacy, cost, both languages."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry, Subject
from bangfu.core.keys import new_key
from bangfu.monitoring.models import Signal
from bangfu.people import identity
from bangfu.people.models import Category, Contact, Income, Membership, WorkAnswer
from tests.factories import (
    NOON,
    VILLAGE,
    HouseholdFactory,
    JobFactory,
    PersonFactory,
    UserFactory,
    id_number_of,
)

pytestmark = pytest.mark.django_db
LIST = "/people/"
OTHER_VILLAGE = "150522202212"


def page(person):
    return reverse("home:person", args=[person.pk])


def with_phone(person, number="13800002046"):
    Contact.objects.create(
        person=person, phone_index=identity.phone_indexes([number])[0],
        phone_sealed=identity.seal_phones([(person.pk, number)])[0], valid_from=date(2026, 1, 1), source="ledger",
        recorded_at=NOON,
    )  # fmt: skip
    return number


def job_of(person, **columns):
    return JobFactory(person=person, spell=new_key(), **columns)


def looks(person, verb):
    return Entry.objects.filter(verb=verb, subjects__person=person.pk)


@pytest.mark.parametrize("rows", [1, 25])
def test_list_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        job_of(PersonFactory(standing__work_status="at_work"))
    client.force_login(officer)
    client.get(LIST)
    with django_assert_num_queries(14):
        response = client.get(LIST)
    assert len(response.context["lines"]) == rows


def test_the_list_is_paged_by_25(client, officer):
    PersonFactory.create_batch(27)
    client.force_login(officer)
    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"after": first.next}).context["page"]
    assert [len(first.rows), len(second.rows), second.next] == [25, 2, ""]
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({}, 3), ({"work": "jobless"}, 2), ({"work": "at_work"}, 1), ({"category": "sudden"}, 1),
        ({"able": "no"}, 1), ({"will_work": "yes"}, 3), ({"will_train": "yes"}, 0), ({"work": "nonsense"}, 3),
        ({"town": "150522202000"}, 2), ({"town": "150522202000", "village": VILLAGE}, 2),
        ({"town": "150522103000", "village": VILLAGE}, 1),
    ],
)  # fmt: skip
def test_filters(client, officer, filters, shown):
    PersonFactory(standing__category="sudden")
    PersonFactory(standing__work_status="at_work", standing__able=False)
    PersonFactory(standing__division="150522103200")
    client.force_login(officer)
    assert len(client.get(LIST, filters).context["lines"]) == shown


def test_the_village_select_follows_the_town(client, officer):
    client.force_login(officer)
    assert [level.parameter for level in client.get(LIST).context["area"].levels] == ["town"]
    levels = client.get(LIST, {"town": "150522202000"}).context["area"].levels
    assert [level.parameter for level in levels] == ["town", "village"]
    assert all(code.startswith("150522202") for code, _ in levels[1].options)
    client.force_login(UserFactory(division=VILLAGE, role="village_officer"))
    assert client.get(LIST).context["area"].levels == []


def test_a_place_outside_is_missing(client, officer):
    client.force_login(officer)
    assert client.get(LIST, {"town": "150502001000"}).status_code == 404


def test_a_stranger_sees_nobody(client, stranger):
    person = PersonFactory()
    client.force_login(stranger)
    assert client.get(LIST).context["lines"] == []
    assert client.get(page(person)).status_code == 404
    assert client.get(reverse("home:household", args=[person.standing.household_id])).status_code == 404
    reveal = reverse("home:person-identity", args=[person.pk])
    assert client.post(reveal, {"purpose": "contact"}).status_code == 404
    assert not Subject.objects.filter(person=person.pk).exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_in_both_languages(client, officer, language):
    person = full_person()
    client.cookies["django_language"] = language
    client.force_login(officer)
    for address in (LIST, page(person), reverse("home:household", args=[person.standing.household_id])):
        response = client.get(address)
        assert response.status_code == 200
        assert person.name in response.content.decode()
        assert "style=" not in response.content.decode()


def full_person():
    """Somebody of whom every room knows something."""
    person = PersonFactory(standing__work_status="at_work")
    job_of(person, valid_from=date(2024, 3, 1), valid_to=date(2024, 9, 1))
    job_of(person)
    with_phone(person)
    common = {"person": person, "source": "ledger", "recorded_at": NOON}
    Category.objects.create(kind="lifted", risk="因病", valid_from=date(2020, 5, 1), **common)
    Income.objects.create(per_head_amount="12345.00", valid_from=date(2026, 1, 1), **common)
    WorkAnswer.objects.create(
        person=person, month=date(2026, 5, 1), answer="confirmed", answered_on=date(2026, 5, 20),
        answered_at=NOON - timedelta(days=40), client_key="a",
    )  # fmt: skip
    Signal.objects.create(
        code="willing_jobless", person=person, division=VILLAGE, opened_on=date(2026, 6, 1),
        reasons={"able": True, "work_status": "jobless"},
    )  # fmt: skip
    return person


def test_the_page_masks_id_and_phone(client, officer):
    person = full_person()
    number, phone = id_number_of(person), "13800002046"
    client.force_login(officer)
    text = client.get(page(person)).content.decode()
    assert f"{number[:6]}********{number[-4:]}" in text
    assert "138****2046" in text
    assert number not in text
    assert phone not in text


def test_opening_the_page_is_recorded_once_a_session(client, officer):
    person = PersonFactory(standing__leg="need_survey")
    client.force_login(officer)
    client.get(page(person))
    client.get(page(person))
    assert looks(person, "people.viewed").count() == 1
    look = looks(person, "people.viewed").get()
    assert (look.by, look.purpose) == (officer, "need_survey")
    client.logout()
    client.force_login(officer)
    client.get(page(person))
    assert looks(person, "people.viewed").count() == 2


def test_the_last_looks_are_printed(client, officer):
    person = PersonFactory()
    client.force_login(UserFactory(name="李春梅"))
    client.get(page(person))
    client.force_login(officer)
    response = client.get(page(person))
    assert [entry.by.name for entry, _ in response.context["looks"]] == [officer.name, "李春梅"]
    assert response.context["look_count"] == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_a_reveal_shows_the_numbers_once_and_is_recorded(client, officer, htmx):
    person = PersonFactory()
    phone = with_phone(person)
    client.force_login(officer)
    headers = {"HX-Request": "true"} if htmx else {}
    address = reverse("home:person-identity", args=[person.pk])
    response = client.post(address, {"purpose": "visit"}, headers=headers)
    text = response.content.decode()
    assert id_number_of(person) in text
    assert phone in text
    assert "no-store" in response["Cache-Control"]
    assert looks(person, "people.identity_revealed").get().purpose == "visit"
    assert id_number_of(person) not in client.get(page(person)).content.decode()


@pytest.mark.parametrize("given", [{}, {"purpose": ""}, {"purpose": "curiosity"}])
def test_no_reveal_without_a_purpose(client, officer, given):
    person = PersonFactory()
    client.force_login(officer)
    response = client.post(reverse("home:person-identity", args=[person.pk]), given)
    assert response.status_code == 422
    assert id_number_of(person) not in response.content.decode()
    assert not looks(person, "people.identity_revealed").exists()


def test_a_reveal_is_never_a_get(client, officer):
    person = PersonFactory()
    client.force_login(officer)
    assert client.get(reverse("home:person-identity", args=[person.pk])).status_code == 405


def test_the_timeline_is_paged(client, officer):
    person = full_person()
    for month in range(1, 13):
        Signal.objects.create(
            code="not_confirmed", person=person, division=VILLAGE, opened_on=date(2025, month, 1),
            closed_on=date(2025, month, 2), reasons={},
        )  # fmt: skip
    client.force_login(officer)
    first = client.get(page(person)).context
    more = client.get(page(person), {"story": first["more"]}).context
    assert len(first["lines"]) == 10
    assert more["lines"][:10] == first["lines"]
    assert len(more["lines"]) == 30
    days = [line.day for line in more["lines"]]
    assert days == sorted(days, reverse=True)
    assert len(client.get(page(person), {"story": "x"}).context["lines"]) == 10


def test_the_page_costs_the_same_with_a_long_life(client, officer):
    person = full_person()
    client.force_login(officer)
    client.get(page(person))
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(page(person))
        counted.append(len(queries))
        for month in range(1, 12):
            job_of(person, valid_from=date(2022, month, 1), valid_to=date(2022, month, 20))
    assert counted[0] == counted[1]


def test_a_household_shows_its_members_and_that_nobody_works(client, officer):
    home = HouseholdFactory()
    head = PersonFactory(name="周建军", standing__household=home)
    wife = PersonFactory(name="杨秀兰", standing__household=home, standing__work_status="unknown")
    Membership.objects.filter(person=wife).update(relation="配偶")
    client.force_login(officer)
    address = reverse("home:household", args=[home.pk])
    quiet = client.get(address)
    assert [row.membership.person.name for row in quiet.context["members"].rows] == ["周建军", "杨秀兰"]
    assert not quiet.context["members"].without_work
    Signal.objects.create(
        code="zero_employment_family", person=head, division=VILLAGE, opened_on=date(2026, 6, 1), reasons={}
    )
    assert client.get(address).context["members"].without_work


def test_a_member_outside_the_area_is_counted_but_not_named(client):
    home = HouseholdFactory()
    PersonFactory(name="周建军", standing__household=home)
    PersonFactory(name="杨秀兰", standing__household=home, standing__division=OTHER_VILLAGE)
    client.force_login(UserFactory(division=VILLAGE, role="village_officer"))
    response = client.get(reverse("home:household", args=[home.pk]))
    assert "杨秀兰" not in response.content.decode()
    assert (response.context["members"].outside, response.context["members"].total) == (1, 2)


def test_a_supervisor_looks_but_gets_no_form_to_write(client, supervisor):
    person = PersonFactory()
    client.force_login(supervisor)
    assert client.get(page(person)).status_code == 200
    assert looks(person, "people.viewed").get().by == supervisor
    assert reverse("intake:list") not in client.get(LIST).content.decode()


def test_today_is_the_end_of_the_story(client, officer):
    person = PersonFactory()
    job_of(person, valid_from=timezone.localdate() + timedelta(days=3))
    client.force_login(officer)
    response = client.get(page(person))
    assert response.context["strip"] is None
    assert all(line.icon == "eye" for line in response.context["lines"])
