"""Where personal data may not be: logs, titles, cookies, error pages, sessions; where nobody may be sent."""

import logging
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from bangfu.audit.models import Entry
from bangfu.people import importing, work_ledgers
from tests.factories import UserFactory, id_number_of
from tests.house.addresses import DEEDS
from tests.house.answers import ask, checked, said
from tests.house.county_a import FILE, NAME, PHONE, WORKER, build

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
]


@pytest.fixture
def place(client, officer):
    built = build(officer)
    client.force_login(officer)
    return built


def numbers_of(place):
    return [id_number_of(place.person), id_number_of(place.worker), PHONE]


def logged(caplog):
    """The records as the product writes them."""
    form = settings.LOGGING["formatters"]["plain"]
    formatter = import_string(form["()"])(form["format"])
    return "\n".join(formatter.format(record) for record in caplog.records)


def test_no_page_shows_a_whole_number_before_it_is_asked_for(client, place):
    for deed in DEEDS:
        if deed.method == "get" and deed.name != "intake:failed-rows" and not deed.name.startswith("bulletins:"):
            page = said(ask(client, deed, place))
            assert not [number for number in numbers_of(place) if number in page], deed.label


def test_titles_and_addresses_name_nobody(client, place):
    """A browser keeps both in its history."""
    for deed in DEEDS:
        if deed.method == "get" and not deed.name.startswith("bulletins:"):
            page = ask(client, deed, place).content.decode(errors="replace")
            title = "".join(re.findall(r"<title>(.*?)</title>", page, re.DOTALL))
            links = " ".join(re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page))
            held = [NAME, WORKER, FILE, place.household.number, *numbers_of(place)]
            assert not [text for text in held if text in title + links], deed.label


def test_no_cookie_holds_a_name_or_a_number(client, place):
    for deed in DEEDS:
        if deed.method == "post" and deed.name != "accounts:sign-out":
            client.post(reverse(deed.name, args=deed.args(place)), deed.data(place))
    assert set(client.cookies) <= {"sessionid", "csrftoken", "django_language"}
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    assert client.get(reverse("people:work-round")).status_code == 200


@pytest.mark.parametrize("typed", ["number", "phone"])
def test_a_session_keeps_no_number_that_was_searched(client, place, typed):
    number = id_number_of(place.person) if typed == "number" else PHONE
    for name in ("home:search", "home:request"):
        checked(client.post(reverse(name), {"q": number}))
        page = said(client.get(reverse(name)))
        assert str(place.person.pk) in page
        assert number not in page
    assert number not in str(dict(client.session))
    assert number not in str(list(Entry.objects.values_list()))


def test_an_error_tells_the_log_where_and_never_what(client, place, caplog, monkeypatch):
    number = id_number_of(place.person)

    def fail(*_given, **_more):
        try:
            raise KeyError(number)
        except KeyError as cause:
            raise ValueError(f"{NAME} {PHONE}") from cause

    page = reverse("home:person", args=[place.person.pk])  # the rooms are imported before one of them is made to fail
    monkeypatch.setattr("bangfu.home.person.queries.open_facts", fail)
    client.raise_request_exception = False
    response = client.get(page)
    assert response.status_code == 500
    assert "no-store" in response["Cache-Control"]
    assert not [text for text in (NAME, PHONE, number, "Traceback", "ValueError") if text in said(response)]
    written = logged(caplog)
    assert "ValueError" in written
    assert "KeyError" in written
    assert "test_private_data.py" in written
    assert not [text for text in (NAME, PHONE, number) if text in written]


def test_a_worker_that_fails_names_nobody(caplog, place, officer):
    """A person withdrawn between the check and the import: the error must not carry the number."""
    row = {"id_number": "990522199001010019", "working": False}
    applying = importing.Applying(place.batch.pk, place.batch.acted_on, officer, place.batch.created_at)
    with pytest.raises(LookupError) as failure:
        work_ledgers.JOBS.apply([row], applying)
    assert "990522199001010019" not in str(failure.value)


def test_a_number_typed_as_user_name_is_not_logged(caplog):
    caplog.set_level(logging.DEBUG)
    for _ in range(6):
        Client().post(reverse("accounts:sign-in"), {"username": "990522198602140024", "password": "13847522046"})
    assert "990522198602140024" not in logged(caplog)
    assert "13847522046" not in logged(caplog)


def test_nobody_is_sent_to_another_site(client, place):
    for target in ELSEWHERE:
        client.force_login(place.batch.by)
        sent_on(client, place, target)


def sent_on(client, place, target):
    """Every address that sends the browser on, asked to send it elsewhere."""
    user = UserFactory()
    user.set_password("bangfu-demo-1")
    user.save()
    given = {"username": user.username, "password": "bangfu-demo-1", "next": target}
    answers = [
        Client().post(reverse("accounts:sign-in"), given),
        Client().post(f"{reverse('accounts:sign-in')}?next={target}", {**given, "next": target}),
        Client().post(reverse("set_language"), {"language": "en", "next": target}),
        client.post(reverse("home:assign"), {"case": place.case.pk, "filters": target}),
        client.post(reverse("accounts:sign-out"), {"next": target}),
    ]
    for answer in answers:
        assert answer.status_code in {200, 302}
        assert answer.get("Location", "/").startswith("/")
        assert not answer.get("Location", "/").startswith(("//", "/\\"))


def test_the_language_may_be_chosen_before_signing_in():
    client = Client()
    response = checked(client.post(reverse("set_language"), {"language": "en", "next": reverse("accounts:sign-in")}))
    assert response.url == reverse("accounts:sign-in")
    assert client.cookies["django_language"].value == "en"


def test_another_host_is_refused(client, place):
    response = client.get(reverse("home:worklist"), headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_error_pages_carry_the_same_headers_and_say_little(client, place, supervisor):
    missing = checked(client.get("/persons/1/"))
    client.force_login(supervisor)
    forbidden = checked(client.post(reverse("home:close", args=[place.case.pk])))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(supervisor)
    stale = checked(strict.post(reverse("home:search"), {"q": NAME}))
    for response, status in ((missing, 404), (forbidden, 403), (stale, 403), (checked(Client().get("/nothing/")), 404)):
        assert response.status_code == status
        assert NAME not in response.content.decode()


def test_the_browser_is_told_to_keep_no_page(client, place):
    page = client.get(reverse("home:person", args=[place.person.pk])).content.decode()
    assert 'hx-history="false"' in page
    assert '"historyCacheSize": 0' in page
    assert '"allowEval": false' in page
    code = (settings.RULES.parent / "bangfu/ui/static/ui/bangfu.js").read_text(encoding="utf-8")
    assert not re.findall(r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|eval\(", code)
