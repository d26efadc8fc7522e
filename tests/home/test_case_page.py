"""The page of a case: the whole way of 2473 and 131 over HTTP, and what it refuses."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.cases.models import Case, Leg, Service, Survey
from bangfu.people.models import Intent, Job
from bangfu.placements.actions import match_open_cases
from bangfu.placements.models import Offer
from tests.home.situations import key, offers_to, open_case, open_posts, surveyed_case

pytestmark = pytest.mark.django_db
ANSWER = {"channel": "phone", "answer": "accepted"}


def send(client, name, case, offer=None, **said):
    keys = [case.pk] if offer is None else [case.pk, offer.pk]
    return client.post(reverse(f"home:{name}", args=keys), {"client_key": key(), **said})


def step(client, case):
    found = client.get(reverse("home:case", args=[case.pk])).context["step"]
    return found.code if found else None


def said_by(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_whole_way_from_survey_to_hire(client, officer):
    case = open_case(officer)
    open_posts(4)
    match_open_cases(timezone.localdate(), at=timezone.now() + timedelta(seconds=1))
    client.force_login(officer)
    assert step(client, case) == "survey"
    send(
        client,
        "survey",
        case,
        finding="confirmed",
        channel="phone",
        wage_floor_amount="3000",
        reach="city",
        wants_training="yes",
        wished_trade="电工",
    )
    assert step(client, case) == "guidance"
    send(client, "guidance", case, title="建议先学电工", **ANSWER)
    offers = list(Offer.objects.filter(case=case).order_by("-score"))
    assert len(offers) == 3
    for offer in offers[:2]:
        assert step(client, case) == "offers"
        send(client, "answer", case, offer, channel="visit", answer="refused", refusal="far")
    send(client, "answer", case, offers[2], channel="visit", answer="thinking")
    assert step(client, case) == "training"
    send(client, "training", case, title="电工班", channel="phone", answer="thinking")
    assert Leg.objects.get(case=case, stage="first_service_round").result == "on_time"
    assert step(client, case) == "reply"
    send(client, "answer", case, offers[2], **ANSWER)
    assert step(client, case) == "hire"
    today = timezone.localdate()
    assert send(client, "hire", case, offers[2], start_on=today.isoformat()).status_code == 302
    case.refresh_from_db()
    assert case.outcome == "employed"
    legs = Leg.objects.filter(case=case, clock="2473").order_by("sequence")
    assert list(legs.values_list("result", flat=True)) == ["on_time"] * 3
    job = Job.objects.get(person=case.person)
    assert (job.valid_from, job.employer) == (today, offers[2].post.employer.name)
    assert Intent.objects.open().get(person=case.person).wished_trade == "电工"
    page = client.get(reverse("home:case", args=[case.pk]))
    assert [panel.code for panel in page.context["panels"]] == ["follow"]
    story = [event.icon for event in page.context["events"]]
    assert (len(story), story[-1], story[-2]) == (8, "flag", "clipboard-check")


def test_every_deed_sent_twice_counts_once(client, officer):
    case = surveyed_case(officer)
    offer = offers_to(case)[0]
    client.force_login(officer)
    for name, made, said in (
        ("survey", None, {"finding": "confirmed", "channel": "hall"}),
        ("guidance", None, ANSWER),
        ("training", None, {"title": "焊工班", **ANSWER}),
        ("answer", offer, ANSWER),
    ):
        same = key()
        for _ in range(2):
            assert send(client, name, case, made, **{**said, "client_key": same}).status_code == 302
    assert Survey.objects.filter(case=case).count() == 2
    assert Service.objects.filter(case=case).count() == 3


def test_an_old_answer_sent_again_does_not_undo_the_new_one(client, officer):
    case = surveyed_case(officer)
    offer = offers_to(case)[0]
    client.force_login(officer)
    last = key()
    send(client, "answer", case, offer, channel="phone", answer="thinking")
    send(client, "answer", case, offer, channel="phone", answer="accepted", client_key=last)
    send(client, "answer", case, offer, channel="phone", answer="accepted", client_key=last)
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert Service.objects.get(case=case).answer == "accepted"


@pytest.mark.parametrize("finding", ["not_so", "changed"])
def test_a_false_alarm_closes_the_case(client, officer, finding):
    case = open_case(officer)
    client.force_login(officer)
    send(client, "survey", case, finding=finding, channel="visit")
    case.refresh_from_db()
    assert case.outcome == "false_alarm"


@pytest.mark.parametrize(
    ("name", "said", "field"),
    [
        ("survey", {"channel": "phone"}, "finding"),
        ("survey", {"finding": "confirmed", "channel": "phone", "wage_floor_amount": "4千5"}, "wage_floor_amount"),
        ("guidance", {"channel": "phone"}, "answer"),
        ("guidance", {"channel": "phone", "answer": "refused"}, "refusal"),
        ("guidance", {"channel": "phone", "answer": "refused", "refusal": "other"}, "words"),
        ("training", {"channel": "phone", "answer": "accepted"}, "title"),
        ("close", {}, "outcome"),
        ("close", {"outcome": "no_will"}, "reason"),
        ("close", {"outcome": "employed"}, "outcome"),
        ("close", {"outcome": "false_alarm"}, "outcome"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_changes(client, officer, name, said, field):
    case = surveyed_case(officer)
    client.force_login(officer)
    response = send(client, name, case, **said)
    assert response.status_code == 422
    forms = [panel.form for panel in response.context["panels"] if panel.form and panel.form.errors]
    assert [list(form.errors) for form in forms] == [[field]]
    assert (Survey.objects.count(), Service.objects.count()) == (1, 0)
    assert Case.objects.get().closed_at is None


@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (1, 422)])
def test_work_begins_between_the_opening_and_today(client, officer, days, status):
    case = surveyed_case(officer)
    offer = offers_to(case, 1, state="accepted", answered_at=timezone.now())[0]
    client.force_login(officer)
    day = timezone.localdate() + timedelta(days=days)
    assert send(client, "hire", case, offer, start_on=day.isoformat()).status_code == status
    assert Job.objects.count() == (status == 302)


def test_what_is_not_allowed_now_is_said_and_changes_nothing(client, officer):
    case = surveyed_case(officer)
    proposed, accepted = offers_to(case, 2)
    client.force_login(officer)
    today = timezone.localdate().isoformat()
    refused = send(client, "hire", case, proposed, start_on=today)
    assert refused.status_code == 302
    assert len(said_by(refused)) == 1
    assert Job.objects.count() == 0
    send(client, "answer", case, accepted, **ANSWER)
    send(client, "hire", case, accepted, start_on=today)
    for name, said in (("close", {"outcome": "no_will", "reason": "本人不愿"}), ("guidance", ANSWER)):
        send(client, name, case, **said)
    send(client, "answer", case, proposed, **ANSWER)
    case.refresh_from_db()
    proposed.refresh_from_db()
    assert (case.outcome, proposed.state) == ("employed", "fell_through")
    assert Service.objects.filter(case=case).count() == 1


def test_a_case_closes_with_an_outcome_and_its_legs_are_exempt(client, officer):
    case = surveyed_case(officer)
    client.force_login(officer)
    send(client, "close", case, outcome="in_training")
    case.refresh_from_db()
    assert case.outcome == "in_training"
    assert [leg.state for leg in client.get(reverse("home:case", args=[case.pk])).context["legs"]] == [
        "done", "exempt", "done",
    ]  # fmt: skip


def test_other_divisions_find_nothing_and_readers_may_not_write(client, officer, stranger, supervisor):
    case = open_case(officer)
    offer = offers_to(case, 1)[0]
    deeds = [("survey", None), ("guidance", None), ("training", None), ("close", None), ("helper", None)]
    deeds += [("answer", offer), ("hire", offer)]
    for user, page_status, deed_status in ((stranger, 404, 404), (supervisor, 200, 403)):
        client.force_login(user)
        assert client.get(reverse("home:case", args=[case.pk])).status_code == page_status
        for name, made in deeds:
            assert send(client, name, case, made, **ANSWER).status_code == deed_status, name
    assert (Survey.objects.count(), Service.objects.count()) == (0, 0)


def test_an_offer_of_another_case_is_not_found(client, officer):
    case, other = surveyed_case(officer), surveyed_case(officer)
    offer = offers_to(other, 1)[0]
    client.force_login(officer)
    assert send(client, "answer", case, offer, **ANSWER).status_code == 404


def test_a_helper_is_one_who_may_be_chosen(client, officer, stranger):
    case = open_case(officer)
    client.force_login(officer)
    assert send(client, "helper", case, helper=stranger.pk).status_code == 404
    assert send(client, "helper", case, helper=officer.pk).status_code == 302
    case.refresh_from_db()
    assert case.helper == officer


def test_the_look_is_recorded_and_numbers_are_masked(client, officer):
    case = open_case(officer)
    client.force_login(officer)
    page = client.get(reverse("home:case", args=[case.pk])).content.decode()
    assert f"990522********{case.person.id_last4}" in page
    assert Entry.objects.filter(verb="people.viewed", subjects__person=case.person_id).count() == 1


@pytest.mark.parametrize("offers", [1, 3])
def test_the_page_costs_the_same_for_1_and_3_offers(client, officer, django_assert_num_queries, offers):
    case = surveyed_case(officer)
    offers_to(case, offers)
    client.force_login(officer)
    client.get(reverse("home:case", args=[case.pk]))
    with django_assert_num_queries(32):
        client.get(reverse("home:case", args=[case.pk]))


@pytest.mark.parametrize(("language", "word"), [("en", "Job offers"), ("zh-hans", "首轮服务")])
def test_both_languages(client, officer, language, word):
    case = surveyed_case(officer)
    offers_to(case)
    client.force_login(officer)
    client.cookies["django_language"] = language
    assert word in client.get(reverse("home:case", args=[case.pk])).content.decode()


def test_a_later_round_that_finds_more_posts_asks_for_more_offers(client, officer):
    case, today = surveyed_case(officer), timezone.localdate()
    match_open_cases(today, at=timezone.now() + timedelta(seconds=1))
    case.refresh_from_db()
    assert case.posts_found == 0
    open_posts(4)
    match_open_cases(today, at=timezone.now() + timedelta(seconds=1))
    case.refresh_from_db()
    assert case.posts_found == 3
    client.force_login(officer)
    package = client.get(reverse("home:case", args=[case.pk])).context["package"]
    assert [(item.counted, item.of) for item in package] == [(0, 1), (0, 3), (0, 1)]
