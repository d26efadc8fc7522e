"""The worklist: its queues, its filters, whom it shows, what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.cases.actions import remark_legs
from bangfu.cases.models import Case, Leg
from tests.factories import UserFactory
from tests.home.situations import open_case, surveyed_case

pytestmark = pytest.mark.django_db
PAGE = "/"
OTHER_VILLAGE = "150522101201"


def due(case, **ago):
    """Move the running leg of a case to this long ago."""
    leg = Leg.objects.filter(case=case, done_at__isnull=True).order_by("sequence").first()
    leg.due_at = timezone.now() - timedelta(**ago)
    leg.save()
    remark_legs([case])


def names(response):
    return [line.row.case.pk for line in response.context["lines"]]


@pytest.mark.parametrize("rows", [1, 25])
def test_list_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        surveyed_case(officer)
    client.force_login(officer)
    client.get(PAGE)
    with django_assert_num_queries(32):
        response = client.get(PAGE)
    assert len(response.context["lines"]) == rows


def test_the_most_urgent_stand_first_and_pages_hold_25(client, officer):
    cases = [open_case(officer) for _ in range(27)]
    due(cases[20], hours=30)
    due(cases[7], hours=2)
    client.force_login(officer)
    first = client.get(PAGE)
    second = client.get(PAGE, {"after": first.context["page"].next})
    assert names(first)[:2] == [cases[20].pk, cases[7].pk]
    assert sorted(names(first) + names(second)) == sorted(case.pk for case in cases)


def test_queues_count_by_leg_and_urgency(client, officer):
    due(open_case(officer), hours=1)
    open_case(officer)
    surveyed_case(officer)
    client.force_login(officer)
    queues = {queue.stage: queue for queue, _name, _term in client.get(PAGE).context["queues"]}
    assert (queues["need_survey"].overdue, queues["need_survey"].total) == (1, 2)
    assert queues["first_service_round"].total == 1
    assert queues["outcome"].total == 0


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({}, {"late", "mine", "served"}), ({"due": "overdue"}, {"late"}), ({"due": "today"}, {"late"}),
        ({"leg": "first_service_round"}, {"served"}), ({"helper": "me"}, {"mine", "served"}),
        ({"cause": "willing_jobless"}, {"late"}), ({"cause": "nothing"}, set()),
        ({"leg": "nonsense"}, {"late", "mine", "served"}),
        ({"division": "150522101000"}, {"late"}), ({"division": "150522202000"}, {"mine", "served"}),
    ],
)  # fmt: skip
def test_filters_are_codes_in_the_url(client, officer, filters, shown):
    cases = {
        "late": open_case(UserFactory(), cause="willing_jobless", division=OTHER_VILLAGE),
        "mine": open_case(officer),
        "served": surveyed_case(officer),
    }
    due(cases["late"], hours=1)
    later = timezone.now() + timedelta(days=3)
    Leg.objects.filter(case=cases["mine"], stage="need_survey").update(due_at=later)
    remark_legs([cases["mine"]])
    client.force_login(officer)
    assert set(names(client.get(PAGE, filters))) == {cases[name].pk for name in shown}


def test_a_chip_counts_the_rows_behind_it(client, officer):
    due(open_case(officer), hours=1)
    open_case(UserFactory())
    surveyed_case(officer)
    client.force_login(officer)
    counts = client.get(PAGE).context["counts"]
    for filters, count in (({}, counts.all), ({"due": "today"}, counts.today), ({"due": "week"}, counts.week)):
        assert len(names(client.get(PAGE, filters))) == count
    assert (counts.all, counts.mine) == (3, 2)


def test_the_sum_of_people_adds_up(client, officer):
    open_case(officer)
    open_case(officer, work_status="at_work")
    open_case(officer, work_status="unknown")
    client.force_login(officer)
    found = client.get(PAGE).context["sum"]
    assert found.at_work + found.jobless + found.unknown == found.all == 3
    assert found.jobless_in_case == 1


def test_a_division_outside_is_not_found_and_strangers_see_nothing(client, officer, stranger):
    open_case(officer)
    client.force_login(stranger)
    response = client.get(PAGE)
    assert names(response) == []
    assert response.context["sum"].all == 0
    assert client.get(PAGE, {"division": "150522101000"}).status_code == 404


@pytest.mark.parametrize(("language", "word"), [("zh-hans", 'lang="zh-CN"'), ("en", "Survey the need")])
def test_both_languages(client, officer, language, word):
    open_case(officer)
    client.force_login(officer)
    client.cookies["django_language"] = language
    assert word in client.get(PAGE).content.decode()


def test_a_supervisor_reads_and_cannot_take_over(client, officer, supervisor):
    case = open_case(officer)
    client.force_login(supervisor)
    page = client.get(PAGE)
    assert names(page) == [case.pk]
    assert reverse("home:request") not in page.content.decode()
    assert client.post(reverse("home:assign"), {"case": case.pk}).status_code == 403


def test_selected_cases_change_hands_together(client, officer):
    other = UserFactory()
    cases = [open_case(other), open_case(other), open_case(other)]
    client.force_login(officer)
    sent = {"case": [cases[0].pk, cases[1].pk], "filters": "due=today&leg=need_survey"}
    answer = client.post(reverse("home:assign"), sent)
    assert answer.url == "/?due=today&leg=need_survey"
    assert list(Case.objects.order_by("pk").values_list("helper", flat=True)) == [officer.pk, officer.pk, other.pk]
    assert Entry.objects.filter(verb="cases.assigned").count() == 1


def test_one_case_outside_and_none_changes_hands(client, officer, stranger):
    own, far = open_case(stranger, division="150502103201"), open_case(officer)
    client.force_login(stranger)
    assert client.post(reverse("home:assign"), {"case": [own.pk, far.pk]}).status_code == 404
    assert client.post(reverse("home:assign"), {"case": ["1e9", "x"]}).status_code == 404
    far.refresh_from_db()
    assert far.helper == officer


def test_an_empty_worklist_says_what_to_do_next(client, officer):
    client.force_login(officer)
    client.cookies["django_language"] = "en"
    assert "No case is waiting" in client.get(PAGE).content.decode()
    assert "No case fits these filters" in client.get(PAGE, {"due": "overdue"}).content.decode()
