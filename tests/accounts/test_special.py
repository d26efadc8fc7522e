"""Reading one file outside the own area: with a reason, for three hours, and the office there is told."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.accounts.access import inside, may_see_division
from bangfu.accounts.models import SpecialAccess, User
from bangfu.accounts.special import grant_special_access, notices_for, readable_persons
from bangfu.audit.models import Entry
from bangfu.people.models import Standing
from tests.factories import VILLAGE, PersonFactory, UserFactory, id_number_of
from tests.home.situations import open_case

pytestmark = pytest.mark.django_db
REASON = "本人来电求助,已转到本县务工"


@pytest.fixture
def person(db):
    return PersonFactory()


def find(client, person):
    client.post(reverse("home:search"), {"q": id_number_of(person)})
    return client.get(reverse("home:search")).content.decode()


def opened(client, person, reason=REASON):
    find(client, person)
    return client.post(reverse("home:search-outside"), {"reason": reason})


def test_without_a_reason_nothing_opens(client, stranger, person):
    client.force_login(stranger)
    page = find(client, person)
    assert person.name not in page
    assert str(person.pk) not in page
    for reason in ("", "  ", "x"):
        assert opened(client, person, reason).status_code == 422
    assert client.get(reverse("home:person", args=[person.pk])).status_code == 404
    assert not SpecialAccess.objects.exists()


def test_with_a_reason_it_opens_for_reading_only(client, stranger, person, officer):
    case = open_case(officer)
    client.force_login(stranger)
    other = PersonFactory()
    assert opened(client, case.person).url == reverse("home:person", args=[case.person_id])
    page = client.get(reverse("home:person", args=[case.person_id])).content.decode()
    assert REASON in page
    assert client.get(reverse("home:case", args=[case.pk])).status_code == 200
    assert client.get(reverse("home:person", args=[other.pk])).status_code == 404
    for address, data in (
        (reverse("home:person-identity", args=[case.person_id]), {"purpose": "visit"}),
        (reverse("home:close", args=[case.pk]), {"outcome": "no_will"}),
        (reverse("home:helper", args=[case.pk]), {"helper": stranger.pk}),
    ):
        assert client.post(address, data).status_code == 404
    assert case.person.name not in client.get(reverse("people:list")).content.decode()
    entry = Entry.objects.get(verb="accounts.special_access_granted")
    assert (entry.by, entry.purpose, entry.division) == (stranger, REASON, VILLAGE)
    assert list(entry.subjects.values_list("person", flat=True)) == [case.person_id]


def test_it_ends_after_three_hours_and_with_the_session(client, stranger, person):
    client.force_login(stranger)
    opened(client, person)
    page = reverse("home:person", args=[person.pk])
    assert client.get(page).status_code == 200
    row = SpecialAccess.objects.get()
    assert row.valid_until - row.valid_from == timedelta(hours=3)
    assert readable_persons(stranger, row.valid_until - timedelta(seconds=1)) == [person.pk]
    assert readable_persons(stranger, row.valid_until) == []
    past = timezone.now() - timedelta(hours=4)
    SpecialAccess.objects.update(valid_from=past, valid_until=past + timedelta(hours=3))
    assert client.get(page).status_code == 404


def test_the_office_of_the_place_is_told(client, stranger, person, officer):
    client.force_login(stranger)
    opened(client, person)
    assert notices_for(stranger).count() == 0
    client.force_login(officer)
    assert client.get("/").context["looks"] == 1
    page = client.get(reverse("accounts:notices")).content.decode()
    assert REASON in page
    assert stranger.name in page
    client.post(reverse("accounts:notices-seen"))
    row = SpecialAccess.objects.get()
    assert row.seen_by == officer
    assert client.get("/").context["looks"] == 0
    client.force_login(UserFactory(role="auditor"))
    assert REASON in client.get(reverse("accounts:notices")).content.decode()
    assert client.post(reverse("accounts:notices-seen")).status_code == 403
    client.force_login(UserFactory(division="150502000000"))
    assert REASON not in client.get(reverse("accounts:notices")).content.decode()


def test_only_a_whole_number_leads_outside(client, stranger, person):
    client.force_login(stranger)
    for typed in (person.name, "wuyun", person.id_last4, "15052"):
        client.post(reverse("home:search"), {"q": typed})
        assert client.get(reverse("home:search")).context["outside"] is None
        assert client.post(reverse("home:search-outside"), {"reason": REASON}).status_code == 404


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "employer", "training_provider"])
def test_who_sees_nobody_gets_nothing_by_it(client, person, role):
    user = UserFactory(role=role, division="150502000000")
    client.force_login(user)
    find(client, person)
    assert client.post(reverse("home:search-outside"), {"reason": REASON}).status_code == 404
    with pytest.raises(ValueError, match="no duty"):
        grant_special_access(user, [(person.pk, VILLAGE)], reason=REASON, at=timezone.now())


def test_it_opens_no_place(stranger, person):
    user = User.objects.get(pk=stranger.pk)
    user.special_persons = [person.pk]
    assert not may_see_division(user, VILLAGE)
    assert not Standing.objects.filter(inside(user)).exists()
    assert Standing.objects.filter(inside(user, person="person")).exists()
