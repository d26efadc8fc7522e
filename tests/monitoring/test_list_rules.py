"""Rules over the lists of schools, deaths and the like: from the file to the verdict, of one person at a time."""

from datetime import date

import pytest

from bangfu.monitoring.explaining import NotExplainedError, explain_person
from bangfu.monitoring.live import judge_now
from bangfu.people.models import Condition, Joblessness
from tests.factories import NOON, JobFactory, PersonFactory, id_number_of
from tests.monitoring.test_list_signals import COUNTY, DAY, OTHER, receive, verdict

JUNE, MAY = date(2026, 6, 1), date(2026, 5, 1)
SINCE = {"valid_from": date(2026, 1, 1), "source": "ledger", "recorded_at": NOON}


def listed(kind, heads, person, *cells, period=DAY, **more):
    """A list with one line, of that person."""
    head = ["身份证号", *heads.split()]
    return receive(kind, head, [id_number_of(person), *cells], period=period, **more)


def pupil(**condition):
    """Somebody recorded as not at school, unless told otherwise."""
    person = PersonFactory()
    Condition.objects.create(person=person, **{"school": "none", "health": "healthy", **condition}, **SINCE)
    return person


def jobless():
    person = PersonFactory()
    Joblessness.objects.create(person=person, **SINCE)
    return person


def on_roll(person, state="在读", **more):
    return listed("school", "学籍状态", person, state, **more)


ONE_LINE = {
    "dead_on_register": (PersonFactory, "death", "死亡日期", JUNE, [("2026-05-20", True), ("2026-07-20", False)]),
    "pupil_at_work_list": (
        lambda: JobFactory().person, "school", "学籍状态", DAY, [("在读", True), ("毕业", False), ("休学", False)]
    ),
    "pupil_not_recorded": (pupil, "school", "学籍状态", DAY, [("在读", True), ("退学", False)]),
    "disability_not_recorded": (pupil, "disability", "证件状态", DAY, [("有效", True), ("注销", False)]),
    "on_roster_no_job": (PersonFactory, "workshop_roster", "离岗日期", JUNE, [("", True), ("2026-06-20", False)]),
    "registered_employed_jobless": (
        jobless, "employment_registration", "登记类别", DAY, [("就业", True), ("失业", False), ("注销", False)]
    ),
    "listed_unemployed_at_work": (
        lambda: JobFactory().person, "employment_registration", "登记类别", DAY, [("失业", True), ("就业", False)]
    ),
}  # fmt: skip
"""By rule: somebody whom the register lets it be true of, the list, its column, its period, what it says: verdict."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "said", "wanted"), [(code, said, wanted) for code, row in ONE_LINE.items() for said, wanted in row[-1]]
)
def test_what_a_list_says_is_compared_with_the_register(code, said, wanted):
    somebody, kind, head, period, _answers = ONE_LINE[code]
    person = somebody()
    with pytest.raises(NotExplainedError):  # on no list at all: the rule says nothing
        verdict(code, person)
    listed(kind, head, person, said, period=period)
    assert verdict(code, person) is wanted
    assert (code in {one.code for one in judge_now([person.pk], DAY)}) is wanted


@pytest.mark.django_db
def test_another_kind_of_list_leaves_the_rule_unknown():
    person = pupil()
    on_roll(person)
    assert verdict("pupil_not_recorded", person) is True
    assert verdict("disability_not_recorded", person) is None  # no such list came
    listed("disability", "证件状态", PersonFactory(), "有效")
    assert verdict("disability_not_recorded", person) is False  # it came, without the person


@pytest.mark.django_db
def test_a_list_of_another_county_says_nothing_here():
    person = pupil()
    listed("death", "死亡日期", person, "2026-07-20", period=JUNE, division=COUNTY)
    on_roll(PersonFactory(standing__division="150521100201"), division=OTHER)
    assert verdict("pupil_not_recorded", person) is None
    on_roll(PersonFactory(), division=COUNTY)
    assert verdict("pupil_not_recorded", person) is False


@pytest.mark.django_db
def test_the_latest_list_alone_counts():
    person = pupil()
    on_roll(person, period=date(2026, 1, 31))
    assert verdict("pupil_not_recorded", person) is True
    on_roll(person, "毕业")
    assert verdict("pupil_not_recorded", person) is False


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "now", "wanted"), [("低保", "低保边缘", True), ("低保", "特困", False)])
def test_who_loses_the_allowance_without_work_is_asked(before, now, wanted):
    person = jobless()
    Condition.objects.create(person=person, labour_capacity="ordinary", **SINCE)
    code = "allowance_stopped_jobless"
    listed("living_allowance", "救助类别", person, now, period=JUNE)
    assert verdict(code, person) is (None if wanted else False)  # no list of May
    listed("living_allowance", "救助类别", person, before, period=MAY)
    assert verdict(code, person) is wanted


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "state", "left", "code"),
    [
        (date(2011, 7, 1), "辍学", "", "left_school_under_16"),
        (date(2008, 2, 1), "毕业", "2026-06-20", "left_school_list"),
        (date(2008, 2, 1), "毕业", "2026-01-20", None),
        (date(2011, 7, 1), "在读", "", None),
    ],
)
def test_who_left_school_is_a_signal_by_age(born, state, left, code):
    person = PersonFactory(born_on=born)
    listed("school", "学籍状态 离校日期", person, state, left)
    codes = ("left_school_under_16", "left_school_list")
    assert [one for one in codes if verdict(one, person)] == ([code] if code else [])


@pytest.mark.django_db
def test_the_answer_names_the_list_it_rests_on():
    person = pupil()
    on_roll(person)
    answer = explain_person("pupil_not_recorded", person.pk, DAY)
    assert [origin.words for origin in answer.origins["roll_status"]] == ["在校学生学籍名单 2026-06-30"]
