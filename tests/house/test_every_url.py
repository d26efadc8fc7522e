"""Every address, asked for the things of county A by everybody who has no business there, and by those who have."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from bangfu.accounts.models import Duty, User
from bangfu.audit.models import Entry
from tests.factories import VILLAGE, UserFactory
from tests.house.addresses import CODES, DEEDS, LAKE, OTHER_VILLAGE, PLACES, Kind, named_paths
from tests.house.answers import ask, checked, said
from tests.house.county_a import OTHER_COUNTY, RULE, build, everything, undone

pytestmark = pytest.mark.django_db
GETS = [deed for deed in DEEDS if deed.method == "get"]
POSTS = [deed for deed in DEEDS if deed.method == "post"]
LOOKS = {
    "people.viewed",
    "monitoring.screen_answered",
    "monitoring.inspections_entered",
    "monitoring.inspections_withdrawn",
    "people.identity_revealed",
    "people.copy_handed_out",
    "intake.failed_rows_sent",
    "monitoring.bad_lines_sent",
    "employers.contact_seen",
    "accounts.signed_out",
    "export.asked",
    "export.approved",
    "export.made",
}
ARGS = {
    "monitoring:rule": [RULE],
    "monitoring:answers": [RULE],
    "bulletins:rows": ["I1"],
    "monitoring:coverage-rows": ["work", "all"],
}
SENT_ON = {
    "accounts:sign-in",
    "account_login",
    "mfa_authenticate",
    "mfa_activate_totp",
    "mfa_generate_recovery_codes",
    "mfa_deactivate_totp",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "openid_connect_login",
    "openid_connect_callback",
}
STRANGERS = ("other county", "other village", "duty ended")


@pytest.fixture
def place(officer):
    return build(officer)


def stranger_of(who):
    """Somebody who may not see the village of county A."""
    if who == "other county":
        return UserFactory(division=OTHER_COUNTY)
    if who == "other village":
        return UserFactory(division=OTHER_VILLAGE, role="village_officer")
    user = UserFactory()
    Duty.objects.filter(user=user).update(valid_to=localdate())
    return User.objects.get(pk=user.pk)


def signed_in(client, user):
    client.force_login(user)
    return client


def test_every_path_is_in_the_table():
    paths = list(named_paths())
    assert "" not in {path.rpartition(":")[2] for path in paths}
    assert set(paths) == {deed.name for deed in DEEDS}


def test_who_is_not_signed_in_is_sent_to_the_entry(client, place):
    before = everything()
    for deed in DEEDS:
        response = ask(client, deed, place)
        if deed.kind != Kind.OPEN:
            assert response.status_code == 302, deed.label
            assert response.url.startswith(reverse("accounts:sign-in")), deed.label
        assert not any(secret in said(response) for secret in place.secrets()[:4]), deed.label
    assert everything() == before


def expected_of_stranger(deed, who):
    if deed.kind == Kind.FILE:
        return {404}
    if deed.kind in (Kind.EXPORT, Kind.ABOVE, Kind.TRY):
        return {deed.officer if who == "other county" else 403}
    if who == "duty ended" and deed.supervisor == 403:
        return {403}
    if deed.kind == Kind.OBJECT or (deed.kind == Kind.COUNTY and who != "other village"):
        return {404}
    if who == "duty ended" and deed.kind in (Kind.PUBLIC, Kind.OWN):
        return {404, 403} if deed.name != "employers:list" else {200}
    return {deed.officer}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_and_changes_nothing(client, place, who):
    signed_in(client, stranger_of(who))
    before, secrets = everything(), place.secrets()
    for deed in sorted(DEEDS, key=lambda deed: deed.name == "accounts:sign-out"):
        with undone():
            response = ask(client, deed, place)
            assert response.status_code in expected_of_stranger(deed, who), deed.label
            if deed.kind not in (Kind.OBJECT, Kind.FILE):  # an address holds the key that was asked for
                assert not [secret for secret in secrets if secret in said(response)], deed.label
            signs_out = deed.name == "accounts:sign-out"  # that is recorded
            if deed.kind not in (Kind.OWN, Kind.PUBLIC, Kind.EXPORT, Kind.TRY) and not signs_out:
                assert everything() == before, deed.label


@pytest.mark.parametrize("who", STRANGERS)
def test_a_filter_by_a_place_outside_finds_nothing(client, place, who):
    signed_in(client, stranger_of(who))
    asked = [(name, parameter, code) for name, parameter in PLACES for code in CODES[parameter]]
    for name, parameter, code in asked:
        address = reverse(name, args=ARGS.get(name, []))
        for headers in ({}, {"HX-Request": "true"}):
            response = checked(client.get(address, {parameter: code}, headers=headers))
            assert response.status_code == 404, f"{name} {parameter} {code}"


def test_nothing_is_left_of_what_a_stranger_searched(client, place):
    signed_in(client, stranger_of("other county"))
    for typed in (place.person.id_last4, "wuyun", place.person.name[:1], "公河来"):
        client.post(reverse("home:search"), {"q": typed})
        page = said(client.get(reverse("home:search")))
        assert not [secret for secret in place.secrets() if secret in page]
        assert VILLAGE not in page


def test_a_supervisor_reads_all_and_writes_nothing(client, place, supervisor):
    signed_in(client, supervisor)
    for deed in sorted(DEEDS, key=lambda deed: deed.name == "accounts:sign-out"):
        if deed.name.startswith(LAKE):
            continue
        before, looks = everything(), Entry.objects.count()
        response = ask(client, deed, place)
        assert response.status_code == deed.supervisor, deed.label
        theirs = ("exports.", "monitoring.ScreenFinding", "monitoring.Inspection")  # asking, looking into, inspecting
        assert facts(everything(), *theirs) == facts(before, *theirs), deed.label
        assert {entry.verb for entry in Entry.objects.order_by("-id")[: Entry.objects.count() - looks]} <= LOOKS


def test_an_officer_reads_and_writes_what_is_in_the_table(client, place, officer):
    """Else the refusals above would prove nothing."""
    for deed in POSTS:
        with undone():
            signed_in(client, officer)
            before = everything()
            assert ask(client, deed, place).status_code == deed.officer, deed.label
            if deed.kind not in (Kind.OPEN, Kind.LIST) and deed.name != "home:request":
                assert everything() != before, deed.label


def test_reading_changes_nothing_but_the_looks(client, place, officer):
    signed_in(client, officer)
    before, last = everything(), Entry.objects.order_by("-id").first().pk
    for deed in GETS:
        if not deed.name.startswith(LAKE):
            assert ask(client, deed, place).status_code == deed.officer, deed.label
    assert facts(everything()) == facts(before)
    assert {entry.verb for entry in Entry.objects.filter(pk__gt=last)} <= LOOKS


def facts(tables, *besides):
    """The fingerprints without those of the audit, which records looks, and of what else is named."""
    return {name: mark for name, mark in tables.items() if not name.startswith(("audit.", *besides))}


def test_an_address_answers_its_own_methods_only(client, place, officer):
    signed_in(client, officer)
    before = everything()
    for name, args in {deed.name: deed.args(place) for deed in DEEDS}.items():
        if name in SENT_ON:
            continue  # who is signed in is sent on, whatever the method
        known = {deed.method for deed in DEEDS if deed.name == name}
        for method in {"get", "post", "put", "patch", "delete"} - known:
            response = checked(getattr(client, method)(reverse(name, args=args)))
            assert response.status_code == 405, f"{method} {name}"
    assert facts(everything()) == facts(before)


def test_no_post_is_taken_from_another_site(place, officer):
    client = signed_in(Client(enforce_csrf_checks=True), officer)
    before = everything()
    for deed in POSTS:
        assert ask(client, deed, place).status_code == 403, deed.label
    assert client.get(reverse("home:worklist")).status_code == 200
    assert everything() == before


def test_a_term_that_ends_ends_the_session_s_sight(client, place, officer):
    signed_in(client, officer)
    assert client.get(reverse("intake:batch", args=[place.batch.pk])).status_code == 200
    Duty.objects.filter(user=officer).update(valid_to=localdate() - timedelta(days=1))
    for deed in GETS:
        if deed.kind == Kind.OBJECT:
            assert ask(client, deed, place).status_code in {403, 404}, deed.label
