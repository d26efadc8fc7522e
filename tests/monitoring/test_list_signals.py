"""Signals that rest on outside lists: from the file to the verdict; a late list's findings are backlog."""

from datetime import date, timedelta

import pytest

from bangfu.cases.models import Case
from bangfu.monitoring.actions import close_night, judge_signals, publish_lake, record_signals, snapshot_shown
from bangfu.monitoring.explaining import explain_person
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.models import EVERYWHERE
from bangfu.monitoring.rules import feed_kinds
from bangfu.people.models import Recognition
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, JobFactory, PersonFactory, id_number_of, uscc
from tests.intake.ledger_files import text

DAY = NOON.date()
COUNTY, OTHER = "150522000000", "150521000000"


def receive(code, head, *rows, period=DAY, division=EVERYWHERE, at=NOON):
    kind = feed_kinds()[code]
    return receive_feed(kind, text(head, *rows), "x.csv", period=period, division=division, on=DAY, by=None, at=at)


def businesses(*rows, **more):
    return receive("business_registration", ["统一社会信用代码", "登记状态", "注销日期"], *rows, **more)


def wages(person, amount, **more):
    return receive("tax_wage", ["身份证号", "税款所属期", "收入额"], [id_number_of(person), "202606", amount], **more)


def costs(person, amount, **more):
    head = ["身份证号", "统计月份", "本年累计自付"]
    return receive("medical_expense", head, [id_number_of(person), "202606", amount], **more)


def verdict(code, person):
    return explain_person(code, person.pk, DAY).explanation.verdict


@pytest.mark.django_db
@pytest.mark.db
def test_a_job_with_a_unit_that_was_closed_is_a_signal():
    gone, lasting, alone = JobFactory(uscc=uscc(1)).person, JobFactory(uscc=uscc(2)).person, JobFactory().person
    assert verdict("employer_closed", gone) is None  # no list came
    businesses([uscc(1), "注销", "2026-06-12"], [uscc(2), "存续", ""], [uscc(3), "吊销", ""])
    assert [verdict("employer_closed", one) for one in (gone, lasting, alone)] == [True, False, None]
    answer = explain_person("employer_closed", gone.pk, DAY)
    assert answer.explanation.shown["employer_closed_on"] == "2026-06-12"
    assert [origin.words for origin in answer.origins["employer_closed"]] == ["市场主体登记状态名单 2026-06-30"]
    assert verdict("employer_closed", PersonFactory()) is False


@pytest.mark.django_db
@pytest.mark.parametrize(("amount", "wanted"), [("3200", True), ("0", False)])
def test_who_is_registered_unemployed_and_taxed_is_asked(amount, wanted):
    person, unlisted = PersonFactory(), PersonFactory()
    for one in (person, unlisted):
        Recognition.objects.create(
            person=one, kind="unemployed", valid_from=date(2026, 1, 1), source="ledger", recorded_at=NOON
        )
    code = "registered_unemployed_but_taxed"
    assert verdict(code, person) is None
    wages(person, amount)
    assert (verdict(code, person), verdict(code, unlisted)) == (wanted, False)


@pytest.mark.django_db
@pytest.mark.parametrize(("amount", "wanted"), [("20000.00", True), ("19999.99", False)])
def test_high_costs_of_this_year_are_a_signal(amount, wanted):
    person, other = PersonFactory(), PersonFactory()
    costs(other, "1", period=DAY)
    assert verdict("sudden_expense", person) is False  # a list came, and nobody is on it but another
    costs(person, amount)
    assert verdict("sudden_expense", person) is wanted


@pytest.mark.django_db
def test_a_list_of_another_county_says_nothing_here():
    here, away = JobFactory(uscc=uscc(1)).person, PersonFactory(standing__division="150521100201")
    businesses([uscc(1), "存续", ""], division=OTHER)
    wages(away, "9", division=OTHER)
    assert verdict("employer_closed", here) is None
    Recognition.objects.create(
        person=here, kind="unemployed", valid_from=date(2026, 1, 1), source="ledger", recorded_at=NOON
    )
    assert verdict("registered_unemployed_but_taxed", here) is None
    businesses([uscc(1), "存续", ""], division=COUNTY)
    assert verdict("employer_closed", here) is False


def test_so_many_of_a_unit_stopped_at_once_that_each_is_a_signal(lake):
    many, few = [[PersonFactory() for _ in range(count)] for count in (6, 4)]
    months = {"202605": (*many, *few), "202606": (many[5],)}
    for month, paying in months.items():
        rows = [
            [id_number_of(one), month, "1", uscc(9) if month == "202606" else uscc(1 if one in many else 2)]
            for one in paying
        ]
        rows += [["990522197007067264", month, "1", ""]] * 20  # so that the second list is not held
        period = date(2026, int(month[4:]), 1)
        receive("social_insurance", ["AAC002", "AAE003", "AAC031", "AAB001"], *rows, period=period)
    publish_lake(DAY, at=NOON)
    with snapshot_shown(DAY) as engine:
        found = {one.person: one for one in judge_signals(engine, DAY) if one.code == "mass_layoff"}
    assert found.keys() == {one.pk for one in many[:5]}  # the sixth is paid for by another unit, four are too few
    assert found[many[0].pk].values["unit_stopped"] == 6


@pytest.mark.django_db
def test_the_first_night_with_a_list_of_a_kind_opens_backlog():
    close_night(DAY - timedelta(days=1), {}, at=NOON - timedelta(days=1))
    one, other = JobFactory(uscc=uscc(1)).person, PersonFactory()
    businesses([uscc(1), "注销", "2026-06-12"])

    def found(person, code, **values):
        return Found(code, "person_day", person.pk, person.pk, VILLAGE, values, "")

    late, usual = found(one, "employer_closed", employer_closed=True), found(other, "willing_jobless")
    record_signals([late, usual], DAY, at=NOON)
    assert dict(Case.objects.values_list("person", "backlog")) == {one.pk: True, other.pk: False}
