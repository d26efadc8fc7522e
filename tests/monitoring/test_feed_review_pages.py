"""The page of unsure lines: what it shows, deciding in place and without scripts, refusals, equal cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bangfu.monitoring.feed_reviews import reject_lines
from bangfu.monitoring.line_models import LineState
from bangfu.monitoring.models import FeedLine, UnsureLine
from bangfu.people.models import Person
from tests.factories import NOON, UserFactory
from tests.monitoring.test_feed_links import BORN, HEAD, WUYUN, line, person, receive, unsure

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed():
    """A list with one line that may be of two persons alike."""
    person(), person()
    return receive(line(place="甘旗卡镇东风村", sex=""))


def address(feed):
    return reverse("monitoring:review-feed", args=[feed.pk])


def deciding(waiting):
    return reverse("monitoring:decide-line", args=[waiting.feed_id, waiting.pk])


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ["这一行是谁", "都不是"]), ("en", ["None of them", "It is"])]
)
def test_a_line_stands_beside_those_it_may_be_of(client, officer, feed, language, words):
    _waiting, candidates = unsure(feed)
    client.force_login(officer)
    client.cookies["django_language"] = language
    page = client.get(address(feed)).content.decode()
    for word in [*words, "甘旗卡镇东风村", "1986-02-14", "50.0 %", *(str(one.pk) for one in candidates)]:
        assert word in page
    assert page.count(WUYUN) >= 3
    assert address(feed) in client.get(reverse("monitoring:feed", args=[feed.pk])).content.decode()
    assert address(feed) in client.get(reverse("monitoring:feeds")).content.decode()


def test_a_number_that_cannot_be_one_is_masked(client, officer):
    person()
    number = "990522198602140014"
    feed = receive([number, *line()], head=["身份证号", *HEAD])
    client.force_login(officer)
    page = client.get(address(feed)).content.decode()
    assert number not in page
    assert "990522********0014" in page


def test_accepting_one_leads_back_and_keeps_the_line(client, officer, feed):
    waiting, (one, _other) = unsure(feed)
    client.force_login(officer)
    assert client.post(deciding(waiting), {"choice": one.pk}).url == address(feed)
    assert FeedLine.objects.get().person_id == one.person_id
    waiting.refresh_from_db()
    assert (waiting.state, waiting.person_id, waiting.decided_by) == (LineState.ACCEPTED, one.person_id, officer)
    assert "没有待核对的行" in client.get(address(feed)).content.decode()
    decided = client.get(address(feed), {"state": "decided"}).content.decode()
    assert officer.name in decided
    assert WUYUN in decided


def test_with_scripts_the_answer_is_the_line_as_it_stands(client, officer, feed):
    waiting, _ = unsure(feed)
    client.force_login(officer)
    answer = client.post(deciding(waiting), {"choice": "nobody"}, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert part.lstrip().startswith("<article")
    assert "不是库内人员" in part
    assert 'value="nobody"' not in part
    assert not FeedLine.objects.exists()


def test_a_decision_is_taken_back_in_place(client, officer, feed):
    waiting, (one, _other) = unsure(feed)
    client.force_login(officer)
    client.post(deciding(waiting), {"choice": one.pk})
    assert 'value="again"' in client.get(address(feed), {"state": "decided"}).content.decode()
    answer = client.post(deciding(waiting), {"choice": "again"}, headers={"HX-Request": "true"})
    assert f'value="{one.pk}"' in answer.content.decode()
    assert not FeedLine.objects.exists()
    late = client.post(deciding(waiting), {"choice": "again"}, headers={"HX-Request": "true"})
    assert "未作改动" in late.content.decode()


@pytest.mark.parametrize("is_part", [True, False])
def test_a_stale_decision_says_so_and_changes_nothing(client, officer, feed, is_part):
    waiting, (one, _other) = unsure(feed)
    reject_lines([waiting], by=UserFactory(), at=NOON)
    client.force_login(officer)
    headers = {"HX-Request": "true"} if is_part else {}
    answer = client.post(deciding(waiting), {"choice": one.pk}, headers=headers, follow=True)
    assert "未作改动" in answer.content.decode()
    waiting.refresh_from_db()
    assert waiting.state == LineState.REJECTED
    assert not FeedLine.objects.exists()


@pytest.mark.parametrize("choice", ["", "x", "1", "9" * 30])
def test_who_is_not_shown_cannot_be_chosen(client, officer, feed, choice):
    waiting, _ = unsure(feed)
    client.force_login(officer)
    client.post(deciding(waiting), {"choice": choice})
    assert UnsureLine.objects.get().state == LineState.OPEN


def test_who_left_the_register_is_not_shown(client, officer, feed):
    waiting, (one, other) = unsure(feed)
    Person.objects.filter(pk=one.person_id).update(withdrawn_at=NOON)
    client.force_login(officer)
    page = client.get(address(feed)).content.decode()
    assert f'value="{other.pk}"' in page
    assert f'value="{one.pk}"' not in page
    client.post(deciding(waiting), {"choice": one.pk})
    assert UnsureLine.objects.get().state == LineState.OPEN


def test_strangers_and_those_who_only_look_decide_nothing(client, feed):
    waiting, (one, _other) = unsure(feed)
    client.force_login(UserFactory(role="supervisor"))
    page = client.get(address(feed))
    assert page.status_code == 200
    assert 'name="choice"' not in page.content.decode()
    assert client.post(deciding(waiting), {"choice": one.pk}).status_code == 403
    client.force_login(UserFactory(division="150521000000"))
    assert client.get(address(feed)).status_code == 404
    assert client.post(deciding(waiting), {"choice": one.pk}).status_code == 404
    assert UnsureLine.objects.get().state == LineState.OPEN


def test_a_line_of_another_list_is_not_decided_by_this_address(client, officer, feed):
    waiting, _ = unsure(feed)
    other = receive(line("斯琴"), period=date(2026, 5, 31))
    client.force_login(officer)
    wrong = reverse("monitoring:decide-line", args=[other.pk, waiting.pk])
    assert client.post(wrong, {"choice": "nobody"}).status_code == 404


def test_the_page_costs_the_same_for_1_and_25_lines(client, officer):
    client.force_login(officer)
    counts = []
    for size, period in ((1, date(2026, 4, 30)), (25, date(2026, 5, 31))):
        for number in range(len(counts), size):
            for _ in range(2):
                person(f"乌云其木格{'甲乙丙丁戊'[number % 5]}{'子丑寅卯辰'[number // 5]}", BORN)
        names = Person.objects.values_list("name", flat=True).distinct()
        found = receive(*[line(name) for name in names], period=period)
        assert found.unsure == size
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(found)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
