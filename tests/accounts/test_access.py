"""Who sees what: the range of the duties of today, and nothing else."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from bangfu.accounts.access import get_division_code, inside, may_see_division, require_exporter, require_writer
from bangfu.accounts.models import Duty, User
from bangfu.divisions.ranges import ancestors_of, code_range, county_of, level_of
from bangfu.people.access import get_person, visible_standings
from bangfu.people.models import Standing
from tests.factories import VILLAGE, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "level", "low", "high"),
    [
        ("150000000000", 1, "150000000000", "160000000000"),
        ("150500000000", 2, "150500000000", "150600000000"),
        ("150522000000", 3, "150522000000", "150523000000"),
        ("150522202000", 4, "150522202000", "150522203000"),
        ("150522202211", 5, "150522202211", "150522202212"),
        ("441900003000", 4, "441900003000", "441900004000"),
        ("990000000000", 1, "990000000000", "~00000000000"),
    ],
)
def test_a_subtree_is_a_range(code, level, low, high):
    assert level_of(code) == level
    assert code_range(code) == (low, high)
    assert low <= code < high


def test_a_village_knows_what_holds_it():
    assert ancestors_of(VILLAGE) == ["150000000000", "150500000000", "150522000000", "150522202000"]
    assert county_of(VILLAGE) == "150522000000"


@pytest.mark.parametrize("division", ["150522000000", "150522202000", VILLAGE, "150500000000", "150000000000"])
def test_a_duty_opens_what_lies_inside(division):
    person = PersonFactory()
    user = UserFactory(division=division)
    assert get_person(user, person.pk) == person
    assert visible_standings(user).count() == 1


@pytest.mark.parametrize("division", ["150523000000", "150522203000", "150522202210", "110000000000"])
def test_a_stranger_finds_nothing(division):
    person = PersonFactory()
    user = UserFactory(division=division)
    with pytest.raises(Http404):
        get_person(user, person.pk)
    assert not visible_standings(user).exists()


@pytest.mark.parametrize(
    ("begins", "ends", "sees"),
    [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)],
)
def test_a_duty_holds_in_its_term(begins, ends, sees):
    PersonFactory()
    user = UserFactory()
    today = localdate()
    last = None if ends is None else today + timedelta(days=ends)
    Duty.objects.filter(user=user).update(valid_from=today + timedelta(days=begins), valid_to=last)
    assert visible_standings(User.objects.get(pk=user.pk)).exists() is sees


def test_nobody_sees_without_a_duty():
    PersonFactory()
    assert not Standing.objects.filter(inside(AnonymousUser())).exists()
    assert not may_see_division(AnonymousUser(), VILLAGE)


def test_the_own_division_is_the_default(officer):
    assert get_division_code(officer, "") == "150522000000"
    assert get_division_code(officer, VILLAGE) == VILLAGE
    with pytest.raises(Http404):
        get_division_code(officer, "150500000000")


def test_a_supervisor_reads_only(supervisor, officer):
    assert require_writer(officer) == officer
    with pytest.raises(PermissionDenied):
        require_writer(supervisor)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("town_officer", True),
        ("county_officer", True),
        ("supervisor", True),
        ("village_officer", False),
        ("auditor", False),
    ],
)
def test_exports_are_for_offices(role, may):
    user = UserFactory(role=role)
    assert user.may_export() is may
    if may:
        assert require_exporter(user) == user
    else:
        with pytest.raises(PermissionDenied):
            require_exporter(user)


def test_the_entry_opens_with_the_password_and_locks_after_five(client):
    user = UserFactory()
    user.set_password("bangfu-demo-1")
    user.save()
    address = reverse("accounts:sign-in")
    right = {"username": user.username, "password": "bangfu-demo-1"}
    assert client.post(address, right).status_code == 302
    client.logout()
    wrong = {"username": user.username, "password": "no"}
    codes = [client.post(address, wrong).status_code for _ in range(5)]
    assert codes[:4] == [200] * 4
    assert codes[4] == 429
    assert client.post(address, right).status_code == 429


def test_every_page_asks_for_a_sign_in(client):
    for name in ("home:worklist", "people:list", "intake:list", "cases:list", "employers:list", "bulletins:month"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("accounts:sign-in"))


def test_dates_of_a_duty_are_kept_in_order(officer):
    duty = officer.duties.get()
    assert duty.valid_from == date(2020, 1, 1)
