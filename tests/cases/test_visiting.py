"""Pairing households with a helper, visits, policy cards, and the board."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bangfu.accounts.handover import hand_over, open_work
from bangfu.accounts.models import Duty
from bangfu.cases.pairing_board import homes_of, monitored_in
from bangfu.cases.visit_models import PolicyCard, Visit
from bangfu.cases.visiting import CardGiven, Visited, give_policy_cards, pair_households, record_visits
from bangfu.core.visiting import due_on
from bangfu.people.models import Category, Membership, Pairing
from tests.factories import NOON, VILLAGE, HouseholdFactory, PersonFactory, UserFactory
from tests.home.situations import key

pytestmark = [pytest.mark.django_db, pytest.mark.db]
TODAY = NOON.date()
BOARD = "/cases/pairing/"


def home(members=2, category="unstable", division=VILLAGE):
    """A household with its head first."""
    household = HouseholdFactory(division=division)
    for number in range(members):
        person = PersonFactory(standing__household=household, standing__category=category, standing__division=division)
        Membership.objects.update_or_create(
            person=person, valid_to=None, superseded_at=None,
            defaults={
                "household": household, "division": division, "relation": "户主" if number == 0 else "配偶",
                "valid_from": date(2025, 1, 1), "recorded_at": NOON, "source": "ledger",
            },
        )  # fmt: skip
        Category.objects.create(
            person=person, kind=category, valid_from=date(2025, 1, 1), recorded_at=NOON, source="ledger"
        )
    return household


def state(user, household, day=TODAY):
    (found,) = [one for one in homes_of(monitored_in(user), day) if one.household == household.pk]
    return found.state_on(day), found


def test_a_household_has_one_lead_helper_and_the_next_one_ends_the_first(officer):
    household, other = home(), UserFactory()
    assert state(officer, household)[0] == "orphaned"
    assert pair_households([household.pk], officer, by=officer, at=NOON) == 1
    assert state(officer, household)[1].helper == officer.pk
    pair_households([household.pk], other, by=officer, at=NOON + timedelta(days=1))
    assert state(officer, household)[1].helper == other.pk
    assert Pairing.objects.open().count() == 2  # one a member


def test_a_helper_whose_duty_ended_leaves_orphans(officer):
    household, helper = home(), UserFactory()
    pair_households([household.pk], helper, by=officer, at=NOON)
    Duty.objects.filter(user=helper).update(valid_to=TODAY)
    assert state(officer, household)[0] == "orphaned"


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 7, 30), "paired"), (date(2026, 7, 31), "late")])
def test_a_monitored_household_is_visited_each_month(officer, day, expected):
    household = home()
    pair_households([household.pk], officer, by=officer, at=NOON)
    assert state(officer, household, day)[0] == expected


def test_a_visit_moves_the_next_one_on(officer):
    household = home()
    pair_households([household.pk], officer, by=officer, at=NOON)
    seen = Visited(household.pk, "visit", date(2026, 7, 20), "家中平安", "k")
    assert record_visits([seen], by=officer, at=NOON + timedelta(days=20)) == 1
    assert record_visits([seen], by=officer, at=NOON + timedelta(days=20)) == 0
    assert state(officer, household, date(2026, 8, 1))[1].due_on == date(2026, 8, 20)


def test_what_is_still_to_come_is_no_visit(officer):
    household = home()
    with pytest.raises(ValueError, match="still to come"):
        record_visits([Visited(household.pk, "visit", TODAY + timedelta(days=1), "x", "k")], by=officer, at=NOON)
    assert not Visit.objects.exists()


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(-400, 400), st.sampled_from([1, 3]))
def test_the_next_visit_is_never_before_the_pairing(paired, days, months):
    visited = paired + timedelta(days=days)
    due = due_on(paired, visited, months)
    assert due > paired
    assert due == due_on(max(paired, visited), None, months)


def test_a_household_takes_one_card_of_each_year(officer):
    household = home()
    cards = [CardGiven(household.pk, "2026", "head", TODAY), CardGiven(household.pk, "2027", "spouse", TODAY)]
    assert give_policy_cards(cards[:1], by=officer, at=NOON) == 1
    assert give_policy_cards(cards, by=officer, at=NOON) == 1
    assert sorted(PolicyCard.objects.values_list("version", flat=True)) == ["2026", "2027"]


def test_households_move_to_the_successor(officer):
    household, helper, successor = home(), UserFactory(), UserFactory()
    pair_households([household.pk], helper, by=officer, at=NOON)
    assert [count for _words, count in open_work(helper)] == [1]
    hand_over(helper, successor, by=officer, at=NOON + timedelta(days=1))
    assert open_work(helper) == []
    assert state(officer, household)[1].helper == successor.pk


def test_the_board_counts_and_lists(client, officer, stranger):
    homes = [home() for _ in range(3)]
    home(category="lifted")
    now = timezone.now()
    pair_households([homes[0].pk, homes[1].pk], officer, by=officer, at=now - timedelta(days=80))
    record_visits([Visited(homes[0].pk, "visit", timezone.localdate(), "家中平安", "k")], by=officer, at=now)
    client.force_login(officer)
    page = client.get(BOARD)
    assert page.context["whole"].counts == {"orphaned": 1, "late": 1, "paired": 1}
    assert page.context["whole"].coverage == 66.7
    for chosen, expected in (("orphaned", homes[2]), ("late", homes[1]), ("paired", homes[0])):
        listed = client.get(BOARD, {"state": chosen}).context["lines"]
        assert [line[0].household for line in listed] == [expected.pk]
    mine = client.get(BOARD, {"helper": str(officer.pk)}).context["lines"]
    assert {line[0].household for line in mine} == {homes[0].pk, homes[1].pk}
    assert client.get("/").context["visits"] == 1
    client.force_login(stranger)
    assert not client.get(BOARD).context["lines"]
    assert client.get("/").context["visits"] == 0


def test_many_are_given_to_a_helper_at_once(client, officer, stranger):
    homes = [home() for _ in range(2)]
    far = home(division="150502001001")
    client.force_login(officer)
    asked = {"household": [one.pk for one in homes], "helper": officer.pk}
    assert client.post(reverse("cases:pair"), {**asked, "household": [homes[0].pk, far.pk]}).status_code == 404
    assert client.post(reverse("cases:pair"), {**asked, "helper": stranger.pk}).status_code == 404
    assert not Pairing.objects.exists()
    assert client.post(reverse("cases:pair"), asked).status_code == 302
    assert {state(officer, one, timezone.localdate())[1].helper for one in homes} == {officer.pk}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"findings": ""}, "findings"), ({"visited_on": 1}, "visited_on"), ({"next_on": 0}, "next_on")],
)
def test_a_mistake_in_a_visit_is_shown_at_its_field(client, officer, said, field):
    household, today = home(), timezone.localdate()
    days = {name: (today + timedelta(days=said.get(name, plus))).isoformat() for name, plus in
            (("visited_on", 0), ("next_on", 9))}  # fmt: skip
    client.force_login(officer)
    given_ = {"client_key": key(), "channel": "visit", "findings": said.get("findings", "家中平安"), **days}
    response = client.post(reverse("cases:visits", args=[household.pk]), given_)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Visit.objects.exists()


def test_a_visit_and_a_card_on_the_page_of_a_household(client, officer):
    household = home()
    address = reverse("cases:visits", args=[household.pk])
    client.force_login(officer)
    said = {"client_key": key(), "visited_on": timezone.localdate().isoformat(), "channel": "visit", "findings": "平安"}
    for _ in range(2):
        assert client.post(address, said).status_code == 302
    assert Visit.objects.count() == 1
    client.post(reverse("cases:card-given", args=[household.pk]), {"received_by": "spouse"})
    page = client.get(address)
    assert page.context["has_card"]
    assert "平安" in page.content.decode()
    assert client.get(reverse("cases:policy-card", args=[household.pk])).status_code == 200


@pytest.mark.parametrize("rows", [1, 25])
def test_the_board_costs_the_same_for_1_and_25_households(client, officer, django_assert_num_queries, rows):
    pair_households([home().pk for _ in range(rows)], officer, by=officer, at=timezone.now())
    client.force_login(officer)
    client.get(BOARD)
    with django_assert_num_queries(19):
        client.get(BOARD)
