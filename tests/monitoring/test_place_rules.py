"""A place's own rule over the national one: which text found a thing goes with it."""

import os
import shutil

import pytest

from bangfu.monitoring import rules
from bangfu.monitoring.answers import answer_as_json
from bangfu.monitoring.explaining import explain_person
from bangfu.monitoring.finding_lines import finding_lines
from bangfu.monitoring.models import Finding
from bangfu.monitoring.quality import due_on
from bangfu.people.actions import record_facts
from bangfu.people.models import Membership
from tests.factories import NOON, JobFactory, UserFactory
from tests.monitoring.findings import SCHOOL, TODAY, at_school, how

pytestmark = pytest.mark.django_db

NEIGHBOUR = "150521100200"  # a village of the next county


@pytest.fixture
def county_rule(settings, tmp_path):
    """The house's rules, and one county's own rule of the same code, which is more urgent there."""
    folder = tmp_path / "rules"
    shutil.copytree(settings.RULES, folder)
    national = folder / "quality" / "at_school_at_work.yaml"
    text = national.read_text(encoding="utf-8").replace("severity: normal", "severity: urgent")
    local = folder / "quality" / "at_school_at_work_150522.yaml"
    local.write_text(text.replace("about: person_day", 'about: person_day\nplace: "150522000000"'), encoding="utf-8")
    settings.RULES = folder
    yield local
    rules._load.cache_clear()


def test_the_text_that_found_it_goes_with_it(county_rule):
    here, there = JobFactory().person, JobFactory().person
    record_facts(Membership, {there.pk: {"division": NEIGHBOUR}}, how())
    for person in (here, there):
        at_school(person)
    found = {row.person_id: row for row in Finding.objects.filter(code=SCHOOL, closed_on=None)}
    versions = {rule.place: rule.version for rule in rules.rulebook().quality() if rule.code == SCHOOL}
    assert found[here.pk].version == versions["150522000000"] != versions[None] == found[there.pk].version
    assert (found[here.pk].due_on, found[there.pk].due_on) == (due_on("urgent", NOON), due_on("normal", NOON))
    user = UserFactory(role="city_officer", division="150500000000")
    told = {line.finding.person_id: line.severity for line in finding_lines(user, list(found.values()))}
    assert told[here.pk] != told[there.pk]
    for person, place in ((here, "150522000000"), (there, None)):
        answer = answer_as_json(explain_person(SCHOOL, person.pk, TODAY), TODAY)
        assert (answer["place"], answer["version"]) == (place, versions[place])


def test_a_text_that_is_gone_is_spoken_for_by_its_code(county_rule):
    version = next(rule.version for rule in rules.rulebook().quality() if rule.place == "150522000000")
    assert rules.rule_behind(SCHOOL, version).place == "150522000000"
    county_rule.unlink()
    os.utime(county_rule.parent / "at_school_at_work.yaml")
    rules._stamp.cache_clear()
    assert rules.rule_behind(SCHOOL, version).place is None
    assert rules.rule_behind("no_such_rule", version) is None
