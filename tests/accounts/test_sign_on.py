"""The provincial sign-on, against a real OpenID Connect provider on a port of this machine."""

import warnings
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.urls import reverse

from bangfu.accounts.models import User
from bangfu.audit.models import Entry
from config.sign_on import app_of
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
START = "/sign-in/province/"


@pytest.fixture(scope="module")
def provider():
    """The address of a provider that lets everybody in by the name they type."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock

        with oidc_provider_mock.run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sign_on(provider, settings):
    settings.SIGN_ON = provider
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app_of(provider, "bangfu", "secret")]}}


def come_by(client, name):
    """What a browser does: to the provider, there the name, and back; the answer of the way back."""
    sent = client.post(START)
    assert sent.status_code == 302
    asked = parse_qs(urlsplit(sent.url).query)
    assert asked["scope"] == ["openid"]
    assert asked["code_challenge_method"] == ["S256"]
    with httpx.Client() as browser:
        back = browser.post(sent.url, data={"sub": name}).headers["location"]
    assert urlsplit(back).path == "/sign-in/province/back/"
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def test_a_registered_user_comes_in(client, sign_on):
    user = UserFactory(sign_on="prov-0007")
    assert come_by(client, "prov-0007").url == "/"
    assert client.get("/").status_code == 200
    entry = Entry.objects.get(verb="accounts.signed_in")
    assert (entry.by, entry.facts) == (user, {"how": "sign_on"})
    client.post(reverse("accounts:sign-out"))
    assert come_by(client, "prov-0007").url == "/"  # and again


def test_nobody_else_comes_in_and_no_account_is_made(client, sign_on):
    UserFactory(sign_on="prov-0008", is_active=False)
    before = User.objects.count()
    for name in ("prov-9999", "prov-0008"):
        answer = come_by(client, name)
        assert answer.url == reverse("accounts:sign-in")
        assert client.get("/").status_code == 302
    assert User.objects.count() == before
    assert Entry.objects.filter(verb="accounts.sign_in_failed").count() == 2


def test_a_name_that_was_given_to_another_user_opens_the_old_one_no_more(client, sign_on):
    old = UserFactory(sign_on="prov-0009")
    come_by(client, "prov-0009")
    client.post(reverse("accounts:sign-out"))
    User.objects.filter(pk=old.pk).update(sign_on=None)
    assert come_by(client, "prov-0009").url == reverse("accounts:sign-in")
    new = UserFactory(sign_on="prov-0009")
    assert come_by(client, "prov-0009").url == reverse("accounts:sign-in")  # the old link goes
    assert come_by(client, "prov-0009").url == "/"
    assert Entry.objects.filter(verb="accounts.signed_in").latest("id").by == new


def test_a_forged_way_back_opens_nothing(client, sign_on):
    UserFactory(sign_on="prov-0007")
    answer = client.get("/sign-in/province/back/?code=x&state=y")
    assert answer.status_code == 302
    assert client.get("/").status_code == 302


def test_the_entry_page_offers_it_only_where_there_is_one(client, settings, sign_on):
    assert START in client.get(reverse("accounts:sign-in")).content.decode()
    settings.SIGN_ON = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert START not in client.get(reverse("accounts:sign-in")).content.decode()
    assert client.post(START).status_code == 404
    assert client.get(START).status_code == 404
