"""How facts are recorded, corrected and taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bangfu.people import identity
from bangfu.people.actions import register_people, reveal_identity
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import Answered, answer_work_round, record_work
from bangfu.people.models import Condition, Contact, Intent, Job, Joblessness, Membership, Person, Standing, WorkAnswer
from bangfu.people.recorded import Recorded
from bangfu.people.standing import FIELDS, compute_standings
from bangfu.people.withdrawal import withdraw_batch
from tests.factories import NOON, VILLAGE, id_number

pytestmark = [pytest.mark.django_db, pytest.mark.db]

FIRST, LATER = date(2026, 6, 30), date(2026, 7, 31)
ROW = {
    "id_number": id_number(2), "name": "乌云", "sex": "female", "born_on": date(1986, 2, 14), "division": VILLAGE,
    "household_no": "9905220000001", "relation": "户主", "education": "junior", "health": "healthy",
    "labour_capacity": "ordinary", "will_work": True, "will_train": False, "phone": "13800000000",
    "category": "lifted", "identified_on": date(2019, 3, 5), "identified_precision": "day", "risk": None,
    "income_per_head": Decimal("4500.00"),
}  # fmt: skip


def how(on=FIRST, batch=1):
    return Recorded(on=on, source=Source.LEDGER, by=None, at=NOON + (on - FIRST), batch=batch)


@pytest.fixture
def person():
    return Person.objects.get(pk=register_people([ROW], how())[ROW["id_number"]])


def counts():
    return [model.objects.count() for model in (Person, Membership, Condition, Intent, Contact)]


def test_what_did_not_change_writes_nothing(person):
    before = counts()
    register_people([ROW], how(LATER, 2))
    assert counts() == before


def test_a_change_closes_the_old_version_and_keeps_it(person):
    register_people([{**ROW, "health": "chronic", "phone": "13900000000"}], how(LATER, 2))
    then, now = Condition.objects.true_on(FIRST).get(), Condition.objects.true_on(LATER).get()
    assert (then.health, then.valid_to, now.health, now.valid_to) == ("healthy", LATER, "chronic", None)
    assert identity.phone_number(Contact.objects.true_on(FIRST).get()) == "13800000000"
    assert identity.phone_number(Contact.objects.open().get()) == "13900000000"
    assert Condition.objects.filter(superseded_at__isnull=False).count() == 1


def test_a_correction_of_the_same_day_leaves_one_believed_version(person):
    register_people([{**ROW, "health": "chronic"}], how(FIRST, 2))
    assert [row.health for row in Condition.objects.known()] == ["chronic"]


def test_an_empty_cell_keeps_what_is_known(person):
    register_people([{**ROW, "health": None, "will_work": None}], how(LATER, 2))
    assert Condition.objects.open().get().health == "healthy"
    assert Intent.objects.open().get().will_work is True


def test_a_person_has_one_open_version(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        Condition.objects.create(person=person, health="healthy", valid_from=FIRST, source="ledger", recorded_at=NOON)


def test_the_same_number_twice_is_impossible(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(
            name="另",
            id_sealed=b"",
            id_index=person.id_index,
            id_last4="0000",
            sex="male",
            born_on=FIRST,
            created_at=NOON,
        )


def test_an_undone_import_takes_its_changes_back(person):
    register_people([{**ROW, "health": "chronic", "phone": "13900000000"}], how(LATER, 2))
    assert withdraw_batch(2, how(LATER, None)) == {}
    assert Condition.objects.open().get().health == "healthy"
    assert identity.phone_number(Contact.objects.open().get()) == "13800000000"
    assert Person.objects.get().withdrawn_at is None


def test_an_undone_first_import_withdraws_the_person(person):
    assert withdraw_batch(1, how(FIRST, None)) == {}
    assert Person.objects.get().withdrawn_at is not None
    assert not Standing.objects.exists()
    again = register_people([ROW], how(LATER, 3))
    assert Person.objects.get(pk=again[ROW["id_number"]]).withdrawn_at is None


def test_what_was_changed_since_stays(person):
    register_people([{**ROW, "health": "chronic"}], how(LATER, 2))
    assert withdraw_batch(1, how(LATER, None)) == {"changed_since": 1}
    assert Condition.objects.open().get().health == "chronic"


def job_row(person, **changes):
    row = {
        "person": person.pk, "working": True, "start": date(2025, 3, 1), "end": None, "employer": "合成食品有限公司",
        "wage_amount": Decimal("3600.00"), "will_work": True,
    }  # fmt: skip
    return row | changes


def test_no_job_on_file_is_unknown_not_jobless(person):
    assert Standing.objects.get().work_status == "unknown"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "at_work"),
        ({"end": FIRST}, "jobless"),
        ({"end": FIRST + timedelta(days=1)}, "at_work"),
        ({"start": FIRST}, "at_work"),
        ({"working": False, "reason": "刚离岗"}, "jobless"),
        ({"working": None}, "unknown"),
    ],
)
def test_work_status_at_each_boundary(person, changes, status):
    record_work([job_row(person, **changes)], how())
    assert Standing.objects.get().work_status == status


def test_a_job_is_corrected_not_doubled(person):
    record_work([job_row(person)], how())
    record_work([job_row(person, end=LATER, wage_amount=Decimal("4000.00"))], how(LATER, 2))
    job = Job.objects.known().get()
    assert (job.valid_to, job.wage_amount) == (LATER, Decimal("4000.00"))
    assert Job.objects.values("spell").distinct().count() == 1


def test_a_new_job_ends_the_statement_of_being_without(person):
    record_work([job_row(person, working=False)], how())
    record_work([job_row(person, start=LATER)], how(LATER, 2))
    assert Joblessness.objects.known().get().valid_to == LATER
    assert Standing.objects.get().work_status == "at_work"


def test_the_work_round_answers_once(person):
    record_work([job_row(person)], how())
    answer = Answered(person.pk, date(2026, 7, 1), "ended", "key-1", LATER)
    assert answer_work_round([answer], how(LATER)) == 1
    assert answer_work_round([answer], how(LATER)) == 0
    assert WorkAnswer.objects.count() == 1
    assert Job.objects.known().get().valid_to == LATER
    assert Standing.objects.get().work_status == "jobless"


def test_the_projection_equals_its_recomputation(person):
    record_work([job_row(person)], how())
    stored, computed = Standing.objects.get(), compute_standings([person.pk], FIRST)[person.pk]
    assert [getattr(stored, name) for name in FIELDS] == [computed[name] for name in FIELDS]


def test_a_look_needs_a_purpose_and_is_recorded(person, officer):
    with pytest.raises(ValueError, match="purpose"):
        reveal_identity(person, by=officer, at=NOON, purpose="  ")
    answer = reveal_identity(person, by=officer, at=NOON, purpose="入户走访")
    assert answer == {"id_number": ROW["id_number"], "phone": "13800000000"}


def test_numbers_are_not_readable_in_the_tables(person):
    contact = Contact.objects.get()
    for stored in (person.id_sealed, contact.phone_sealed):
        assert ROW["id_number"].encode() not in bytes(stored)
        assert ROW["phone"].encode() not in bytes(stored)
    assert identity.masked_id(ROW["id_number"]) == "990522********" + ROW["id_number"][-4:]
    assert identity.masked_phone("13812342046") == "138****2046"
