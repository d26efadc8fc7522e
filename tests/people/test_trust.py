"""A weaker source never overwrites a stronger one: it opens a difference, which somebody decides."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from bangfu.people import identity
from bangfu.people.actions import record_facts, register_people
from bangfu.people.deciding import decide_differences
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import record_work, start_jobs
from bangfu.people.models import Condition, Contact, Difference, Intent, Job, Joblessness, Standing
from bangfu.people.recorded import Recorded
from bangfu.people.withdrawal import withdraw_batch
from tests.factories import NOON, JobFactory, PersonFactory, UserFactory
from tests.people.test_recording import ROW

pytestmark = [pytest.mark.django_db, pytest.mark.db]

DAY = date(2026, 6, 30)


def said(source, on=DAY, batch=None, **more):
    at = NOON + timedelta(days=(on - DAY).days)
    return Recorded(on=on, source=source, by=None, at=at, batch=batch, **more)


@pytest.fixture
def person():
    return PersonFactory()


def condition(person, how, **values):
    return record_facts(Condition, {person.pk: values}, how)


@pytest.mark.parametrize(
    ("held", "held_on", "source", "stays"),
    [
        ("visit", DAY, "ledger", True),
        ("visit", DAY, "insurance", True),
        ("visit", DAY - timedelta(days=30), "insurance", True),  # the thirtieth day still counts
        ("visit", DAY - timedelta(days=31), "insurance", False),  # an old visit counts like an officer's word
        ("visit", DAY - timedelta(days=31), "ledger", True),
        ("insurance", DAY, "employer", True),
        ("employer", DAY, "person", True),
        ("officer", DAY, "person", False),
        ("person", DAY, "officer", False),
        ("person", DAY, "ledger", True),
        ("ledger", DAY, "ledger", False),
        ("ledger", DAY, "person", False),
    ],
)
def test_who_overwrites_whom(person, held, held_on, source, stays):
    condition(person, said(held, held_on), health="healthy")
    condition(person, said(source, DAY + timedelta(days=0)), health="chronic")
    assert Condition.objects.open().get().health == ("healthy" if stays else "chronic")
    assert Difference.objects.filter(state="open").count() == (1 if stays else 0)


def test_only_the_column_in_dispute_waits(person):
    condition(person, said(Source.VISIT), health="healthy")
    condition(person, said(Source.LEDGER, DAY + timedelta(days=1)), health="chronic", education="junior")
    now = Condition.objects.open().get()
    assert (now.health, now.education, now.source) == ("healthy", "junior", "ledger")
    assert now.origins == {"health": ["visit", "2026-06-30"]}
    condition(person, said(Source.LEDGER, DAY + timedelta(days=2)), health="serious", education="senior")
    now = Condition.objects.open().get()
    assert (now.health, now.education) == ("healthy", "senior")


def test_the_same_dispute_is_not_opened_twice_and_a_new_one_takes_its_place(person):
    condition(person, said(Source.VISIT), health="healthy")
    for back in range(2):
        condition(person, said(Source.LEDGER, DAY + timedelta(days=back)), health="chronic")
    assert Difference.objects.count() == 1
    condition(person, said(Source.LEDGER, DAY + timedelta(days=2)), health="serious")
    assert sorted(Difference.objects.values_list("state", flat=True)) == ["lapsed", "open"]


def test_a_visit_that_confirms_strengthens_and_others_write_nothing(person):
    condition(person, said(Source.LEDGER), health="healthy")
    for source in (Source.LEDGER, Source.PERSON, Source.INSURANCE):
        assert condition(person, said(source, DAY + timedelta(days=1)), health="healthy") == 0
    assert condition(person, said(Source.VISIT, DAY + timedelta(days=2)), health="healthy") == 1
    now = Condition.objects.known().get()
    assert (now.source, now.valid_from, now.valid_to) == ("visit", DAY, None)


def test_who_saw_what_is_on_file_may_decide_otherwise(person):
    condition(person, said(Source.VISIT), health="healthy")
    condition(person, said(Source.PERSON, decided=True), health="chronic")
    assert Condition.objects.open().get().health == "chronic"
    assert not Difference.objects.exists()


def test_a_phone_in_dispute_can_be_taken_later(person):
    phone = lambda number: {  # noqa: E731
        "phone_index": identity.phone_indexes([number])[0],
        "phone_sealed": identity.seal_phones([(person.pk, number)])[0],
    }
    record_facts(Contact, {person.pk: phone("13800000000")}, said(Source.VISIT))
    record_facts(Contact, {person.pk: phone("13900000000")}, said(Source.LEDGER))
    assert identity.phone_number(Contact.objects.open().get()) == "13800000000"
    officer = UserFactory()
    decide_differences([Difference.objects.get().pk], take=True, reason="电话核实", by=officer, at=NOON)
    assert identity.phone_number(Contact.objects.open().get()) == "13900000000"
    row = Difference.objects.get()
    assert (row.state, row.decided_by, row.reason) == ("taken", officer, "电话核实")


def test_what_was_kept_is_not_asked_again(person):
    condition(person, said(Source.VISIT), health="healthy")
    condition(person, said(Source.LEDGER), health="chronic")
    decide_differences([Difference.objects.get().pk], take=False, reason="入户核实", by=UserFactory(), at=NOON)
    condition(person, said(Source.LEDGER, DAY + timedelta(days=20)), health="chronic")
    assert Difference.objects.count() == 1
    assert Condition.objects.open().get().health == "healthy"


def test_a_decided_difference_cannot_be_decided_again(person):
    condition(person, said(Source.VISIT), health="healthy")
    condition(person, said(Source.LEDGER), health="chronic")
    key = Difference.objects.get().pk
    decide_differences([key], take=False, reason="入户核实", by=UserFactory(), at=NOON)
    with pytest.raises(Difference.DoesNotExist):
        decide_differences([key], take=True, reason="改主意", by=UserFactory(), at=NOON)
    assert Condition.objects.open().get().health == "healthy"


def test_a_list_that_says_jobless_does_not_end_an_insured_job(person):
    job = JobFactory(person=person, source="insurance")
    row = {"person": person.pk, "working": False, "reason": "返乡"}
    record_work([row], said(Source.LEDGER, batch=7))
    assert Job.objects.known().get().pk == job.pk
    assert not Joblessness.objects.exists()
    difference = Difference.objects.get()
    assert (difference.group, difference.kind, difference.columns) == ("job", str(job.spell), ["valid_to"])
    decide_differences([difference.pk], take=True, reason="单位确认", by=UserFactory(), at=NOON)
    assert Job.objects.known().get().valid_to == DAY
    assert Standing.objects.get(person=person).work_status == "jobless"


def test_a_list_corrects_of_a_job_only_what_nobody_better_said(person):
    start_jobs([{"person": person.pk, "start": date(2026, 1, 5), "employer": "甲厂"}], said(Source.EMPLOYER))
    row = {"person": person.pk, "working": True, "start": date(2026, 1, 5), "employer": "乙厂", "wage_amount": 4000}
    record_work([row], said(Source.LEDGER))
    job = Job.objects.known().get()
    assert (job.employer, job.wage_amount) == ("甲厂", Decimal("4000.00"))
    assert job.origins == {"employer": ["employer", "2026-06-30"], "precision": ["employer", "2026-06-30"]}


def test_undoing_an_import_closes_its_differences(person):
    condition(person, said(Source.VISIT), health="healthy")
    condition(person, said(Source.LEDGER, batch=9), health="chronic")
    withdraw_batch(9, said(Source.LEDGER))
    assert Difference.objects.get().state == "lapsed"


def test_a_roster_of_next_month_leaves_what_an_officer_verified():
    keys = register_people([ROW], said(Source.LEDGER, batch=1))
    record_facts(Intent, {keys[ROW["id_number"]]: {"will_work": False}}, said(Source.VISIT))
    later = replace(said(Source.LEDGER, DAY + timedelta(days=31), batch=2), at=NOON + timedelta(days=31))
    register_people([ROW], later)
    assert Intent.objects.open().get().will_work is False
    assert isinstance(Difference.objects.get().noted_at, datetime)
