"""Zero-employment families: recognised and cleared by rule, with the clock of a quarter; their page and file."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bangfu.cases.models import Case, Cause
from bangfu.monitoring.actions import judge_signals, publish_lake, record_signals, snapshot_shown
from bangfu.monitoring.families import RULE, FamiliesFound, Seeker, due_on, judge_families, record_families
from bangfu.monitoring.family_lines import ALL, STATES, in_state
from bangfu.monitoring.models import Night, Signal, ZeroFamily
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition, Intent, Job, Joblessness, Membership
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, HouseholdFactory, JobFactory, PersonFactory, UserFactory
from tests.monitoring.findings import TODAY, how

PAGE = reverse("monitoring:zero-families")
WORK, NO_SEEKER = "zero_family_at_work", "zero_family_no_seeker"


def seeker(household, **columns):
    """A member who is able, willing and recorded as without work."""
    person = PersonFactory(standing__household=household, **columns)
    record_facts(Condition, {person.pk: {"labour_capacity": "ordinary", "school": "none"}}, how())
    record_facts(Intent, {person.pk: {"will_work": True}}, how())
    record_facts(Joblessness, {person.pk: {"reason": "本地无岗位"}}, how())
    return person


def night(on):
    """The steps of a night that families rest on."""
    at = NOON + (on - TODAY)
    publish_lake(on, at=at)
    with snapshot_shown(on) as engine:
        record_signals(judge_signals(engine, on), on, at=at)
        return record_families(judge_families(engine, on), on, at=at)


def spells():
    return list(ZeroFamily.objects.order_by("recognised_on", "id").values_list("recognised_on", "cleared_on", "way"))


@pytest.mark.db
def test_from_recognition_to_clearing(lake):
    """One family over its quarter: the nights give the same when run twice; a short job does not stop the clock."""
    home = HouseholdFactory()
    first, second = seeker(home), seeker(home)
    assert night(TODAY) == 1
    row = ZeroFamily.objects.get()
    assert (row.household, row.division, row.recognised_on, row.due_on) == (home, VILLAGE, TODAY, due_on(TODAY))
    assert row.version
    assert row.reasons["able_willing_jobless"] == 2
    helped = {cause.case.person_id for cause in Cause.objects.filter(code=RULE).select_related("case")}
    assert helped == {first.pk, second.pk}
    before = (spells(), Case.objects.count(), Cause.objects.count())
    assert night(TODAY) == 1
    assert (spells(), Case.objects.count(), Cause.objects.count()) == before
    began = TODAY + timedelta(days=1)
    job = JobFactory(person=first, valid_from=began)
    later = began + timedelta(days=5)
    assert night(later) == 1  # the signal is gone, the clock is not
    assert not Signal.objects.filter(code=RULE, closed_on=None).exists()
    Job.objects.filter(pk=job.pk).update(valid_to=later + timedelta(days=1))
    again = later + timedelta(days=2)
    JobFactory(person=second, valid_from=again)
    assert night(again + timedelta(days=29)) == 1
    assert spells() == [(TODAY, None, "")]
    cleared = again + timedelta(days=30)
    assert night(cleared) == 0
    assert spells() == [(TODAY, cleared, WORK)]
    row.refresh_from_db()
    assert row.cleared_reasons.items() >= {"at_work_members": 1, "at_work_from": again.isoformat()}.items()


@pytest.mark.db
def test_who_has_nobody_left_to_work_leaves_and_comes_back(lake):
    """No will ends the spell by the other rule, an emptied household by itself; a new wish makes a new spell."""
    home, other = HouseholdFactory(), HouseholdFactory()
    person, gone = seeker(home), seeker(other)
    assert night(TODAY) == 2
    record_facts(Intent, {person.pk: {"will_work": False}}, how(at=NOON + timedelta(days=1)))
    Membership.objects.filter(person=gone).update(household=home)
    record_facts(Intent, {gone.pk: {"will_work": False}}, how(at=NOON + timedelta(days=1)))
    assert night(TODAY + timedelta(days=1)) == 0
    assert {way for _on, _to, way in spells()} == {NO_SEEKER, ZeroFamily.DISSOLVED}
    record_facts(Intent, {person.pk: {"will_work": True}}, how(at=NOON + timedelta(days=2)))
    assert night(TODAY + timedelta(days=2)) == 1
    assert [(row[0], row[1]) for row in spells() if row[1] is None] == [(TODAY + timedelta(days=2), None)]


@pytest.mark.parametrize(
    ("recognised", "due"),
    [
        (date(2026, 6, 30), date(2026, 9, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),  # no such day: the last of the month
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 7, 1), date(2026, 10, 1)),  # a holiday stays
    ],
)
def test_the_quarter(recognised, due):
    assert due_on(recognised) == due


def found(recognised=(), cleared=(), places=(), seekers=()):
    return FamiliesFound(
        {key: Found(RULE, "household_day", key, None, VILLAGE, {}, "v1") for key in recognised},
        {key: Found(WORK, "household_day", key, None, VILLAGE, {}, "v2") for key in cleared},
        dict.fromkeys(places, VILLAGE),
        seekers,
    )


@pytest.mark.django_db
def test_parts_go_on_after_a_night_that_was_killed(monkeypatch):
    """Two families a part; the second night finishes what the first began, and doubles nothing."""
    from bangfu.monitoring import families

    monkeypatch.setattr(families, "_PART", 2)
    homes = [HouseholdFactory().pk for _ in range(5)]
    real, parts = families._recognise, []

    def killed(*given, **more):
        parts.append(given)
        if len(parts) == 2:
            raise KeyboardInterrupt
        return real(*given, **more)

    monkeypatch.setattr(families, "_recognise", killed)
    with pytest.raises(KeyboardInterrupt):
        record_families(found(homes, places=homes), TODAY, at=NOON)
    assert ZeroFamily.objects.count() == 2
    assert record_families(found(homes, places=homes), TODAY, at=NOON) == 5
    assert record_families(found((), homes[:3], homes), TODAY + timedelta(days=1), at=NOON) == 2
    assert record_families(found((), (), homes[:4]), TODAY + timedelta(days=1), at=NOON) == 1


@pytest.mark.django_db
def test_members_join_their_cases_and_who_was_asked_lately_is_left_alone():
    Night.objects.create(acted_on=TODAY - timedelta(days=1), ran_at=NOON, summary={})
    people = [PersonFactory() for _ in range(3)]
    home = people[0].standing.household_id
    case = {"division": VILLAGE, "clock": "2473", "package": "131", "opened_at": NOON, "starts_at": NOON}
    running = Case.objects.create(person=people[0], **case)
    Case.objects.create(person=people[1], outcome="no_will", closed_at=NOON, **case)
    seekers = [Seeker(home, person.pk, VILLAGE) for person in people]
    record_families(found([home], places=[home], seekers=seekers), TODAY, at=NOON)
    assert set(Cause.objects.values_list("case__person", flat=True)) == {people[0].pk, people[2].pk}
    assert Cause.objects.get(case=running).code == RULE
    assert not Case.objects.get(person=people[2]).backlog


def family(recognised, cleared=None, way="", **columns):
    home = PersonFactory(name="额尔敦").standing.household
    return ZeroFamily.objects.create(**{
        "household": home, "division": VILLAGE, "recognised_on": recognised, "due_on": due_on(recognised),
        "version": "v", "reasons": {}, "cleared_on": cleared, "way": way or (WORK if cleared else ""), **columns,
    })  # fmt: skip


@pytest.fixture
def some():
    """One family of each state, and one of another county."""
    today = timezone.localdate()
    old = today - timedelta(days=200)
    return {
        "waiting": family(today),
        "soon": family(today, due_on=today + timedelta(days=30)),
        "overdue": family(old),
        "on_time": family(old, due_on(old)),
        "late": family(old, due_on(old) + timedelta(days=1)),
        "foreign": family(old, division="150502100200"),
    }


@pytest.mark.django_db
def test_the_page_counts_and_opens_each_state(client, officer, some):
    client.force_login(officer)
    page = client.get(PAGE)
    assert dict(page.context["counts"].cells) == {
        "all": 5, "on_time": 1, "late": 1, "waiting": 3, "soon": 1, "overdue": 1,
    }  # fmt: skip
    assert page.context["lines"][0].family == some["overdue"]
    assert reverse("home:household", args=[some["overdue"].household_id]) in page.content.decode()
    assert "额尔敦" in page.content.decode()
    for state in STATES:
        shown = client.get(PAGE, {"state": state}).context
        assert shown["total"] == len(shown["lines"]) > 0
        for _code, number, query in [cell for place in shown["places"] for cell in place.cells]:
            assert client.get(f"{PAGE}?{query}").context["total"] == number
    late = client.get(PAGE, {"state": "late"}).context["lines"][0]
    assert late.way == "零就业家庭清零：一人稳定就业"


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, 0, 30, 31])
def test_states_are_exclusive_where_they_must_be(days):
    today = timezone.localdate()
    family(today - timedelta(days=10), due_on=today + timedelta(days=days))
    held = {state for state in STATES if ZeroFamily.objects.filter(in_state(state, today)).exists()}
    expected = {-1: {"overdue"}, 0: {"soon"}, 30: {"soon"}, 31: set()}[days]
    assert held == expected | {"waiting", ALL}


@pytest.mark.django_db
def test_the_household_and_the_worklist_say_it(client, officer, some):
    client.force_login(officer)
    page = client.get(reverse("home:household", args=[some["late"].household_id])).content.decode()
    assert "零就业家庭认定记录" in page
    assert "逾期清零" in page
    assert "2 户零就业家庭已逾期或 30 天内到期" in client.get(reverse("home:worklist")).content.decode()


@pytest.mark.django_db
def test_another_county_sees_none_of_them(client, some):
    client.force_login(UserFactory(division="150521000000", role="county_officer"))
    assert client.get(PAGE, {"state": "all"}).context["total"] == 0
    assert client.get(PAGE, {"town": "150522202000"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 25])
def test_the_list_costs_the_same_for_1_and_25(client, officer, count, django_assert_num_queries):
    for _ in range(count):
        family(timezone.localdate())
    client.force_login(officer)
    client.get(PAGE)
    with django_assert_num_queries(16):
        assert len(client.get(PAGE).context["lines"]) == count


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_file_holds_what_the_list_shows(client, officer, some, language):
    from bangfu.monitoring.family_exporting import ZERO_FAMILIES

    client.force_login(officer)
    client.cookies["django_language"] = language
    assert client.get(PAGE, {"state": "late"}).status_code == 200
    listed = ZERO_FAMILIES.read(officer, {"state": "late"}, timezone.now())
    (row,) = ZERO_FAMILIES.cells(officer, list(listed.rows), frozenset(), timezone.now())
    assert row["household"] == some["late"].household.number
    assert set(row) == {column.code for column in ZERO_FAMILIES.columns}
