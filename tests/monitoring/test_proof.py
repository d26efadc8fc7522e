"""The coverage proof: it holds after a night, can be made again, and fails loudly when somebody is forgotten."""

import json
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bangfu.cases.actions import Opening, close_cases, open_cases
from bangfu.cases.models import Case
from bangfu.lake.manifest import MANIFEST, sha256_of
from bangfu.lake.snapshots import SnapshotError
from bangfu.monitoring.actions import keep_proof, publish_cases
from bangfu.monitoring.models import Night, Proof
from bangfu.monitoring.proof import BrokenSnapshotError, differences, keys_of, lines_inside, prove
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition, Intent
from bangfu.people.watchers import unwatched
from config.night import run_night
from tests.factories import NOON, VILLAGE, JobFactory, PersonFactory, UserFactory
from tests.home.situations import leave
from tests.monitoring.findings import TODAY, how

pytestmark = pytest.mark.db


@unwatched()
def willing(person, train=None):
    record_facts(Condition, {person.pk: {"labour_capacity": "ordinary", "school": "none"}}, how())
    record_facts(Intent, {person.pk: {"will_work": True, "will_train": train}}, how())
    return person


@pytest.fixture
def night(lake):
    """A worker, a person of whom nothing is known, a pupil, and one who also wants training; and a night over them."""
    worker = willing(JobFactory().person)
    unknown, learner = willing(PersonFactory()), willing(PersonFactory(), train=True)
    pupil = willing(PersonFactory())
    record_facts(Condition, {pupil.pk: {"school": "senior"}}, how())
    summary = run_night(TODAY, NOON)
    return {"worker": worker, "unknown": unknown, "learner": learner, "pupil": pupil, "summary": summary}


def test_after_the_night_everybody_stands_somewhere(night):
    found = prove(TODAY)
    assert found.holds
    assert found.body["work"] == {
        "persons": 4, "out": 1, "in_clock": 2, "past_clock": 0, "at_work": 1, "in_training": 0, "none": 0,
    }  # fmt: skip
    assert found.body["training"]["persons"] == found.body["training"]["in_clock"] == 1
    assert found.body["out_reasons"] == {"at_school": 1}
    assert (found.body["previous"], found.body["out_change"]) == ("", None)
    assert night["summary"]["proof"] == {"holds": True, "work": found.body["work"], "training": found.body["training"]}
    assert Night.objects.get().summary["snapshot"] == found.body["snapshot"]


def test_made_again_it_is_the_same(night):
    kept = Proof.objects.get(on=TODAY)
    PersonFactory()
    Case.objects.all().delete()  # what the register says now is of no consequence
    again = prove(TODAY)
    assert (again.digest, again.body, differences(again)) == (kept.digest, kept.body, [])


def test_each_number_opens_its_persons(night):
    assert keys_of(TODAY, "", "work", "at_work") == [night["worker"].pk]
    assert keys_of(TODAY, "", "work", "in_clock") == sorted([night["unknown"].pk, night["learner"].pk])
    assert keys_of(TODAY, "150522000000", "training", "in_clock") == [night["learner"].pk]
    assert keys_of(TODAY, "150523000000", "work", "at_work") == []


def test_the_places_add_up_to_the_whole(night):
    body = prove(TODAY).body
    for division in ("", "150000000000", "150522000000", "150522202000"):
        assert lines_inside(body, division) == {line: body[line] for line in ("work", "training")}
        assert prove(TODAY, division).body["work"] == body["work"]
    assert lines_inside(body, "150523000000")["work"]["persons"] == 0 == prove(TODAY, "150523000000").body["twice"]


def test_a_forgotten_person_makes_it_fail(night):
    Case.objects.filter(person=night["unknown"]).delete()
    publish_cases(TODAY, at=NOON)
    found = keep_proof(TODAY, at=NOON)
    assert not found.holds
    assert found.body["work"]["none"] == 1
    assert keys_of(TODAY, "", "work", "none") == [night["unknown"].pk]
    assert not Proof.objects.get(on=TODAY).holds


def test_a_person_who_is_there_twice_makes_it_fail(night, lake):
    case = Case.objects.get(person=night["unknown"])
    worker_case = Case.objects.create(
        person=night["worker"], division=case.division, clock=case.clock, package=case.package, opened_at=NOON,
        starts_at=NOON, backlog=False,
    )  # fmt: skip
    publish_cases(TODAY, at=NOON)
    assert prove(TODAY).holds
    parts = lake / TODAY.isoformat() / "cases" / "15.parquet"
    double(parts, worker_case.pk, night["unknown"].pk)
    rewrite_manifest(parts)
    found = prove(TODAY)
    assert (found.body["twice"], found.holds) == (1, False)


def double(path, key, person):
    """Gives a case to another person, as no action of the register could."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    for row in rows:
        if row["case_"] == key:
            row["person"] = person
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)


def rewrite_manifest(path):
    """Makes the manifest fit, as somebody would who hides it."""
    manifest = path.parents[1] / MANIFEST
    told = json.loads(manifest.read_text())
    told["tables"][path.parent.name]["parts"][path.stem] |= {
        "bytes": path.stat().st_size, "sha256": sha256_of(path),
    }  # fmt: skip
    manifest.write_text(json.dumps(told))


def test_a_changed_snapshot_proves_nothing(night, lake):
    part = lake / TODAY.isoformat() / "cases" / "15.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    with pytest.raises(BrokenSnapshotError, match=r"cases/15\.parquet: changed"):
        prove(TODAY)
    with pytest.raises(SnapshotError):
        prove(TODAY - timedelta(days=1))


def test_one_names_the_one_before_and_how_many_more_are_out(night):
    first = Proof.objects.get(on=TODAY)
    later = NOON + timedelta(days=1)
    officer = UserFactory()
    leave(Case.objects.get(person=night["unknown"]), "unreachable", officer, NOON)
    run_night(later.date(), later)
    second = Proof.objects.get(on=later.date())
    assert second.body["previous"] == first.digest
    assert (second.body["work"]["out"], second.body["out_change"]) == (2, 1)
    assert differences(prove(TODAY)) == []


def test_the_last_closing_of_a_case_decides(night):
    """A false alarm, then a case that ended in work: two nights later without work, within 90 days of the first."""
    officer, person = UserFactory(), night["unknown"]
    for days, outcome in ((1, "false_alarm"), (2, "employed")):
        at = NOON + timedelta(days=days)
        open_cases([Opening(person.pk, VILLAGE, "willing_jobless", {})], by=officer, at=at)
        close_cases({Case.objects.get(person=person, closed_at=None).pk: outcome}, by=officer, at=at)
    later = NOON + timedelta(days=3)
    run_night(later.date(), later)
    assert Case.objects.filter(person=person, closed_at=None).count() == 1
    assert prove(later.date()).holds


def test_who_lost_the_new_job_is_taken_up_again_at_once(night):
    """Closed as employed and without work on the next day: not one of the ways out, so the case opens anew."""
    officer, later = UserFactory(), NOON + timedelta(days=1)
    case = Case.objects.get(person=night["unknown"])
    close_cases({case.pk: "employed"}, by=officer, at=NOON)
    run_night(later.date(), later)
    assert Case.objects.filter(person=night["unknown"], closed_at=None).count() == 1
    assert prove(later.date()).holds
