"""Signals without a case: looked into, held to what an office can do, how often they were right, tried otherwise."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bangfu.audit.models import Entry
from bangfu.cases.actions import NeedSurvey, survey_cases
from bangfu.cases.models import Cause
from bangfu.core.keys import new_key
from bangfu.monitoring.actions import publish_lake
from bangfu.monitoring.checks import check_signals, raise_signals, state_capacity
from bangfu.monitoring.listing import rule_for
from bangfu.monitoring.models import Capacity, Check, Signal, Trial
from bangfu.monitoring.precision import precision_of
from bangfu.monitoring.queries import open_counts
from bangfu.monitoring.trials import begin_trial, run_trial, take_up_left
from bangfu.people.actions import record_facts
from bangfu.people.area import Area
from bangfu.people.models import Category
from bangfu.rulebook.errors import RuleError
from tests.factories import NOON, VILLAGE, JobFactory, PersonFactory, UserFactory
from tests.home.situations import open_case
from tests.monitoring.findings import TODAY, how

pytestmark = pytest.mark.django_db
HIGH, NORMAL, OF_CASES = "monitored_no_contact", "not_confirmed", "insurance_stopped"
COUNTY, TOWN, ALL = "150522000000", "150522202000", Area((), "")


def signal(code=NORMAL, division=VILLAGE, opened=TODAY, raised=None, **more):
    return Signal.objects.create(
        pk=new_key(), code=code, person=PersonFactory(standing__division=division), division=division,
        opened_on=opened, raised_on=raised, reasons={}, **more,
    )  # fmt: skip


def raised_on(*signals):
    return [Signal.objects.get(pk=one.pk).raised_on for one in signals]


def test_without_a_number_everything_is_raised(officer):
    rows = [signal(), signal(HIGH), signal(opened=TODAY - timedelta(days=9))]
    assert raise_signals(TODAY, at=NOON) == {}
    assert raised_on(*rows) == [TODAY] * 3


def test_the_most_severe_come_first_then_the_oldest_and_the_others_are_named(officer):
    state_capacity({COUNTY: 2}, by=officer, at=NOON)
    new, severe, old = signal(), signal(HIGH), signal(opened=TODAY - timedelta(days=9))
    assert raise_signals(TODAY, at=NOON) == {NORMAL: 1}
    assert raised_on(new, severe, old) == [None, TODAY, TODAY]
    assert open_counts(Signal.objects.all(), TODAY)[NORMAL].left_out == 1
    told = Entry.objects.filter(verb="monitoring.signals_raised").latest("pk")
    assert (told.count, told.facts) == (2, {"left_out": {NORMAL: 1}})


def test_a_week_later_the_others_come_up_and_the_same_day_again_asks_nothing_more(officer):
    state_capacity({COUNTY: 1}, by=officer, at=NOON)
    rows = [signal(), signal()]
    monday = TODAY - timedelta(days=TODAY.weekday())
    for day, raised in ((monday, 1), (monday, 1), (monday + timedelta(days=6), 1), (monday + timedelta(days=7), 2)):
        raise_signals(day, at=NOON)
        assert sum(day is not None for day in raised_on(*rows)) == raised


def test_a_town_s_own_number_stands_beside_that_of_its_county(officer):
    state_capacity({COUNTY: 1, TOWN: 2}, by=officer, at=NOON)
    here, there = [signal() for _ in range(3)], [signal(division="150522100001") for _ in range(3)]
    stranger = signal(division="150502100001")
    raise_signals(TODAY, at=NOON)
    assert sum(day is not None for day in raised_on(*here)) == 2
    assert sum(day is not None for day in raised_on(*there)) == 1
    assert raised_on(stranger) == [TODAY]


def test_the_newest_number_holds_and_none_lifts_it(officer):
    state_capacity({COUNTY: 1}, by=officer, at=NOON)
    state_capacity({COUNTY: None}, by=officer, at=NOON + timedelta(hours=1))
    rows = [signal(), signal()]
    raise_signals(TODAY, at=NOON)
    assert raised_on(*rows) == [TODAY] * 2


@pytest.mark.parametrize(("division", "weekly"), [(VILLAGE, 5), ("150000000000", 5), (COUNTY, 0), (COUNTY, -1)])
def test_a_capacity_that_cannot_be_is_refused(officer, division, weekly):
    with pytest.raises(ValueError, match="at least one a week"):
        state_capacity({division: weekly}, by=officer, at=NOON)
    assert not Capacity.objects.exists()


def test_looked_into_on_the_page(client, officer):
    rows = [signal(raised=TODAY) for _ in range(3)]
    client.force_login(officer)
    url, check = reverse("monitoring:rule", args=[NORMAL]), reverse("monitoring:check", args=[NORMAL])
    assert client.get(url).context["total"] == 3
    given = {"signal": [row.pk for row in rows[:2]], "finding": "not_so", "minutes": "20"}
    assert client.post(check, {**given, "minutes": "0"}).status_code == 302
    assert not Check.objects.exists()
    client.post(check, given)
    assert list(Check.objects.values_list("finding", "minutes")) == [("not_so", 20)] * 2
    assert [client.get(url, {"state": state}).context["total"] for state in ("", "checked", "left_out", "all")] == [
        1, 2, 0, 3,
    ]  # fmt: skip
    client.post(check, {**given, "finding": "confirmed", "minutes": ""})
    assert list(Check.objects.values_list("finding", "minutes")) == [("confirmed", None)] * 2


def test_what_opened_a_case_is_not_looked_into_here(officer):
    row = signal(OF_CASES, raised=TODAY, case=open_case(officer).pk)
    assert check_signals([row], "confirmed", None, by=officer, at=NOON) == 0


def surveyed(officer, finding, minutes=None, code=OF_CASES):
    case = open_case(officer)
    Cause.objects.filter(case=case).update(code=code)
    survey_cases(
        [NeedSurvey(case.pk, finding, "phone", f"k-{case.pk}", minutes=minutes)], by=officer, at=timezone.now()
    )
    return case


def test_precision_counts_surveys_and_checks_alike(client, officer, stranger):
    for finding, minutes in (("confirmed", 30), ("confirmed", None), ("not_so", 10), ("changed", 20)):
        surveyed(officer, finding, minutes)
    for finding in ("confirmed", "not_so"):
        check_signals([signal(raised=timezone.localdate())], finding, 5, by=officer, at=timezone.now())
    signal(raised=timezone.localdate())
    since = timezone.localdate() - timedelta(days=30)
    found = precision_of(officer, ALL, [OF_CASES, NORMAL, HIGH], since)
    cases, checks, none = found[OF_CASES], found[NORMAL], found[HIGH]
    assert (cases.answered, cases.true, cases.share, cases.each, cases.per_true) == (4, 2, 0.5, 20, 40)
    assert cases.interval == pytest.approx((0.1500, 0.8500), abs=5e-5)
    assert (checks.raised, checks.answered, checks.share, checks.minutes) == (3, 2, 0.5, 10)
    assert (none.answered, none.share, none.interval, none.each, none.per_true) == (0, None, None, None, None)
    assert precision_of(stranger, ALL, [OF_CASES, NORMAL], since)[NORMAL].raised == 0
    client.force_login(officer)
    page = client.get(reverse("monitoring:precision"))
    for line in page.context["lines"]:
        rows = client.get(reverse("monitoring:answers", args=[line.rule.code]))
        assert rows.context["total"] == line.precision.answered == len(rows.context["lines"])
        for finding, number in line.precision.found.items():
            url = reverse("monitoring:answers", args=[line.rule.code])
            assert client.get(url, {"finding": finding}).context["total"] == number


def test_a_survey_before_the_signal_joined_says_nothing_of_it(officer):
    case = surveyed(officer, "confirmed", code="own_request")
    Cause.objects.create(case=case, code=OF_CASES, noted_at=timezone.now() + timedelta(hours=1))
    assert precision_of(officer, ALL, [OF_CASES], TODAY)[OF_CASES].answered == 0


@pytest.mark.parametrize("page", ["monitoring:precision", "monitoring:answers"])
def test_the_pages_cost_the_same_for_1_and_25(client, officer, page):
    client.force_login(officer)
    url, counted = reverse(page, args=[NORMAL] if page.endswith("answers") else []), []
    for number in (1, 24):
        for _ in range(number):
            check_signals([signal(raised=timezone.localdate())], "confirmed", 5, by=officer, at=timezone.now())
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def silent(days):
    """Somebody of a monitored household at work who was heard of so many days ago."""
    person = JobFactory(valid_from=timezone.localdate() - timedelta(days=days)).person
    record_facts(Category, {person.pk: {"kind": "unstable"}}, how())
    return person


@pytest.fixture
def two_nights(lake):
    """Snapshots of today and of a fortnight ago; silent by then 100, 44 and 20 days, by today a fortnight more."""
    people, today = [silent(114), silent(58), silent(34)], timezone.localdate()
    for day in (today - timedelta(days=14), today):
        publish_lake(day, at=NOON)
    return people


def tried(officer, **values):
    rule = rule_for(HIGH, COUNTY)
    run_trial(begin_trial(rule, values, COUNTY, by=officer, at=timezone.now()).pk)
    return Trial.objects.latest("pk")


@pytest.mark.db
def test_a_trial_says_how_many_a_week_and_how_many_were_true(two_nights, client):
    officer, today = UserFactory(division=COUNTY), timezone.localdate()
    row = signal(HIGH, raised=today)
    Signal.objects.filter(pk=row.pk).update(person=two_nights[1])
    check_signals([row], "confirmed", 10, by=officer, at=timezone.now())
    trial = tried(officer, days="50")
    now, other = trial.result["now"], trial.result["tried"]
    assert (trial.trouble, trial.done, trial.total) == ("", 2, 2)
    assert (now["standing"], now["new"], now["weekly"]) == (1, 0, 0)  # 90 days: only the first, both nights
    assert (other["standing"], other["new"], other["weekly"]) == (2, 1, 0.5)  # the second came up within the fortnight
    assert other["found"] == {"confirmed": 1, "changed": 0, "not_so": 0}
    client.force_login(officer)
    page = client.get(reverse("monitoring:trial", args=[HIGH, trial.pk]))
    shown = page.context["sides"]["tried"]
    assert (shown.true_weekly[1], shown.minutes_weekly) == (0.5, 5)
    assert page.context["sides"]["now"].true_weekly is None


@pytest.mark.db
def test_nothing_of_another_county_is_in_a_trial(two_nights):
    trial = begin_trial(rule_for(HIGH, COUNTY), {"days": "50"}, "150502000000", by=UserFactory(), at=timezone.now())
    assert run_trial(trial.pk).result["tried"]["standing"] == 0


@pytest.mark.db
def test_a_killed_trial_is_begun_again_and_a_done_one_stays(two_nights):
    officer, now = UserFactory(division=COUNTY), timezone.now()
    left = begin_trial(rule_for(HIGH, COUNTY), {"days": "50"}, COUNTY, by=officer, at=now - timedelta(hours=1))
    done = tried(officer, days="50")
    assert take_up_left(at=now, still=timedelta(minutes=5)) == [left.pk]
    assert take_up_left(at=now, still=timedelta(minutes=5)) == []
    assert run_trial(done.pk).moved_at == done.moved_at


def test_with_one_night_nothing_can_be_said(lake):
    publish_lake(timezone.localdate(), at=NOON)
    assert tried(UserFactory(division=COUNTY), days="50").trouble == "no_snapshots"


@pytest.mark.parametrize("typed", ["", "-1", "ninety", "1000000", "9.5", "90; DROP TABLE people"])
def test_a_value_that_cannot_be_is_refused_beside_its_field(client, officer, typed):
    client.force_login(officer)
    page = client.post(reverse("monitoring:try", args=[HIGH]), {"days": typed})
    assert page.status_code == 422
    assert page.context["form"].errors["days"]
    with pytest.raises(RuleError):
        begin_trial(rule_for(HIGH, COUNTY), {"nights": "5"}, COUNTY, by=officer, at=timezone.now())
    assert not Trial.objects.exists()
