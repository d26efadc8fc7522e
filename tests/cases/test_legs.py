"""Legs: place and day choose the clock, the package and the working days; what moves a deadline; what goes up."""

from datetime import date, datetime, timedelta

import pytest
import yaml

from bangfu.audit.models import Entry
from bangfu.cases import clockwork
from bangfu.cases.actions import NeedSurvey, NotAllowedNow, Opening, open_cases, survey_cases
from bangfu.cases.course_models import Escalation
from bangfu.cases.escalating import raise_overdue, take_up
from bangfu.cases.legs import recount_by_calendar
from bangfu.cases.models import Case, Leg
from bangfu.people.models import Standing
from tests.factories import NOON, VILLAGE, ZONE, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]
CACHED = (
    clockwork.clocks, clockwork.packages, clockwork.clock, clockwork.package, clockwork.package_for,
    clockwork.calendar, clockwork.calendar_at, clockwork._regional,
)  # fmt: skip


@pytest.fixture
def rules(settings, tmp_path):
    """A copy of the rules' clocks, packages and calendar that a test may change; call it to read them anew."""
    for folder in ("clocks", "packages", "calendar", "weights"):
        (tmp_path / folder).mkdir()
        for file in (settings.RULES / folder).glob("*.yaml"):
            (tmp_path / folder / file.name).write_bytes(file.read_bytes())
    settings.RULES = tmp_path

    def read():
        for kept in CACHED:
            kept.cache_clear()
        return tmp_path

    read()
    yield read
    settings.RULES = type(tmp_path)(__file__).resolve().parents[2] / "rules"
    read()


def opened(officer, at=NOON, division=VILLAGE):
    person = PersonFactory()
    key = open_cases([Opening(person.pk, division, "own_request")], by=officer, at=at)[person.pk]
    return Case.objects.get(pk=key)


def leg(case, stage):
    return Leg.objects.get(case=case, stage=stage)


def rewrite(path, change):
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(document)
    path.with_stem(path.stem + "_place").write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def test_the_clock_of_a_county_lies_over_that_of_the_country(officer, rules):
    def shorter(document):
        document["place"] = "150522000000"
        document["valid"] = {"from": date(2026, 7, 1), "to": None}
        document["stages"][1]["duration"] = 3

    rewrite(rules() / "clocks" / "2473.yaml", shorter)
    rules()
    before, after, far = (
        opened(officer, NOON), opened(officer, NOON + timedelta(days=1)),
        opened(officer, NOON + timedelta(days=1), "150502001001"),
    )  # fmt: skip
    days = [
        (leg(case, "first_service_round").due_at - case.opened_at.replace(hour=16)).days
        for case in (before, after, far)
    ]
    assert days == [9, 5, 9]  # 7 working days from a Tuesday, 3 and 7 from a Wednesday


def test_the_package_is_that_of_the_place():
    assert clockwork.package_for(VILLAGE, NOON.date()).code == "131"
    assert clockwork.package_for("430181001002", NOON.date()).code == "311"
    with pytest.raises(LookupError):
        clockwork.package_for(VILLAGE, date(2020, 12, 31))


def test_a_stage_that_follows_another_is_counted_from_its_end(officer, rules):
    def follow(document):
        document["place"] = "150522000000"
        document["stages"][1]["origin"] = "previous_stage_done"

    rewrite(rules() / "clocks" / "2473.yaml", follow)
    rules()
    case = opened(officer)
    assert leg(case, "first_service_round").due_at == datetime(2026, 7, 11, tzinfo=ZONE)  # from 1 July, the latest day
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", "k")], by=officer, at=NOON + timedelta(hours=1))
    moved = leg(case, "first_service_round")
    assert moved.due_at == datetime(2026, 7, 10, tzinfo=ZONE)
    assert (moved.moved, moved.first_due_at) == ("earlier", datetime(2026, 7, 11, tzinfo=ZONE))
    assert Standing.objects.get(person=case.person).due_at == moved.due_at


def test_a_region_gets_its_own_days_off_and_running_legs_move(officer, rules):
    at_home, far = opened(officer), opened(officer, division="150502001001")
    done = opened(officer)
    survey_cases([NeedSurvey(done.pk, "not_so", "phone", "k")], by=officer, at=NOON)
    frozen = leg(done, "first_service_round").due_at
    due = leg(at_home, "first_service_round").due_at
    places = rules() / "calendar" / "places"
    places.mkdir()
    (places / "150522.yaml").write_text(
        "place: '150522000000'\nsource: 县人民政府通知\nrest: [2026-07-06, 2026-07-07]\n"
    )
    rules()
    assert recount_by_calendar(at=NOON) == 1
    assert due == datetime(2026, 7, 10, tzinfo=ZONE)
    assert leg(at_home, "first_service_round").due_at == datetime(2026, 7, 14, tzinfo=ZONE)  # over a weekend
    assert leg(at_home, "first_service_round").moved == "calendar"
    assert leg(far, "first_service_round").due_at == due
    assert leg(done, "first_service_round").due_at == frozen
    assert Entry.objects.filter(verb="cases.deadlines_moved").get().count == 1
    assert recount_by_calendar(at=NOON) == 0


def test_a_year_without_a_notice_is_marked_until_it_comes(officer, rules):
    case = opened(officer, datetime(2026, 12, 25, 9, tzinfo=ZONE))
    assert leg(case, "first_service_round").provisional
    path = rules() / "calendar" / "cn.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["notices"][2027] = {"rest": "0101-0103", "worked": ""}
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    rules()
    recount_by_calendar(at=NOON)
    assert not leg(case, "first_service_round").provisional


@pytest.mark.parametrize(("seconds", "raised"), [(-1, 0), (0, 1)])
def test_a_leg_goes_up_when_its_time_is_over(officer, seconds, raised):
    case = opened(officer)
    at = leg(case, "need_survey").due_at + timedelta(seconds=seconds)
    assert raise_overdue(at=at) == raised
    assert raise_overdue(at=at) == 0
    assert Escalation.objects.count() == raised


def test_what_went_up_is_taken_up_once(officer, stranger):
    case = opened(officer)
    at = NOON + timedelta(days=2)
    raise_overdue(at=at)
    row = Escalation.objects.get()
    assert take_up([row.pk], "urged", "已电话督办", by=officer, at=at) == 1
    assert take_up([row.pk], "county", "", by=stranger, at=at) == 0
    row.refresh_from_db()
    assert (row.measure, row.taken_up_by) == ("urged", officer)
    assert leg(case, "need_survey").done_at is None


def test_what_is_done_meanwhile_is_not_taken_up(officer):
    case = opened(officer)
    late = NOON + timedelta(days=2)
    raise_overdue(at=late)
    survey_cases([NeedSurvey(case.pk, "confirmed", "phone", "k")], by=officer, at=late)
    with pytest.raises(NotAllowedNow):
        take_up([Escalation.objects.get().pk], "urged", "", by=officer, at=late)
    assert Escalation.objects.get().measure == ""


def test_the_officer_is_warned_when_four_fifths_are_over(officer):
    case = opened(officer)
    survey = leg(case, "need_survey")
    assert survey.warn_at == NOON + timedelta(hours=19, minutes=12)
