"""What a role may not see is on none of the pages that show facts side by side."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from bangfu.people.actions import record_accounts, record_facts
from bangfu.people.identity import masked_account
from bangfu.people.models import Condition, Difference, Duplicate, Income
from bangfu.people.recorded import Recorded
from tests.factories import NOON, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
ACCOUNT, INCOME, HEALTH = masked_account("6217001234560123"), "13,077", "长期慢性病"


@pytest.fixture
def person():
    one = PersonFactory()
    how = Recorded(on=date(2026, 6, 30), source="visit", by=None, at=NOON)
    record_accounts([{"person": one.pk, "number": "6217001234560123"}], how)
    record_facts(Income, {one.pk: {"per_head_amount": Decimal(13077)}}, how)
    record_facts(Condition, {one.pk: {"health": "chronic"}}, how)
    record_facts(Condition, {one.pk: {"health": "healthy"}}, Recorded(date(2026, 6, 30), "ledger", None, NOON))
    return one


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("county_officer", {ACCOUNT, INCOME, HEALTH}),
        ("supervisor", {INCOME, HEALTH}),
        ("auditor", set()),
    ],
)
def test_what_a_role_sees_of_two_rows_and_a_household(client, person, role, seen):
    other = PersonFactory()
    first, second = sorted((person, other), key=lambda one: one.pk)
    pair = Duplicate.objects.create(first=first, second=second, likelihood=900, reasons={}, noted_on=date(2026, 6, 30))
    client.force_login(UserFactory(role=role))
    shown = client.get(reverse("people:duplicate", args=[pair.pk])).content.decode()
    assert {word for word in (ACCOUNT, INCOME, HEALTH) if word in shown} == seen
    home = client.get(reverse("home:household", args=[person.standing.household_id])).content.decode()
    assert (INCOME in home) is (INCOME in seen)
    differences = client.get(reverse("people:differences")).content.decode()
    assert Difference.objects.count() == 1
    assert (HEALTH in differences) is (HEALTH in seen)


def test_a_village_officer_hands_out_a_copy_without_the_whole_account(client, person):
    client.force_login(UserFactory(role="village_officer", division="150522202211"))
    copy = client.post(reverse("home:person-copy", args=[person.pk]), {"form": "paper"}).content.decode()
    assert "6217001234560123" not in copy
    assert ACCOUNT in copy
