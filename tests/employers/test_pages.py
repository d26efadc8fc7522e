"""Pages of vacancies: who sees what, filters, what they cost, closing one, a contact's look."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from bangfu.audit.models import Entry
from bangfu.employers.forms import PostFilter
from bangfu.employers.models import Post
from bangfu.employers.queries import filter_posts, place_names
from bangfu.employers.words import age_words, asked, state_of, wage_words
from bangfu.placements.models import OfferState
from tests.factories import PostFactory, UserFactory
from tests.home.situations import offers_to, open_case, open_posts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_list_and_a_vacancy_render_in_both_languages(client, officer, language):
    post = open_posts(1)[0]
    client.force_login(officer)
    with translation.override(language):
        client.cookies["django_language"] = language
        page = client.get(reverse("employers:list"))
        assert page.status_code == 200
        assert post.employer.name in page.content.decode()
        one = client.get(reverse("employers:post", args=[post.pk]))
        assert one.status_code == 200
        assert post.employer.uscc in one.content.decode()


def test_nobody_without_a_duty_sees_a_vacancy(client):
    user = UserFactory()
    user.duties.all().delete()
    post = open_posts(1)[0]
    client.force_login(user)
    assert client.get(reverse("employers:post", args=[post.pk])).status_code == 404
    assert post.employer.uscc not in client.get(reverse("employers:list")).content.decode()


def test_the_list_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries):
    client.force_login(officer)
    url = reverse("employers:list")
    open_posts(1)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    open_posts(24)
    with django_assert_num_queries(len(one)):
        client.get(url)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("", {"150522000000", "150502000000", "150102000000", "320505000000", ""}),
        ("county", {"150522000000"}),
        ("city", {"150522000000", "150502000000"}),
        ("province", {"150522000000", "150502000000", "150102000000"}),
        ("elsewhere", {"320505000000"}),  # a place that is not stated is not elsewhere
        ("nowhere", {"150522000000", "150502000000", "150102000000", "320505000000", ""}),
    ],
)
def test_places_are_near_or_far_from_the_reader(on, place, found):
    for code in ("150522000000", "150502000000", "150102000000", "320505000000", ""):
        PostFactory(place=code)
    form = PostFilter({"place": place}, division="150522100000")
    rows = filter_posts(Post.objects.all(), day=on, **form.chosen())
    assert {row.place for row in rows} == found


def test_a_supervisor_of_a_prefecture_has_no_own_county():
    places = PostFilter({}, division="150500000000").places
    assert [code for code, _words in places] == ["city", "province", "elsewhere"]


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({}, "open"),
        ({"valid_until": 8}, "open"),
        ({"valid_until": 7}, "ending"),
        ({"valid_until": 0}, "ending"),
        ({"valid_until": -1}, "expired"),
        ({"closed_on": 1}, "open"),
        ({"closed_on": 0}, "closed"),
        ({"posted_on": 1}, "later"),
    ],
)
def test_the_state_of_a_vacancy_both_sides_of_each_day(on, columns, state):
    days = {name: on + timedelta(days=number) for name, number in columns.items()}
    assert state_of(Post(**{"posted_on": on, **days}), on) == state


def test_a_vacancy_in_words():
    with translation.override("en"):
        assert wage_words(Post(wage_low_amount=3500, wage_high_amount=4500)) == "3,500–4,500"
        assert wage_words(Post(wage_low_amount=3500, wage_high_amount=3500)) == "3,500"
        assert wage_words(Post()) == "To be agreed"
        assert age_words(Post(age_low=18, age_high=45)) == "aged 18 to 45"
        assert asked(Post(education="junior", level=5, requirements="能倒班")) == [
            "Junior secondary school", "Junior worker (level 5)", "能倒班",
        ]  # fmt: skip
        assert asked(Post()) == []


def test_the_own_province_is_left_out_of_a_place():
    names = place_names(["150522000000", "110115000000", ""], "150522100000")
    assert names == {"150522000000": "通辽市 科尔沁左翼后旗", "110115000000": "北京市 大兴区", "": ""}


def test_offers_and_hires_are_counted(client, officer):
    case = open_case(officer)
    offer, *_others = offers_to(case, 1)
    client.force_login(officer)
    shown = client.get(reverse("employers:post", args=[offer.post_id])).context
    assert (shown["taken"].out, shown["taken"].hired, shown["left"]) == (1, 0, 5)
    offer.state, offer.answered_at = OfferState.HIRED, timezone.now()
    offer.save()
    shown = client.get(reverse("employers:post", args=[offer.post_id])).context
    assert (shown["taken"].out, shown["taken"].hired, shown["left"]) == (0, 1, 4)


def test_closing_takes_it_off_the_list_once(client, officer):
    post = open_posts(1)[0]
    client.force_login(officer)
    for _twice in range(2):
        assert client.post(reverse("employers:close", args=[post.pk])).status_code == 302
    post.refresh_from_db()
    assert post.closed_on == timezone.localdate()
    assert [entry.count for entry in Entry.objects.filter(verb="employers.closed").order_by("at")] == [1, 0]


@pytest.mark.parametrize("name", ["close", "contact"])
def test_a_reader_changes_nothing_and_sees_no_contact(client, supervisor, name):
    post = open_posts(1)[0]
    client.force_login(supervisor)
    assert client.post(reverse(f"employers:{name}", args=[post.pk])).status_code == 403
    post.refresh_from_db()
    assert post.closed_on is None
    assert not Entry.objects.filter(verb__startswith="employers.").exists()


def test_a_look_at_the_contact_is_recorded(client, officer):
    post = open_posts(1)[0]
    client.force_login(officer)
    assert client.post(reverse("employers:contact", args=[post.pk]), headers={"HX-Request": "true"}).status_code == 200
    entry = Entry.objects.get(verb="employers.contact_seen")
    assert (entry.by, entry.facts) == (officer, {"post": str(post.pk)})


@pytest.mark.parametrize(
    ("division", "place", "closes"),
    [
        ("", "150522000000", True),
        ("", "110105000000", False),
        ("150522000000", "110105000000", True),
        ("150502000000", "150522000000", False),
    ],
)
def test_the_office_that_keeps_a_vacancy_closes_it(client, officer, division, place, closes):
    post = open_posts(1)[0]
    Post.objects.filter(pk=post.pk).update(division=division, place=place)
    client.force_login(officer)
    answer = client.post(reverse("employers:close", args=[post.pk]))
    assert answer.status_code == (302 if closes else 404)
    post.refresh_from_db()
    assert (post.closed_on is not None) is closes
