"""Search and requests for help: found inside the duties only, and nothing typed ever stands in a URL."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.cases.models import Case, Cause
from bangfu.core.retirement import add_months
from bangfu.people import identity
from bangfu.people.models import Contact
from tests.factories import NOON, PersonFactory, id_number_of
from tests.home.situations import open_case

pytestmark = pytest.mark.django_db
SEARCH = "/search/"
PHONE = "13800002046"


def find(client, text, url=SEARCH):
    answer = client.post(url, {"q": text})
    assert (answer.status_code, answer.url) == (302, url)
    return client.get(url)


def found(response):
    return [hit.standing.person.name for hit in response.context["hits"]]


@pytest.fixture
def person(officer):
    one = PersonFactory(name="乌云其其格", name_pinyin="wuyunqiqige", name_initials="wyqqg")
    Contact.objects.create(
        person=one, phone_index=identity.phone_indexes([PHONE])[0],
        phone_sealed=identity.seal_phones([(one.pk, PHONE)])[0], valid_from=NOON.date(), source="ledger",
        recorded_at=NOON,
    )  # fmt: skip
    return one


@pytest.mark.parametrize("how", ["name", "beginning", "pinyin", "initials", "whole_id", "last_four", "phone"])
def test_people_are_found_in_every_way(client, officer, person, how):
    texts = {
        "name": "乌云其其格", "beginning": "乌云其", "pinyin": "wuyunqi", "initials": "WYQQG",
        "whole_id": id_number_of(person), "last_four": person.id_last4, "phone": PHONE,
    }  # fmt: skip
    client.force_login(officer)
    assert found(find(client, texts[how])) == ["乌云其其格"]


@pytest.mark.parametrize("text", ["", "  ", "没有这个人", "00", "1380000204", "0"])
def test_nothing_is_found_where_nothing_fits(client, officer, person, text):
    client.force_login(officer)
    assert found(find(client, text)) == []


def test_other_divisions_find_nobody(client, stranger, person):
    client.force_login(stranger)
    assert found(find(client, "乌云其其格")) == []


def test_what_was_found_is_asked_again_for_the_duties_of_now(client, officer, person):
    client.force_login(officer)
    find(client, "乌云其其格")
    officer.duties.update(division="150502000000")
    assert found(client.get(SEARCH)) == []


def test_no_number_stays_in_the_session_or_on_the_page(client, officer, person):
    client.force_login(officer)
    page = find(client, id_number_of(person)).content.decode()
    assert id_number_of(person) not in page + str(dict(client.session))
    assert f"****{person.id_last4}" in page
    assert PHONE not in find(client, PHONE).content.decode() + str(dict(client.session))


def test_a_village_is_found_by_its_name(client, officer, stranger):
    client.force_login(officer)
    places = find(client, "哈日额日格").context["places"]
    assert [query for query, _name in places] == ["?town=150522202000&village=150522202211"]
    client.force_login(stranger)
    assert find(client, "哈日额日格").context["places"] == []


@pytest.mark.parametrize("rows", [1, 25])
def test_results_cost_the_same_for_1_and_25(client, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        open_case(officer)
    client.force_login(officer)
    find(client, "乌云")
    with django_assert_num_queries(14):
        assert len(client.get(SEARCH).context["hits"]) == rows


def test_a_request_opens_a_case_whose_clock_runs_from_now(client, officer, person):
    client.force_login(officer)
    url = reverse("home:request")
    assert found(find(client, person.id_last4, url)) == ["乌云其其格"]
    for _ in range(2):
        answer = client.post(reverse("home:request-open"), {"person": person.pk, "channel": "hall"})
    case = Case.objects.get(person=person)
    assert answer.url == reverse("home:case", args=[case.pk])
    assert (case.helper, case.backlog) == (officer, False)
    assert list(Cause.objects.values_list("code", "facts")) == [
        ("own_request", {"channel": "hall", "asked_by": "person", "consent": False})
    ]


def test_a_request_joins_the_open_case(client, officer):
    case = open_case(officer, cause="willing_jobless")
    client.force_login(officer)
    client.post(reverse("home:request-open"), {"person": case.person_id, "channel": "phone"})
    assert Case.objects.count() == 1
    assert set(case.causes.values_list("code", flat=True)) == {"willing_jobless", "own_request"}


@pytest.mark.parametrize(("years", "opened"), [(16, 1), (15, 0)])
def test_nobody_under_16_is_helped_into_work(client, officer, years, opened):
    young = PersonFactory(born_on=add_months(timezone.localdate(), -12 * years))
    client.force_login(officer)
    client.post(reverse("home:request-open"), {"person": young.pk, "channel": "hall"})
    assert Case.objects.count() == opened


def test_requests_keep_the_limits_of_duties(client, officer, stranger, supervisor, person):
    said = {"person": person.pk, "channel": "hall"}
    client.force_login(stranger)
    assert client.post(reverse("home:request-open"), said).status_code == 404
    client.force_login(supervisor)
    assert client.get(reverse("home:request")).status_code == 403
    assert client.post(reverse("home:request-open"), said).status_code == 403
    client.force_login(officer)
    assert client.post(reverse("home:request-open"), {**said, "channel": "pigeon"}).url == reverse("home:request")
    assert Case.objects.count() == 0
