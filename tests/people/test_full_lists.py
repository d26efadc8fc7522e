"""Next month's roster: unchanged groups write nothing, people move, and who is missing becomes a finding."""

from datetime import date, timedelta

import pytest

from bangfu.intake.actions import apply_batch, begin_batch, undo_batch
from bangfu.intake.staging import stage_file
from bangfu.people.groups import FACTS
from bangfu.people.importing import FULL_ROSTER
from bangfu.people.models import ListEntry, Membership, Person, Standing, Unlisted
from tests.factories import NOON, id_number
from tests.house.county_a import HEADER, PLACE
from tests.intake.ledger_files import text

pytestmark = [pytest.mark.django_db, pytest.mark.db]

LABELS = [*HEADER, "户类型", "与户主关系", "填报月份"]
OTHER_VILLAGE = ["科尔沁左翼后旗", "散都苏木", "麦里嘎查"]
JUNE, JULY, AUGUST = date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)


def line(number, *, name=None, place=PLACE, home="990522770001", relation="配偶"):
    return [
        *place,
        home,
        name or f"白云{'甲乙丙丁戊'[number]}",
        id_number(2 * number + 2),
        "女",
        "",
        "脱贫户",
        relation,
    ]


def full_list(officer, on, *rows):
    at = NOON + (on - JUNE)
    batch = stage_file(
        FULL_ROSTER, f"{on}.csv", text(LABELS, *([*row, f"{on:%Y%m}"] for row in rows)), on=on, by=officer, at=at
    )
    begin_batch(batch, by=officer, at=at)
    return apply_batch(batch, at=at)


def missing():
    return sorted(Unlisted.objects.open().values_list("person__name", "valid_from"))


def versions():
    return sum(model.objects.count() for model in FACTS)


def test_unchanged_rows_write_nothing_and_count_as_listed(officer):
    rows = [line(number) for number in range(3)]
    full_list(officer, JUNE, *rows)
    before = versions()
    batch = full_list(officer, JULY, *rows)
    assert (batch.rows_accepted, versions(), missing()) == (3, before, [])
    assert not ListEntry.objects.exists()


def test_who_is_missing_becomes_a_finding_and_is_never_deleted(officer):
    full_list(officer, JUNE, *(line(number) for number in range(3)))
    full_list(officer, JULY, *(line(number) for number in range(2)))
    assert missing() == [("白云丙", JULY)]
    assert Person.objects.filter(withdrawn_at__isnull=True).count() == 3
    assert Standing.objects.count() == 3
    full_list(officer, AUGUST, *(line(number) for number in range(2)))
    assert missing() == [("白云丙", JULY)]  # still the same finding
    full_list(officer, AUGUST + timedelta(days=30), *(line(number) for number in range(3)))
    assert missing() == []
    assert Unlisted.objects.known().get().valid_to == AUGUST + timedelta(days=30)


def test_a_move_to_another_household_and_village_is_a_fact_of_that_day(officer):
    full_list(officer, JUNE, line(0, relation="户主"), line(1))
    full_list(officer, JULY, line(0, relation="户主"), line(1, place=OTHER_VILLAGE, home="990522770009"))
    then, now = (Membership.objects.true_on(day).get(person__name="白云乙") for day in (JUNE, JULY))
    assert (then.household.number, now.household.number) == ("990522770001", "990522770009")
    assert then.division != now.division
    assert missing() == []


def test_a_town_that_the_list_does_not_name_is_left_alone(officer):
    elsewhere = ["科尔沁左翼后旗", "甘旗卡镇", "民族社区居委会"]
    full_list(officer, JUNE, line(0), line(1, place=elsewhere))
    full_list(officer, JULY, line(0))
    assert missing() == []


def test_taking_the_list_back_takes_the_finding_back(officer):
    full_list(officer, JUNE, *(line(number) for number in range(2)))
    batch = full_list(officer, JULY, line(0))
    assert missing() == [("白云乙", JULY)]
    undo_batch(batch, by=officer, at=NOON + timedelta(days=40))
    assert missing() == []


def test_another_name_under_a_known_number_is_still_refused(officer):
    full_list(officer, JUNE, line(0), line(1))
    batch = stage_file(FULL_ROSTER, "x.csv", text(LABELS, [*line(0, name="别人"), "7"]), on=JULY, by=officer, at=NOON)
    assert list(batch.report["rejected"].values()) == [["id_conflict"]]
