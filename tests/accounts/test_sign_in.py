"""The entry: password, one-time password, second factor, limits of sessions, and what is recorded of it."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bangfu.accounts.actions import reset_password
from bangfu.accounts.models import FactorReset, SignedIn, User
from bangfu.audit.models import Entry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a-good-long-password"
ENTRY = "/sign-in/"


@pytest.fixture
def user(db):
    made = UserFactory()
    made.set_password(PASSWORD)
    made.save()
    return made


@pytest.fixture
def demanded(settings):
    settings.SECOND_FACTOR_DEMANDED = True


def enter(client, user, password=PASSWORD, **more):
    return client.post(ENTRY, {"username": user.username, "password": password, **more})


def verbs():
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up(client, steps=0):
    """Set the second factor up as a user does; returns its secret."""
    asked = client.get(reverse("mfa_activate_totp")).url
    assert asked.startswith(reverse("account_reauthenticate"))
    assert client.post(asked, {"password": "no"}).status_code == 200
    client.post(asked, {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret, steps)})
    return secret


def test_signing_in_and_out_is_recorded(client, user):
    assert enter(client, user).url == "/"
    assert SignedIn.objects.get(user=user).session_key == client.session.session_key
    client.post(reverse("accounts:sign-out"))
    assert verbs() == ["accounts.signed_in", "accounts.signed_out"]
    assert Entry.objects.first().role == "county_officer"
    assert not SignedIn.objects.exists()


def test_a_wrong_password_is_recorded_without_what_was_typed(client, user):
    enter(client, user, "990522198602140024")
    client.post(ENTRY, {"username": "990522198602140024", "password": "x"})
    first, second = Entry.objects.filter(verb="accounts.sign_in_failed").order_by("id")
    assert first.facts == {"user": user.pk}
    assert second.facts == {}
    assert "990522" not in str(list(Entry.objects.values_list()))


def test_a_demo_user_never_enters_a_production(client, user, settings):
    User.objects.filter(pk=user.pk).update(is_demo=True)
    settings.PRODUCTION = True
    assert enter(client, user).status_code == 200
    settings.PRODUCTION = False
    assert enter(client, user).status_code == 302


def test_a_one_time_password_must_be_changed_first(client, user, officer):
    one_time = reset_password(user, by=officer, at=timezone.now())
    enter(client, user, one_time)
    for name in ("home:worklist", "people:list", "accounts:sessions"):
        assert client.get(reverse(name)).url == reverse("accounts:password")
    part = client.get(reverse("people:list"), headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, reverse("accounts:password"))
    new = {"old_password": one_time, "new_password1": "morgen-regnet-es", "new_password2": "morgen-regnet-es"}
    assert client.post(reverse("accounts:password"), new).status_code == 302
    assert client.get(reverse("home:worklist")).status_code == 200
    assert User.objects.get(pk=user.pk).one_time_until is None
    assert "accounts.password_changed" in verbs()


def test_a_one_time_password_expires(client, user, officer):
    one_time = reset_password(user, by=officer, at=timezone.now() - timedelta(hours=72))
    assert enter(client, user, one_time).status_code == 200
    assert client.get("/").status_code == 302
    assert enter(client, user, reset_password(user, by=officer, at=timezone.now())).status_code == 302


@pytest.mark.parametrize(
    ("password", "may"),
    [
        ("elf-zeichen", False),
        ("zwoelfzeiche", True),
        ("123456789123", False),  # common
        ("vier wörter und ein leerzeichen", True),
        ("只用汉字也可以组成密码的吧", True),
        ("x" * 64 + "unverhofft-kommt-oft", True),
        ("bangfu-bangfu-1", False),
        ("bangfu-demo-2026", True),
        ("user-name-of-mine-77", True),
        ("liumin.county", False),
    ],
)
def test_what_a_password_may_be(password, may):
    user = User(username="liumin.county", name="刘敏", office="县就业服务中心")
    if may:
        validate_password(password, user)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, user)


def test_passwords_are_hashed_by_scrypt():
    from django.test import override_settings

    from config.settings import PASSWORD_HASHERS

    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
        user = User(username="x")
        user.set_password(PASSWORD)
        assert identify_hasher(user.password).algorithm == "scrypt"


def test_a_changed_password_ends_the_other_sessions(client, user):
    other = Client()
    enter(other, user)
    enter(client, user)
    wrong = {"old_password": "no", "new_password1": "kurz", "new_password2": "kurz"}
    assert client.post(reverse("accounts:password"), wrong).status_code == 422
    new = {"old_password": PASSWORD, "new_password1": "morgen-regnet-es", "new_password2": "morgen-regnet-es"}
    client.post(reverse("accounts:password"), new)
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    ("began", "seen", "stays"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(minutes=29), timedelta(minutes=29), True),
        (timedelta(minutes=31), timedelta(minutes=31), False),
        (timedelta(hours=7, minutes=59), timedelta(minutes=1), True),
        (timedelta(hours=8), timedelta(minutes=1), False),
    ],
)
def test_a_session_ends_unused_or_old(client, user, began, seen, stays):
    enter(client, user)
    session, now = client.session, timezone.now()
    session["began"], session["seen"] = int((now - began).timestamp()), int((now - seen).timestamp())
    session.save()
    assert (client.get("/").status_code == 200) is stays
    if not stays:
        assert verbs()[-1] == "accounts.signed_out"
        assert client.get("/").url.startswith(ENTRY)


def test_sessions_are_listed_and_ended(client, user, officer):
    other = Client(headers={"User-Agent": "telephone"})
    enter(other, user)
    enter(client, user)
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert "telephone" in page
    row = SignedIn.objects.get(agent="telephone")
    stranger = Client()
    stranger.force_login(officer)
    stranger.post(reverse("accounts:session-end", args=[row.pk]))
    assert other.get("/").status_code == 200
    client.post(reverse("accounts:session-end", args=[row.pk]))
    assert other.get("/").status_code == 302


@pytest.mark.parametrize(
    ("role", "asked"),
    [("county_officer", True), ("system_admin", True), ("village_officer", False), ("auditor", False)],
)
def test_who_may_export_or_administer_needs_a_second_factor(client, demanded, role, asked):
    user = UserFactory(role=role)
    client.force_login(user)
    answer = client.get(reverse("accounts:sessions"))
    assert (answer.status_code == 302) is asked
    if asked:
        assert answer.url == reverse("mfa_index")
        User.objects.filter(pk=user.pk).update(is_demo=True)
        assert client.get(reverse("accounts:sessions")).status_code == 200


def test_the_second_factor_is_set_up_asked_for_and_cannot_be_taken_away(client, user, demanded):
    enter(client, user)
    assert client.get("/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    secret = set_up(client)
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/").status_code == 200
    client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    client.post(reverse("accounts:sign-out"))

    again = Client()
    assert enter(again, user).url == reverse("mfa_authenticate")
    assert again.get("/").status_code == 302  # the password alone opens nothing
    assert again.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert "accounts.factor_failed" in verbs()
    assert again.post(reverse("mfa_authenticate"), {"code": code_of(secret, 1)}).url == "/"
    assert again.get("/").status_code == 200

    third = Client()
    enter(third, user)
    third.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert third.get("/").status_code == 200
    fourth = Client()
    enter(fourth, user)
    fourth.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert fourth.get("/").status_code == 302  # each opens once


def test_sessions_without_the_factor_end_when_it_is_set_up(client, user, demanded):
    thief = Client()
    enter(thief, user)
    enter(client, user)
    set_up(client)
    assert thief.get("/").url.startswith(ENTRY)


def test_a_lost_factor_is_taken_away_by_two_persons(client, user, demanded, settings):
    enter(client, user)
    set_up(client)
    settings.SECOND_FACTOR_DEMANDED = False
    admin, guard = UserFactory(role="system_admin"), UserFactory(role="security_admin")
    asking, deciding = Client(), Client()
    asking.force_login(admin)
    deciding.force_login(guard)
    lost = reverse("accounts:user-factor-lost", args=[user.pk])
    assert asking.post(lost, {"reason": ""}).status_code == 422
    assert deciding.post(lost, {"reason": "手机丢失"}).status_code == 403
    asking.post(lost, {"reason": "手机丢失"})
    asking.post(lost, {"reason": "手机丢失"})  # once is enough
    asked = FactorReset.objects.get()
    decide = reverse("accounts:factor-decide", args=[asked.pk])
    assert asking.post(decide, {"answer": "approve"}).status_code == 403
    assert Authenticator.objects.filter(user=user).exists()
    deciding.post(decide, {"answer": "approve"})
    assert not Authenticator.objects.filter(user=user).exists()
    assert client.get("/").status_code == 302
    asked.refresh_from_db()
    assert (asked.asked_by, asked.decided_by, asked.granted) == (admin, guard, True)
    assert {"accounts.factor_reset_asked", "accounts.factor_reset_decided"} <= set(verbs())
    assert deciding.post(decide, {"answer": "approve"}).status_code == 404


def test_nothing_of_allauth_is_reachable_that_makes_no_sense_here(client, user):
    enter(client, user)
    for path in ("signup", "email", "password/reset", "confirm-email", "login", "social/connections", "3rdparty"):
        for root in ("", "accounts/", "account/", "sign-in/"):
            answer = client.get(f"/{root}{path}/")
            assert answer.status_code == 404, path
