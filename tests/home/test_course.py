"""The course of a case over HTTP: pauses, ways out, follow-ups, plans, another county, what ran out."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from bangfu.cases.actions import close_cases
from bangfu.cases.course_models import Attempt, Escalation, FollowUp, Pause, WayOut
from bangfu.cases.escalating import raise_overdue
from bangfu.cases.models import Case, Leg
from bangfu.cases.plan_models import Plan
from bangfu.cases.referral_models import Referral
from tests.factories import UserFactory
from tests.home.situations import key, leave, open_case, surveyed_case

pytestmark = pytest.mark.django_db
OTHER = "150502000000"


def send(client, name, pk, **said):
    return client.post(reverse(name, args=[pk]), {"client_key": key(), **said})


def said_by(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def panels(client, case):
    page = client.get(reverse("home:case", args=[case.pk]))
    return [panel.code for panel in page.context["panels"]], page


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_pause_is_shown_and_taken_back(client, officer):
    case = surveyed_case(officer)
    client.force_login(officer)
    send(client, "home:pause", case.pk, reason="hospital", evidence="县医院住院证明 2026-118", last_on=in_days(6))
    _, page = panels(client, case)
    assert page.context["pause"].evidence == "县医院住院证明 2026-118"
    assert len(page.context["moved"]) == 2
    client.post(reverse("home:resume", args=[case.pk]))
    assert Pause.objects.get().last_on == timezone.localdate()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "hospital", "evidence": "", "last_on": 3}, "evidence"),
        ({"reason": "hospital", "evidence": "证明", "last_on": -1}, "last_on"),
        ({"reason": "hospital", "evidence": "证明", "last_on": 30}, "last_on"),
        ({"reason": "not_contactable", "evidence": "多次联系未果", "last_on": 3}, "reason"),
        ({"reason": "holiday", "evidence": "休假", "last_on": 3}, "reason"),
    ],
)
def test_a_pause_without_ground_is_refused_at_its_field(client, officer, said, field):
    case = surveyed_case(officer)
    client.force_login(officer)
    response = send(client, "home:pause", case.pk, **{**said, "last_on": in_days(said["last_on"])})
    assert response.status_code == 422
    (form,) = [panel.form for panel in response.context["panels"] if panel.code == "pause"]
    assert list(form.errors) == [field]
    assert not Pause.objects.exists()


def test_nobody_met_on_three_days_then_a_way_out_that_another_confirms(client, officer):
    case, second = surveyed_case(officer), UserFactory(role="town_officer", division="150522202000")
    client.force_login(officer)
    send(client, "home:attempt", case.pk, channel="phone")
    refused = send(client, "home:close", case.pk, outcome="unreachable", reason="多次联系未果")
    assert len(said_by(refused)) == 2  # that the attempt is recorded, and why nothing more was changed
    assert not WayOut.objects.exists()
    for days in (1, 2):
        Attempt.objects.create(
            case=case, channel="phone", tried_at=timezone.now() + timedelta(days=days), by=officer, client_key=key()
        )
    send(client, "home:close", case.pk, outcome="unreachable", reason="多次联系未果")
    codes, page = panels(client, case)
    assert page.context["waiting"].outcome == "unreachable"
    assert "decide" not in codes
    client.force_login(second)
    assert panels(client, case)[0][0] == "decide"
    assert [row.pk for row, _place, form in client.get("/cases/ways-out/").context["lines"] if form] == [
        WayOut.objects.get().pk
    ]
    send(client, "home:way-out", WayOut.objects.get().pk, decision="confirm")
    case.refresh_from_db()
    assert case.outcome == "unreachable"


def test_a_village_officer_proposes_and_does_not_confirm(client, officer):
    case = surveyed_case(officer)
    village = UserFactory(role="village_officer", division=case.division)
    client.force_login(village)
    send(client, "home:close", case.pk, outcome="no_will", reason="本人表示暂不就业")
    way_out = WayOut.objects.get()
    other = UserFactory(role="village_officer", division=case.division)
    client.force_login(other)
    assert send(client, "home:way-out", way_out.pk, decision="confirm").status_code == 404
    send(client, "home:decide", case.pk, decision="confirm")
    assert WayOut.objects.get().confirmed is None


def test_turning_a_way_out_down_needs_words(client, officer):
    case = surveyed_case(UserFactory())
    client.force_login(UserFactory())
    send(client, "home:close", case.pk, outcome="no_will", reason="本人表示暂不就业")
    client.force_login(officer)
    assert send(client, "home:decide", case.pk, decision="reject").status_code == 422
    send(client, "home:decide", case.pk, decision="reject", said="本人愿意在县内就业")
    assert WayOut.objects.get().confirmed is False
    assert Case.objects.get().closed_at is None


def test_who_found_work_is_followed_up_and_taken_up_again(client, officer):
    case = open_case(officer)
    close_cases({case.pk: "employed"}, by=officer, at=timezone.now())
    client.force_login(officer)
    assert [line.step.code for line in client.get("/", {"leg": "follow_up"}).context["lines"]] == ["follow"]
    assert panels(client, case)[0] == ["follow"]
    send(client, "home:follow", case.pk, found="lost", channel="phone")
    assert FollowUp.objects.get().found == "lost"
    fresh = Case.objects.get(closed_at__isnull=True)
    assert [line.row.case.pk for line in client.get("/").context["lines"]] == [fresh.pk]


def test_a_plan_is_drafted_kept_and_signed(client, officer):
    case = surveyed_case(officer)
    client.force_login(officer)
    form = client.get(reverse("home:plan", args=[case.pk]))
    drafted = [line.initial["what"] for line in form.context["lines"] if line.initial]
    assert len(drafted) == 3  # the three items of the package
    rows = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-what": "推荐岗位", "form-0-until": in_days(9)}
    empty = client.post(
        reverse("home:plan", args=[case.pk]), {**rows, "form-0-what": "", "client_key": key(), "goal": "就业"}
    )
    assert empty.status_code == 422
    same = key()
    for _ in range(2):
        made = client.post(reverse("home:plan", args=[case.pk]), {**rows, "goal": "稳定就业", "client_key": same})
    plan = Plan.objects.get()
    assert made.url == reverse("home:plan-paper", args=[plan.pk])
    assert "稳定就业" in client.get(made.url).content.decode()
    client.post(reverse("home:plan-sign", args=[plan.pk]))
    assert Plan.objects.get().signed_on == timezone.localdate()


def test_another_county_helps_with_the_case(client, officer, stranger):
    case = surveyed_case(officer)
    client.force_login(officer)
    assert send(client, "home:refer", case.pk, county="没有这个县", reason="在贵县务工").status_code == 422
    send(client, "home:refer", case.pk, county=OTHER, reason="在贵县务工")
    send(client, "home:refer", case.pk, county=OTHER, reason="再次转介")
    referral = Referral.objects.get()
    client.force_login(stranger)
    assert client.get(reverse("home:case", args=[case.pk])).status_code == 404
    assert client.get("/").context["referrals"] == 1
    send(client, "cases:referral-answer", referral.pk, decision="accepted")
    page = client.get(reverse("home:case", args=[case.pk]))
    assert page.status_code == 200
    assert page.context["panels"]
    send(client, "home:guidance", case.pk, title="求职方向", channel="phone", answer="accepted")
    assert case.services.count() == 1
    client.force_login(officer)
    send(client, "cases:referral-withdraw", referral.pk)
    client.force_login(stranger)
    assert client.get(reverse("home:case", args=[case.pk])).status_code == 404


def test_the_own_county_is_not_asked(client, officer):
    case = surveyed_case(officer)
    client.force_login(officer)
    assert len(said_by(send(client, "home:refer", case.pk, county="150522000000", reason="本县"))) == 1
    assert not Referral.objects.exists()


def test_what_ran_out_is_taken_up_by_the_county(client, officer):
    case = open_case(officer)
    Leg.objects.filter(case=case, stage="need_survey").update(due_at=timezone.now() - timedelta(hours=1))
    raise_overdue(at=timezone.now())
    escalation = Escalation.objects.get()
    village = UserFactory(role="village_officer", division=case.division)
    client.force_login(village)
    assert not client.get("/cases/escalations/").context["lines"]
    taken = {"escalation": escalation.pk, "measure": "urged", "words": "已电话督办"}
    assert client.post("/cases/escalations/taken-up/", taken).status_code == 404
    client.force_login(officer)
    assert client.get("/").context["escalations"] == 1
    client.post("/cases/escalations/taken-up/", {**taken, "measure": ""})
    assert Escalation.objects.get().measure == ""
    client.post("/cases/escalations/taken-up/", taken)
    assert Escalation.objects.get().measure == "urged"
    assert not client.get("/cases/escalations/").context["lines"]
    assert len(client.get("/cases/escalations/", {"state": "taken"}).context["lines"]) == 1


def test_the_chip_of_little_time_counts_its_rows(client, officer):
    soon, _later = open_case(officer), open_case(officer)
    now = timezone.now()
    Leg.objects.filter(case=soon, stage="need_survey").update(warn_at=now - timedelta(hours=1))
    client.force_login(officer)
    page = client.get("/", {"due": "warned"})
    assert [line.row.case.pk for line in page.context["lines"]] == [soon.pk]
    assert page.context["counts"].warned == 1


@pytest.mark.parametrize("address", ["/cases/ways-out/", "/cases/escalations/", "/cases/referrals/"])
def test_lists_cost_the_same_for_1_and_25_rows(client, officer, django_assert_max_num_queries, address):
    counts = []
    client.force_login(officer)
    for rows in (1, 24):
        for _ in range(rows):
            case = open_case(officer)
            leave_later = address == "/cases/ways-out/"
            if leave_later:
                WayOut.objects.create(
                    case=case, outcome="no_will", reason="不愿", refusals=0, attempts=0, proposed_at=timezone.now(),
                    proposed_by=UserFactory(),
                )  # fmt: skip
            Escalation.objects.create(leg=case.legs.get(stage="need_survey"), raised_at=timezone.now())
            Referral.objects.create(
                case=case, from_county=OTHER, to_county="150522000000", reason="务工", sent_at=timezone.now(),
                sent_by=officer, due_at=timezone.now(), client_key=key(),
            )  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(20) as seen:
            page = client.get(address)
        counts.append(len(seen.captured_queries))
        assert page.context["lines"]
    assert counts[0] == counts[1]


def test_a_decided_way_out_stays_to_be_read(client, officer):
    leave(surveyed_case(officer), "moved_out", officer)
    client.force_login(officer)
    (line,) = client.get("/cases/ways-out/", {"state": "decided"}).context["lines"]
    assert line[0].confirmed is True


def test_ringing_many_up_in_vain_is_one_deed_and_counts_once(client, officer, stranger):
    cases = [open_case(officer) for _ in range(3)]
    sent = {"client_key": key(), "case": [case.pk for case in cases], "filters": "leg=need_survey"}
    client.force_login(officer)
    for _ in range(2):
        assert client.post("/attempts/", sent).url == "/?leg=need_survey"
    assert Attempt.objects.count() == 3
    assert client.post("/attempts/", {**sent, "client_key": "no key"}).status_code == 404
    assert client.post("/attempts/", {**sent, "case": []}).status_code == 404
    client.force_login(stranger)
    assert client.post("/attempts/", {**sent, "client_key": key()}).status_code == 404
    assert Attempt.objects.count() == 3
