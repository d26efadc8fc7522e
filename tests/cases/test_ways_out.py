"""Ways out: two people, what founds them, and that they run out."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.cases.actions import NotAllowedNow, Opening, ServiceGiven, close_cases, give_services, open_cases
from bangfu.cases.course_models import WayOut
from bangfu.cases.models import Case, Leg
from bangfu.cases.ways_out import (
    Decision,
    Proposal,
    ask_again,
    count_refusals,
    decide_ways_out,
    propose_ways_out,
    refusals_in_row,
)
from tests.factories import NOON, VILLAGE, ZONE, JobFactory, PersonFactory, PostFactory, UserFactory
from tests.home.situations import leave

pytestmark = [pytest.mark.django_db, pytest.mark.db]


def opened(officer, at=NOON):
    person = PersonFactory()
    key = open_cases([Opening(person.pk, VILLAGE, "own_request")], by=officer, at=at)[person.pk]
    return Case.objects.get(pk=key)


@pytest.fixture
def case(officer):
    return opened(officer)


def propose(case, officer, outcome="no_will", at=NOON):
    return propose_ways_out([Proposal(case.pk, outcome, "三次推荐均拒绝")], by=officer, at=at)[0]


def test_the_case_runs_on_until_a_second_person_confirms(officer, case):
    key = propose(case, officer)
    assert Case.objects.get().closed_at is None
    second = UserFactory()
    assert decide_ways_out([Decision(key, True)], by=second, at=NOON) == 1
    found = Case.objects.get()
    assert (found.outcome, found.closed_at) == ("no_will", NOON)
    assert decide_ways_out([Decision(key, True)], by=second, at=NOON + timedelta(days=1)) == 0
    assert WayOut.objects.get().decided_at == NOON


def test_nobody_confirms_the_own_proposal(officer, case):
    key = propose(case, officer)
    with pytest.raises(NotAllowedNow) as refused:
        decide_ways_out([Decision(key, True)], by=officer, at=NOON)
    assert refused.value.verb == "second"
    assert Case.objects.get().closed_at is None


def test_turned_down_the_case_goes_on_and_may_be_proposed_again(officer, case):
    key, second = propose(case, officer), UserFactory()
    decide_ways_out([Decision(key, False, "本人愿意在县内就业")], by=second, at=NOON)
    assert Case.objects.get().closed_at is None
    assert Leg.objects.filter(done_at__isnull=True).count() == 3
    with pytest.raises(NotAllowedNow):
        decide_ways_out([Decision(key, True)], by=second, at=NOON)
    assert propose(case, officer, "moved_out") != key


def test_one_way_out_waits_at_a_time(officer, case):
    key = propose(case, officer)
    assert propose(case, UserFactory()) == key
    with pytest.raises(NotAllowedNow) as refused:
        propose(case, officer, "deceased")
    assert refused.value.verb == "waits"
    assert WayOut.objects.count() == 1


def test_a_case_that_closed_meanwhile_is_not_closed_again(officer, case):
    key = propose(case, officer)
    close_cases({case.pk: "employed"}, by=officer, at=NOON)
    with pytest.raises(NotAllowedNow):
        decide_ways_out([Decision(key, True)], by=UserFactory(), at=NOON)
    assert Case.objects.get().outcome == "employed"
    assert WayOut.objects.get().confirmed is None


def test_a_way_out_is_never_closed_by_one_person_alone(officer, case):
    with pytest.raises(ValueError, match="second person"):
        close_cases({case.pk: "no_will"}, by=officer, at=NOON)
    with pytest.raises(ValueError, match="not a way out"):
        propose(case, officer, "employed")


def test_who_was_not_tried_on_three_days_can_be_reached(officer, case):
    with pytest.raises(NotAllowedNow) as refused:
        propose(case, officer, "unreachable")
    assert refused.value.verb == "unreachable"
    leave(case, "unreachable", officer, NOON)
    assert Case.objects.get().outcome == "unreachable"
    assert WayOut.objects.get().attempts == 3


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ([], 0), (["far", "wage", "family"], 3), (["far", "health", "wage"], 2), (["far", None, "wage"], 1),
        ([None, "far", "wage"], 2), (["far", "wage", None], 0), (["本人要照顾老人"], 1),
    ],
)  # fmt: skip
def test_refusals_count_back_to_the_last_other_answer(officer, case, said, count):
    """The offers in the order of time; None was not refused."""
    for number, reason in enumerate(said):
        answer = "refused" if reason else "thinking"
        offer = ServiceGiven(
            case.pk, "job_offer", "phone", answer, f"o{number}", post=PostFactory().pk, reason=reason or ""
        )
        give_services([offer], by=officer, at=NOON + timedelta(minutes=number))
    assert refusals_in_row([case.pk]) == {case.pk: count}


@given(st.lists(st.tuples(st.sampled_from(["refused", "thinking", "accepted"]), st.sampled_from(["far", "health"]))))
def test_refusals_are_those_before_anything_else(answers):
    expected = 0
    for answer, reason in answers:
        if answer != "refused":
            break
        expected += reason == "far"
    assert count_refusals(answers, {"health"}) == expected


@pytest.mark.parametrize(
    ("outcome", "on", "opened_again"),
    [
        ("no_will", date(2026, 9, 29), 0), ("no_will", date(2026, 9, 30), 1), ("unreachable", date(2026, 9, 30), 1),
        ("no_capacity", date(2026, 9, 30), 1), ("moved_out", date(2027, 1, 1), 0), ("deceased", date(2027, 1, 1), 0),
    ],
)  # fmt: skip
def test_a_way_out_runs_out_after_three_months(officer, case, outcome, on, opened_again):
    leave(case, outcome, officer, NOON)
    at = datetime(on.year, on.month, on.day, 1, tzinfo=ZONE)
    assert ask_again(on, at=at) == opened_again
    assert ask_again(on, at=at) == 0
    assert Case.objects.filter(closed_at__isnull=True).count() == opened_again


def test_who_found_work_meanwhile_is_not_asked_again(officer, case):
    leave(case, "no_will", officer, NOON)
    JobFactory(person=case.person, valid_from=NOON.date())
    case.person.standing.work_status = "at_work"
    case.person.standing.save()
    assert ask_again(date(2026, 12, 1), at=NOON + timedelta(days=154)) == 0
