"""Retention: what is due by rule, what stays, and that nothing of a name or number is left."""

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.cases.models import Case
from bangfu.core.retention import RetentionError, load_retention, read_retentions
from bangfu.intake.actions import apply_batch, begin_batch
from bangfu.intake.models import Batch, FlaggedRow
from bangfu.intake.staging import stage_file
from bangfu.people.actions import record_accounts, register_people
from bangfu.people.forgetting import NOBODY
from bangfu.people.importing import ROSTER
from bangfu.people.models import BankAccount, Contact, Job, Membership, Person
from bangfu.people.recorded import Recorded
from bangfu.people.withdrawal import withdraw_batch
from config.retention import erase_by_rule, run_retention
from config.settings import RULES
from tests.factories import NOON, ZONE, JobFactory
from tests.home.situations import open_case
from tests.house.county_a import HEADER, row_of
from tests.intake.ledger_files import text
from tests.people.test_recording import ROW

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = date(2026, 6, 30)


def rule(value, unit):
    return load_retention({
        "code": "x", "name": {}, "about": "person", "keep": {"value": value, "unit": unit, "since": {}},
        "then": "erase", "source": "test",
    })  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(1, 40), st.sampled_from(["day", "month", "year"]))
def test_what_happened_the_day_after_the_last_event_is_still_kept(on, value, unit):
    kept = rule(value, unit)
    last = kept.last_event(on)
    assert kept.kept_until(last) <= on < kept.kept_until(last + timedelta(days=1))


@pytest.mark.parametrize(("value", "unit", "then"), [(0, "day", "erase"), (1, "week", "erase"), (1, "day", "sell")])
def test_a_rule_that_makes_no_sense_is_refused(value, unit, then):
    with pytest.raises(RetentionError):
        load_retention({
            "code": "x", "name": {}, "about": "person", "keep": {"value": value, "unit": unit, "since": {}},
            "then": then, "source": "test",
        })  # fmt: skip


def test_every_rule_of_the_house_is_applied_somewhere():
    outcomes = run_retention(DAY, NOON, apply=False)
    assert [one.rule.code for one in outcomes] == [kept.code for kept in read_retentions(RULES / "retention")]


def left_register(recorded_on):
    """A person whose membership ended on the day all was recorded."""
    at = datetime.combine(recorded_on, NOON.timetz())
    how = Recorded(on=recorded_on, source="ledger", by=None, at=at)
    key = next(iter(register_people([ROW], how).values()))
    record_accounts([{"person": key, "number": "6217000000000000", "bank": "农商行"}], how)
    JobFactory(person=Person.objects.get(pk=key), recorded_at=at, evidence="乌云的工资条")
    Membership.objects.filter(person=key).update(valid_to=recorded_on + timedelta(days=1))
    Person.objects.filter(pk=key).update(created_at=at)
    return key


def due(on):
    return {one.rule.code: (one.due, one.done) for one in run_retention(on, NOON, apply=False)}


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 6, 29), 0), (date(2026, 6, 30), 1)])
def test_ten_years_to_the_day(on, expected):
    left_register(date(2016, 6, 30))
    assert due(on)["person"] == (expected, 0)
    assert Person.objects.get().name == ROW["name"]


def test_who_is_served_stays():
    key = left_register(date(2010, 1, 1))
    Case.objects.filter(pk=open_case(None).pk).update(person=key)
    assert due(DAY)["person"] == (0, 0)


def test_nothing_of_the_person_is_left_but_figures_can_be_computed():
    key = left_register(date(2016, 1, 1))
    run_retention(DAY, NOON, apply=True)
    row = Person.objects.get(pk=key)
    assert (row.name, row.name_pinyin, row.id_last4, bytes(row.id_sealed)) == (NOBODY, "", "", b"")
    assert (row.born_on, row.anonymised_at) == (date(1986, 1, 1), NOON)
    assert not Contact.objects.exists()
    assert not BankAccount.objects.exists()
    job = Job.objects.get()
    assert (job.evidence, job.occupation) == ("", "包装工")
    assert due(DAY)["person"] == (0, 0)
    told = json.dumps([str(value) for value in Person.objects.values_list().get()])
    assert ROW["name"] not in told
    assert ROW["id_number"][-4:] not in told


def test_a_mistaken_import_is_forgotten_after_30_days():
    how = Recorded(on=date(2026, 5, 1), source="ledger", by=None, at=datetime(2026, 5, 1, 12, tzinfo=ZONE), batch=1)
    register_people([ROW], how)
    withdraw_batch(1, how)
    assert due(date(2026, 5, 30))["withdrawn"] == (0, 0)
    assert due(date(2026, 5, 31))["withdrawn"] == (1, 0)
    run_retention(date(2026, 5, 31), NOON, apply=True)
    assert Person.objects.get().name == NOBODY
    register_people([ROW], Recorded(on=DAY, source="ledger", by=None, at=NOON, batch=2))
    assert sorted(Person.objects.values_list("name", flat=True)) == sorted([NOBODY, ROW["name"]])


def test_the_night_erases_rejected_rows_after_30_days(officer):
    applied_at = datetime(2026, 5, 1, 12, tzinfo=ZONE)
    data = text(HEADER, row_of("白云", "99052219860214000"))  # a digit is missing
    batch = stage_file(ROSTER, "a.csv", data, on=date(2026, 5, 1), by=officer, at=applied_at)
    begin_batch(batch, by=officer, at=applied_at)
    apply_batch(batch, at=applied_at)
    assert FlaggedRow.objects.count() == 1
    assert erase_by_rule(date(2026, 5, 30), NOON) == 0
    assert erase_by_rule(date(2026, 5, 31), NOON) == 1
    assert not FlaggedRow.objects.exists()
    assert Batch.objects.get().rows_rejected == 1
