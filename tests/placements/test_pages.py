"""Pages of matching: rounds, one round with its sum and fairness, the offers of a vacancy."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from bangfu.cases.actions import Opening, open_cases
from bangfu.cases.models import Case
from bangfu.placements.actions import match_open_cases
from bangfu.placements.fairness import ATTENTION, FEWEST, NORMAL, TOO_FEW, Group, compare, fairness, years_before
from bangfu.placements.figures import difference
from bangfu.placements.models import Offer, Round
from bangfu.placements.rounds import in_round, sum_of
from bangfu.placements.words import percent, points_of, state_shown
from tests.factories import VILLAGE, PersonFactory, UserFactory
from tests.home.situations import open_posts

pytestmark = pytest.mark.django_db


def matched(officer, people=1, posts=3):
    """A round of today for new cases."""
    today, now = timezone.localdate(), timezone.now()
    persons = [PersonFactory() for _ in range(people)]
    open_cases([Opening(one.pk, VILLAGE, "own_request", {}) for one in persons], by=officer, at=now)
    open_posts(posts)
    match_open_cases(today, at=timezone.now())
    return Round.objects.get()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_render_in_both_languages(client, officer, language):
    run = matched(officer, posts=2)
    client.force_login(officer)
    client.cookies["django_language"] = language
    offer = Offer.objects.first()
    for url in (
        reverse("placements:rounds"), reverse("placements:round", args=[run.pk]),
        reverse("placements:round", args=[run.pk]) + "?part=short",
        reverse("placements:post-offers", args=[offer.post_id]),
    ):  # fmt: skip
        assert client.get(url).status_code == 200


def test_a_round_of_another_county_is_missing(client, officer, stranger):
    run = matched(officer)
    client.force_login(stranger)
    assert client.get(reverse("placements:round", args=[run.pk])).status_code == 404
    assert not client.get(reverse("placements:rounds")).context["lines"]


def test_a_village_officer_sees_the_countys_round_and_only_own_cases(client, officer):
    run = matched(officer)
    other = UserFactory(role="village_officer", division="150522100001")
    client.force_login(other)
    page = client.get(reverse("placements:round", args=[run.pk]))
    assert (page.status_code, page.context["lines"], page.context["everybody"].cases) == (200, [], 1)


def test_a_village_officer_sees_no_person_of_another_village_behind_a_vacancy(client, officer):
    matched(officer)
    client.force_login(UserFactory(role="village_officer", division="150522100001"))
    page = client.get(reverse("placements:post-offers", args=[Offer.objects.first().post_id]))
    assert (page.context["lines"], page.context["total"]) == ([], 1)
    assert "乌云" not in page.content.decode()


def test_a_round_costs_the_same_for_1_and_25_cases(client, officer):
    counts = []
    client.force_login(officer)
    for people in (1, 24):
        Offer.objects.all().delete()
        Round.objects.all().delete()
        run = matched(officer, people=people, posts=3 if people == 1 else 20)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("placements:round", args=[run.pk]))
        counts.append(len(asked))
    assert len(page.context["lines"]) == 25
    assert counts[0] == counts[1]


def test_the_cases_of_a_round_are_those_of_its_certificate(officer):
    run = matched(officer, people=3)
    assert in_round(Case.objects.all(), run).count() == run.cases == 3
    later = timezone.now() + timedelta(minutes=1)
    open_cases([Opening(PersonFactory().pk, VILLAGE, "own_request", {})], by=officer, at=later)
    assert in_round(Case.objects.all(), run).count() == 3


@pytest.mark.parametrize(
    ("posts", "part", "rows"), [(3, "full", 1), (3, "short", 0), (2, "short", 1), (2, "none", 0), (0, "none", 1)]
)
def test_the_filter_tells_who_got_too_few(client, officer, posts, part, rows):
    run = matched(officer, posts=posts)
    client.force_login(officer)
    page = client.get(reverse("placements:round", args=[run.pk]), {"part": part})
    assert len(page.context["lines"]) == rows


def test_the_sum_adds_up_with_offers_held_before():
    reasons = {"complete": 0, "no_eligible_post": 0, "few_eligible_posts": 0, "priced_out": 0}
    table = {
        "3": {**reasons, "complete": 100}, "2": {**reasons, "complete": 5, "few_eligible_posts": 2},
        "1": {**reasons, "complete": 4, "priced_out": 3}, "0": {**reasons, "complete": 30, "no_eligible_post": 9},
    }  # fmt: skip
    total = sum_of({"offers": table})
    assert (total.three, total.filled, total.held, total.two, total.one, total.none) == (100, 9, 30, 2, 3, 9)
    assert total.three + total.filled + total.held + total.short == total.cases == 153
    assert total.offers == 321


def group(cases, full):
    return Group("sex", "x", cases, full, 0)


@pytest.mark.parametrize(
    ("cases", "full", "verdict"),
    [
        (100, 87, NORMAL),  # exactly 3 points below 90 %
        (1000, 869, ATTENTION),  # 3.1 points
        (FEWEST, 0, ATTENTION),
        (FEWEST - 1, 0, TOO_FEW),
        (0, 0, TOO_FEW),
    ],
)
def test_a_group_needs_attention_beyond_three_points(cases, full, verdict):
    assert compare([group(cases, full)], group(1000, 900))[0].verdict == verdict


@given(st.lists(st.integers(0, 50).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=6))
def test_groups_of_equal_share_are_never_marked(pairs):
    groups = [group(cases, full) for cases, full in pairs]
    everybody = group(sum(cases for cases, _ in pairs), sum(full for _, full in pairs))
    for one in compare(groups, everybody):
        same = one.group.full * everybody.cases == everybody.full * one.group.cases
        assert not (same and one.verdict == ATTENTION)
        assert one.points is None or -100 <= one.points <= 100


def test_fairness_counts_each_case_once_in_every_kind(officer):
    run = matched(officer, people=3, posts=2)
    everybody, compared = fairness(run)
    assert (everybody.cases, everybody.full) == (3, 0)
    for kind in ("sex", "age", "category"):
        assert sum(one.group.cases for one in compared if one.group.kind == kind) == 3


@pytest.mark.parametrize(
    ("on", "born", "younger"),
    [
        (date(2026, 6, 30), date(1991, 6, 30), False),
        (date(2026, 6, 30), date(1991, 7, 1), True),
        (date(2028, 2, 29), date(1993, 2, 28), False),
        (date(2028, 2, 29), date(1993, 3, 1), True),
    ],
)
def test_who_is_younger_than_35(on, born, younger):
    assert (born > years_before(on, 35)) is younger


@pytest.mark.parametrize(("share", "words"), [(0.0, "0.00"), (0.00001, "0.01"), (0.002, "0.20"), (0.00201, "0.21")])
def test_a_gap_never_looks_better_than_it_is(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(("score", "points"), [(60000, 100), (299, 0), (300, 1), (35922, 60)])
def test_points_are_rounded_half_up(score, points):
    assert points_of(Offer(score=score)) == points


def test_a_proposal_lapses_after_its_last_day(on):
    offer = Offer(state="proposed", holds_until=on)
    with translation.override("en"):
        assert state_shown(offer, on).words == "Proposed"
        assert state_shown(offer, on + timedelta(days=1)).words == "Lapsed"


def test_a_bar_stands_on_its_side_of_the_axis():
    left, right = difference(Decimal("-4.1"), ATTENTION), difference(Decimal("0.3"), NORMAL)
    assert (left.x + left.width, left.colour, left.words) == (66, "f-a", "−4.1")
    assert (right.x, right.words) == (66, "+0.3")
