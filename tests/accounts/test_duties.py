"""Roles, the three administrators, duties that a second person approves, and open work that is handed over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from bangfu.accounts.access import visible_fields
from bangfu.accounts.actions import NewDuty, NotAllowed, create_user, give_duty
from bangfu.accounts.models import Duty, User
from bangfu.accounts.roles import ADMINISTRATORS, EXPORTERS, OFFICERS, Field, Role, clash
from bangfu.audit.models import Entry
from bangfu.cases.models import Case
from bangfu.people.access import visible_standings
from tests.factories import VILLAGE, PersonFactory, UserFactory
from tests.home.situations import open_case

pytestmark = pytest.mark.django_db
COUNTY = "150522000000"


@pytest.fixture
def admin(db):
    """A system administrator of the county."""
    return UserFactory(role="system_admin", division=COUNTY)


@pytest.fixture
def guard(db):
    """A security administrator of the county."""
    return UserFactory(role="security_admin", division=COUNTY)


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", Role.values)
def test_what_each_role_opens(role):
    PersonFactory()
    user = UserFactory(role=role)
    sees = role in OFFICERS | {Role.SUPERVISOR, Role.AUDITOR}
    assert visible_standings(user).exists() is sees
    assert bool(user.ranges()) is sees
    assert user.may_write() is (role in OFFICERS)
    assert user.may_export() is (role in EXPORTERS)
    assert user.may_administer() is (role in ADMINISTRATORS)
    assert user.division == COUNTY
    assert user.role == role


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("county_officer", set(Field)),
        ("village_officer", set(Field) - {Field.BANK_ACCOUNT}),
        ("supervisor", set(Field) - {Field.BANK_ACCOUNT}),
        ("auditor", {Field.PHONE, Field.ID_NUMBER}),
        ("training_provider", set()),
        ("employer", set()),
        ("system_admin", set()),
        ("security_admin", set()),
        ("audit_admin", set()),
    ],
)
def test_what_of_a_person_each_role_sees(role, sees):
    assert visible_fields(UserFactory(role=role)) == sees


@pytest.mark.parametrize(
    ("roles", "may"),
    [
        (["system_admin"], True),
        (["system_admin", "security_admin"], False),
        (["security_admin", "audit_admin"], False),
        (["audit_admin", "auditor"], False),
        (["system_admin", "village_officer"], False),
        (["system_admin", "system_admin"], True),
        (["village_officer", "county_officer"], True),
        (["county_officer", "supervisor"], True),
    ],
)
def test_which_duties_go_together(roles, may):
    assert (clash(roles) == "") is may


def test_the_table_itself_refuses_two_administrator_duties(admin):
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(user=admin, role="audit_admin", division=COUNTY, valid_from=localdate())


def test_a_duty_to_come_clashes_too(admin):
    later = localdate() + timedelta(days=30)
    with pytest.raises(NotAllowed):
        give_duty(admin, NewDuty("town_officer", COUNTY, later), by=None, at=timezone.now())


def test_the_console_keeps_to_the_rule_as_well(admin):
    with pytest.raises(NotAllowed):
        create_user(
            admin.username, "a-good-long-password", name="", office="", role="auditor", division=COUNTY,
            since=localdate(), by=None, at=timezone.now(),
        )  # fmt: skip
    assert fresh(admin).role == "system_admin"


def duty_data(**changes):
    today = localdate().isoformat()
    return {"role": "village_officer", "place": VILLAGE, "title": "grid_worker", "valid_from": today, **changes}


def made(client, admin, **changes):
    client.force_login(admin)
    data = {"username": "chen.wei", "name": "陈伟", "office": "公河来村", **duty_data(), **changes}
    return client.post(reverse("accounts:user-new"), data)


def test_a_system_administrator_makes_a_user_with_a_one_time_password(client, admin):
    page = made(client, admin)
    user = User.objects.get(username="chen.wei")
    assert user.get_role_display() in {"网格员", "Grid worker"}
    assert user.role == "village_officer"
    assert user.one_time_until > timezone.now()
    password = page.context["shown"]["password"]
    assert user.check_password(password)
    assert password not in str(list(Entry.objects.values_list()))
    assert password not in client.get(reverse("accounts:user", args=[user.pk])).content.decode()


def test_a_duty_that_exports_waits_for_a_second_person(client, admin, guard):
    made(client, admin, role="county_officer", place=COUNTY)
    user = User.objects.get(username="chen.wei")
    duty = user.duties.get()
    assert duty.waiting
    assert user.ranges() == []
    for one, status in ((admin, 403), (UserFactory(role="security_admin", division="150502000000"), 404)):
        client.force_login(one)
        assert client.post(reverse("accounts:duty-decide", args=[duty.pk]), {"answer": "approve"}).status_code == status
    client.force_login(guard)
    assert "陈伟" in client.get(reverse("accounts:approvals")).content.decode()
    client.post(reverse("accounts:duty-decide", args=[duty.pk]), {"answer": "approve"})
    assert fresh(user).ranges() == [("150522000000", "150523000000")]
    assert Entry.objects.get(verb="accounts.duty_approved").by == guard
    again = client.post(reverse("accounts:duty-decide", args=[duty.pk]), {"answer": "approve"})
    assert again.status_code == 404


def test_a_refused_duty_is_gone(client, admin, guard):
    made(client, admin, role="county_officer", place=COUNTY)
    duty = Duty.objects.get(user__username="chen.wei")
    client.force_login(guard)
    client.post(reverse("accounts:duty-decide", args=[duty.pk]), {"answer": "refuse", "reason": "不在岗"})
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert Entry.objects.get(verb="accounts.duty_refused").purpose == "不在岗"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": "150502000000"}, "place"),
        ({"place": "nowhere"}, "place"),
        ({"place": ""}, "place"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"role": "system_admin"}, "role"),
        ({"role": "labourer"}, "role"),
        ({"role": "employer"}, "organisation"),
        ({"role": "employer", "organisation": "91150522000000001X"}, "organisation"),
        ({"username": "990522198602140024"}, "username"),
        ({"username": "Ab"}, "username"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, admin, changes, field):
    page = made(client, admin, **changes)
    assert page.status_code == 422
    assert field in {**page.context["form"].errors, **page.context["duty"].errors}
    assert not User.objects.filter(name="陈伟").exists()
    assert "公河来村" in page.content.decode()


def test_a_taken_name_is_refused_whatever_its_case(client, admin):
    UserFactory(username="Chen.Wei")
    assert made(client, admin).status_code == 422


def test_a_place_may_be_given_by_name(client, admin):
    made(client, admin, place="公河来村委会 150522202211")
    assert User.objects.get(username="chen.wei").duties.get().division == VILLAGE


def test_a_user_of_a_wider_place_or_an_administrator_is_not_changed(client, admin):
    client.force_login(admin)
    both = UserFactory()
    Duty.objects.create(user=both, role="city_officer", division="150500000000", valid_from=localdate())
    for user, status in ((both, 403), (UserFactory(role="security_admin"), 403), (admin, 403),
                         (UserFactory(division="150502000000"), 404)):  # fmt: skip
        password = user.password
        for name in ("user-one-time", "user-deactivate", "user", "duty-new"):
            answer = client.post(reverse(f"accounts:{name}", args=[user.pk]), {})
            assert answer.status_code == status, name
        user.refresh_from_db()
        assert user.is_active
        assert user.password == password


def test_open_work_goes_to_a_named_successor(client, admin, officer):
    helper, other = UserFactory(division=VILLAGE, role="village_officer"), UserFactory()
    case = open_case(officer)
    Case.objects.filter(pk=case.pk).update(helper=helper)
    client.force_login(admin)
    end = reverse("accounts:duty-end", args=[helper.pk, helper.duties.get().pk])
    page = client.post(end)
    assert page.status_code == 422
    assert page.context["successor"].errors
    assert fresh(helper).ranges()
    assert client.post(end, {"successor": admin.pk}).status_code == 422
    assert client.post(end, {"successor": other.pk}).status_code == 302
    case.refresh_from_db()
    assert case.helper == other
    assert not fresh(helper).ranges()
    entry = Entry.objects.get(verb="accounts.work_handed_over")
    assert (entry.count, entry.facts["successor"]) == (1, str(other.pk))


def test_work_stays_where_another_duty_goes_on(client, admin, officer):
    helper = UserFactory(division=VILLAGE, role="village_officer")
    Duty.objects.create(user=helper, role="town_officer", division="150522202000", valid_from=localdate())
    Case.objects.filter(pk=open_case(officer).pk).update(helper=helper)
    client.force_login(admin)
    client.post(reverse("accounts:duty-end", args=[helper.pk, helper.duties.get(role="village_officer").pk]))
    assert Case.objects.filter(helper=helper).count() == 1


def test_who_is_deactivated_is_out_at_once(client, admin):
    from django.test import Client

    user = UserFactory(role="village_officer")
    user.set_password("a-good-long-password")
    user.save()
    own = Client()
    own.post(reverse("accounts:sign-in"), {"username": user.username, "password": "a-good-long-password"})
    assert own.get(reverse("home:worklist")).status_code == 200
    client.force_login(admin)
    client.post(reverse("accounts:user-deactivate", args=[user.pk]))
    assert own.get(reverse("home:worklist")).status_code == 302
    again = {"username": user.username, "password": "a-good-long-password"}
    assert own.post(reverse("accounts:sign-in"), again).status_code == 200
    client.post(reverse("accounts:user-one-time", args=[user.pk]))
    assert fresh(user).is_active
    assert not fresh(user).duties_today


@pytest.mark.parametrize("users", [1, 25])
def test_the_list_costs_the_same_for_1_and_25_users(client, admin, django_assert_num_queries, users):
    for _ in range(users):
        UserFactory(role="village_officer", division=VILLAGE)
    client.force_login(admin)
    client.get(reverse("accounts:users"))
    with django_assert_num_queries(9):
        page = client.get(reverse("accounts:users"), {"role": "village_officer"})
    assert len(page.context["lines"]) == users


@pytest.mark.parametrize(
    ("role", "page"), [("system_admin", "accounts:users"), ("security_admin", "accounts:approvals"),
                       ("audit_admin", "home:audit")],
)  # fmt: skip
def test_an_administrator_begins_at_the_own_page_and_sees_nobody(client, role, page):
    person = PersonFactory()
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("home:worklist")).url == reverse(page)
    assert client.get(reverse(page)).status_code == 200
    assert client.get(reverse("home:person", args=[person.pk])).status_code == 404
    assert person.name not in client.get(reverse("people:list")).content.decode()
    client.post(reverse("home:search"), {"q": person.id_last4})
    assert person.name not in client.get(reverse("home:search")).content.decode()
