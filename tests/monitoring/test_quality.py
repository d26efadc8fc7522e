"""Findings about the data: opened at entry, after an import and in the night; set right, waived; the list."""

from datetime import date, datetime, timedelta

import pytest

from bangfu.intake.actions import apply_batch, follow_up, undo_batch
from bangfu.intake.staging import stage_file
from bangfu.monitoring import quality
from bangfu.monitoring.actions import publish_lake, snapshot_shown
from bangfu.monitoring.live import judge_now, live_rules
from bangfu.monitoring.models import Finding, Waiver
from bangfu.monitoring.quality import (
    due_on,
    end_waivers,
    fix_findings,
    judge_all,
    quality_rules,
    record_findings,
    waive_findings,
)
from bangfu.people.actions import end_facts, record_facts
from bangfu.people.jobs_held import correct_jobs, start_jobs
from bangfu.people.models import Condition, Contact, Difference, Intent, Job, Membership, Unlisted
from bangfu.people.recorded import Recorded
from bangfu.people.work_ledgers import JOBS
from bangfu.rulebook.evaluate import Found
from tests.factories import NOON, VILLAGE, ZONE, JobFactory, PersonFactory, UserFactory, id_number_of
from tests.house.county_a import everything
from tests.intake.ledger_files import text
from tests.monitoring.findings import HOME, SCHOOL, TODAY, at_school, findings, how, open_codes

pytestmark = pytest.mark.django_db


def test_an_entry_opens_what_it_makes_true_and_closes_what_it_sets_right():
    job = JobFactory()
    at_school(job.person)
    finding = Finding.objects.get(person=job.person, code=SCHOOL)
    assert (finding.opened_on, finding.division) == (TODAY, VILLAGE)
    assert finding.reasons == {"jobs_open": 1, "at_school": True}
    assert finding.version == quality_rules()[SCHOOL].version != ""
    at_school(job.person, "none")
    finding.refresh_from_db()
    assert finding.closed_on == TODAY
    assert SCHOOL not in open_codes(job.person)


def test_a_finding_moves_with_its_person():
    job = JobFactory()
    at_school(job.person)
    record_facts(Membership, {job.person_id: {"division": "150522202210"}}, how())
    assert set(Finding.objects.filter(closed_on=None).values_list("division", flat=True)) == {"150522202210"}


def test_a_finding_keeps_its_day_and_its_clock_and_renews_its_values():
    job = JobFactory(wage_amount=50)
    at_school(job.person)
    first = Finding.objects.get(code="wage_out_of_range")
    assert first.reasons["wage"] == "50.00"
    start_jobs(
        [{"person": job.person_id, "start": job.valid_from, "wage_amount": 60}], how(at=NOON + timedelta(days=3))
    )
    first.refresh_from_db()
    assert (first.opened_on, first.due_on) == (TODAY, due_on("normal", NOON))
    assert first.reasons["wage"] == "60.00"


@pytest.mark.parametrize(
    ("severity", "moment", "last"),
    [
        ("urgent", datetime(2026, 6, 30, 12, tzinfo=ZONE), date(2026, 7, 1)),
        ("urgent", datetime(2026, 9, 30, 8, tzinfo=ZONE), date(2026, 10, 8)),  # the holidays of October
        ("high", datetime(2026, 6, 30, 12, tzinfo=ZONE), date(2026, 7, 7)),
        ("normal", datetime(2026, 6, 30, 12, tzinfo=ZONE), date(2026, 7, 28)),
    ],
)
def test_what_is_found_is_due_by_its_clock(severity, moment, last):
    assert due_on(severity, moment) == last


def jobs_ledger(person, *cells):
    header = ["姓名", "证件号码", "就业状态", "开始时间", "月收入"]
    return text(header, [person.name, id_number_of(person), "已就业", "2026-05", *cells])


def test_an_import_is_judged_when_it_is_in_and_when_it_is_taken_back():
    person = PersonFactory()
    batch = stage_file(JOBS, "a.csv", jobs_ledger(person, "50000"), on=TODAY, by=None, at=NOON)
    apply_batch(batch, at=NOON)
    assert not Finding.objects.exists()
    follow_up(batch, at=NOON)
    assert {"wage_out_of_range", "work_place_missing"} <= open_codes(person)
    batch.refresh_from_db()
    undo_batch(batch, by=None, at=NOON)
    follow_up(batch, at=NOON)
    assert open_codes(person) == {"capacity_missing"}


def people_of_all_kinds():
    """Persons with facts around what the rules ask; one of them on no list, two with one telephone."""
    people = [PersonFactory(born_on=born) for born in (date(2011, 1, 1), date(1955, 1, 1), date(1990, 5, 5))]
    for person in people:
        JobFactory(person=person, wage_amount=50, place="150522000000", occupation="", form="公益性岗位")
    idle = PersonFactory(standing__household=None)
    record_facts(Intent, {idle.pk: {"will_work": True, "will_go_out": True}}, how())
    record_facts(Condition, {idle.pk: {"labour_capacity": "none"}, people[0].pk: {"labour_capacity": "weak"}}, how())
    record_facts(Unlisted, {idle.pk: {"list_name": "x"}}, how())
    for person in (idle, people[2]):
        Contact.objects.create(
            person=person, phone_sealed=b"", phone_index="0" * 32, valid_from=TODAY, source="visit", recorded_at=NOON
        )
    return [*people, idle]


def judge_tonight():
    with snapshot_shown(TODAY) as engine:
        return judge_all(engine, TODAY, at=NOON)


@pytest.mark.db
def test_the_night_says_what_was_said_at_entry(lake):
    people = people_of_all_kinds()
    live = {(one.code, one.person): one.values for one in judge_now([person.pk for person in people], TODAY)}
    assert {code for code, _ in live} >= {
        "under_16_public_post", "over_70_public_post", "post_kind_missing", "no_capacity_will_work", HOME,
        "missing_from_list", "go_out_no_service", "under_16_with_capacity", "wage_out_of_range",
    }  # fmt: skip
    Finding.objects.all().delete()
    publish_lake(TODAY, at=NOON)
    counts = judge_tonight()
    night = {(row.code, row.person_id): row.reasons for row in Finding.objects.all()}
    of_all = {"phone_of_other_households"}
    assert {key: values for key, values in night.items() if key[0] not in of_all} == live
    assert {code for code, _ in night} - {code for code, _ in live} == of_all
    assert sum(counts.values()) == len(night)
    before = everything()
    assert judge_tonight() == counts
    assert everything() == before


@pytest.mark.db
def test_the_night_closes_what_is_true_no_more_and_what_no_rule_finds(lake):
    old, gone = findings(2)
    Finding.objects.filter(pk=gone.pk).update(code="a_rule_of_the_past")
    publish_lake(TODAY, at=NOON)
    judge_tonight()
    assert set(Finding.objects.values_list("pk", "closed_on")) >= {(old.pk, TODAY), (gone.pk, TODAY)}


def test_an_entry_leaves_alone_what_it_does_not_judge():
    shared, other = findings(1, "phone_of_other_households")[0], findings(1)[0]
    at_school(shared.person)
    assert "phone_of_other_households" in open_codes(shared.person)
    assert open_codes(other.person) == {HOME}


def test_who_is_registered_in_no_village_has_no_finding():
    person = PersonFactory()
    record_findings(
        [Found(SCHOOL, "person_day", person.pk, person.pk, None, {}, "")], TODAY, codes=None, persons=None, at=NOON
    )
    assert not Finding.objects.exists()


def test_every_fix_makes_its_rule_false():
    fixed = [rule for rule in quality_rules().values() if rule.fix]
    assert {rule.code for rule in fixed} == {"under_16_with_capacity", HOME}
    assert {rule.fix.group for rule in fixed} == set(quality.FIXES)
    child, worker = PersonFactory(born_on=date(2012, 1, 1)), JobFactory().person
    record_facts(Condition, {child.pk: {"labour_capacity": "ordinary", "education": "primary"}}, how())
    at_school(worker, "none")
    waiting = [row for row in Finding.objects.all() if quality_rules()[row.code].fix]
    assert {row.code for row in waiting} == {rule.code for rule in fixed}
    assert fix_findings(waiting, by=UserFactory(), at=NOON) == 2
    assert not Finding.objects.filter(code__in=[rule.code for rule in fixed], closed_on=None).exists()
    capacity = Condition.objects.open().get(person=child)
    assert (capacity.labour_capacity, capacity.education, capacity.source) == ("none", "primary", "officer")
    assert capacity.evidence == "rule under_16_with_capacity"
    assert Job.objects.known().get(person=worker).organised is False


def test_a_fix_is_decided_and_opens_no_difference():
    """Seen on a visit, the capacity outranks what an officer says at the desk: here the officer decides."""
    child = PersonFactory(born_on=date(2012, 1, 1))
    record_facts(Condition, {child.pk: {"labour_capacity": "weak"}}, Recorded(TODAY, "visit", None, NOON))
    assert fix_findings(list(Finding.objects.all()), by=UserFactory(), at=NOON) == 1
    assert not Difference.objects.exists()


def test_what_is_true_no_more_or_not_certain_is_left_alone():
    stale, uncertain = findings(1)[0], JobFactory(organised=True).person
    at_school(uncertain)
    waiting, by = [stale, *Finding.objects.filter(person=uncertain)], UserFactory()
    before = everything()
    assert fix_findings(waiting, by=by, at=NOON) == 0
    assert everything() == before


def test_a_waiver_that_runs_out_starts_the_clock_anew():
    (row,) = findings(1)
    until = TODAY + timedelta(days=30)
    waive_findings([row], "已核", until, by=UserFactory(), at=NOON)
    row.refresh_from_db()
    assert (row.waived_until, row.due_on) == (until, due_on("normal", datetime(2026, 7, 30, tzinfo=ZONE)))
    waive_findings([row], "又核", until + timedelta(days=1), by=UserFactory(), at=NOON)
    assert list(Waiver.objects.filter(ended_at=None).values_list("reason", flat=True)) == ["又核"]


def test_live_rules_are_those_of_a_persons_own_facts():
    assert set(quality_rules()) - {rule.code for rule in live_rules().rules} == {
        "phone_of_other_households", "phone_of_other_counties",
    }  # fmt: skip


def test_the_end_of_waivers_of_none_is_nothing():
    assert end_waivers(findings(1), by=UserFactory(), at=NOON) == 0


def test_ending_a_fact_is_an_entry_too():
    person = PersonFactory()
    record_facts(Unlisted, {person.pk: {"list_name": "x"}}, how())
    assert "missing_from_list" in open_codes(person)
    end_facts(Unlisted, {person.pk: TODAY}, how())
    assert "missing_from_list" not in open_codes(person)


def test_an_answer_that_broke_off_does_not_answer_for_the_next_person(monkeypatch):
    """The views of a few persons are computed once a day and connection: what a failure left behind was read again."""
    first, second = JobFactory(wage_amount=50).person, JobFactory(wage_amount=5000).person

    def broken(*_given):
        raise RuntimeError

    with monkeypatch.context() as broke:
        broke.setattr("bangfu.rulebook.evaluate.rows_sql", broken)
        with pytest.raises(RuntimeError):
            judge_now([first.pk], TODAY)
    found = {(one.code, one.person) for one in judge_now([second.pk], TODAY)}
    assert {person for _, person in found} == {second.pk}


def test_a_correction_that_nobody_decided_opens_a_difference():
    job = JobFactory(source="visit")
    sent = Recorded(TODAY, "ledger", None, NOON)
    assert correct_jobs({job.person_id: {"employer": "另一家公司"}}, sent) == 0
    assert Difference.objects.get().columns == ["employer"]
    assert Job.objects.known().get().employer == job.employer
