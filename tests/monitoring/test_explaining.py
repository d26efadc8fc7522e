"""A rule's answer for a person: the register says what the night said, with sources, and hides what may not be seen."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from bangfu.audit.models import Entry
from bangfu.lake.snapshots import connect, snapshot
from bangfu.monitoring.actions import publish_lake
from bangfu.monitoring.answers import answer_as_json, answer_in_words
from bangfu.monitoring.explaining import NotExplainedError, explain_person
from bangfu.monitoring.rules import rulebook
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition, Income, Membership
from bangfu.rulebook.evaluate import evaluate
from bangfu.rulebook.rules import QUALITY, SIGNAL
from tests.factories import NOON, JobFactory, PersonFactory, UserFactory
from tests.monitoring.findings import TODAY, at_school, how
from tests.monitoring.random_register import fill_register
from tests.rulebook.lake_facts import DAY

pytestmark = pytest.mark.django_db
OF_EACH, MISSING = 1, 6  # persons of each verdict, of each rule; persons without a row, after which no more are asked


@pytest.mark.db
@pytest.mark.parametrize("seed", [11, 12])
def test_the_register_says_what_the_night_says(lake, seed):
    people = {person.pk for person in fill_register(seed, 60).values()}
    publish_lake(DAY, at=NOON)
    book = rulebook()
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, DAY)
        rows = evaluate(connection, book, DAY, (SIGNAL, QUALITY)).rows.to_pylist()
    night = {(row["code"], row["subject"]): row for row in rows}
    homes = dict(Membership.objects.true_on(DAY).filter(household__isnull=False).values_list("person", "household"))
    asked = set()
    for rule in (*book.signals(), *book.quality()):
        subject_of = homes if rule.about == "household_day" else {person: person for person in people}
        taken, missing = {True: 0, False: 0, None: 0}, 0
        for person, subject in sorted(subject_of.items()):
            row = night.get((rule.code, subject))
            verdict = row["verdict"] if row else False
            if taken[verdict] >= OF_EACH or (row is None and missing == MISSING):
                continue
            try:
                explanation = explain_person(rule.code, person, DAY).explanation
            except NotExplainedError:
                assert row is None  # of another place, or no telephone
                missing += 1
                continue
            taken[verdict] += 1
            asked.add((rule.code, verdict))
            assert explanation.verdict is verdict, (rule.code, person)
            assert ",".join(explanation.unknown) == (row["unknown"] if row else ""), (rule.code, person)
    judging = {rule.code for rule in (*book.signals(), *book.quality())}
    assert {code for code, _verdict in asked} | {"mass_layoff"} == judging  # of so few nobody's unit may have stopped
    assert len(asked) > 80  # mostly all three verdicts


def test_an_answer_tells_values_with_source_and_day_and_what_would_turn_it(lake):
    job = JobFactory()
    at_school(job.person)
    answer = explain_person("at_school_at_work", job.person_id, TODAY)
    told = answer_as_json(answer, TODAY)
    assert (told["verdict"], told["subject"], told["as_of"]) == (True, str(job.person_id), None)
    values = {name: value for one in told["conditions"] for name, value in one["values"].items()}
    assert values == {
        "jobs_open": {"value": 1, "origins": [{"source": "ledger", "on": "2026-06-30"}]},
        "at_school": {"value": True, "origins": [{"source": "visit", "on": "2026-06-30"}]},
    }
    assert {(one["column"], one["value"]) for one in told["changes"]} == {("jobs_open", 0), ("at_school", False)}
    assert "学校" not in answer_in_words(answer).source


def test_a_fact_taken_over_keeps_the_source_that_said_it(lake):
    person = JobFactory().person
    at_school(person)
    later = NOON + timedelta(days=1)
    record_facts(Condition, {person.pk: {"health": "healthy"}}, how(at=later, source="person"))
    origins = explain_person("at_school_at_work", person.pk, later.date()).origins
    assert [(one.source, one.on.isoformat()) for one in origins["at_school"]] == [("visit", "2026-06-30")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("nonsense", "no_rule"),
        ("I1", "no_rule"),
        ("income_below_line", "no_subject"),
        ("phone_of_other_households", "no_night"),
    ],
)
def test_what_cannot_be_explained_says_why(lake, code, reason):
    with pytest.raises(NotExplainedError) as refused:
        explain_person(code, PersonFactory().pk, TODAY)
    assert refused.value.reason == reason


def test_who_has_no_household_is_told_so(lake):
    with pytest.raises(NotExplainedError) as refused:
        explain_person("zero_employment_family", PersonFactory(standing__household=None).pk, TODAY)
    assert refused.value.reason == "no_subject"


def page(client, code, person):
    return client.get(reverse("home:explained", args=[code, person.pk]))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_tells_every_rule_and_counts_as_one_look(client, officer, lake, language):
    person = JobFactory(wage_amount=50).person
    at_school(person)
    client.force_login(officer)
    client.cookies["django_language"] = language
    for rule in (*rulebook().signals(), *rulebook().quality()):
        assert page(client, rule.code, person).status_code == 200, rule.code
    assert page(client, "I1", person).status_code == 404
    assert Entry.objects.filter(verb="people.viewed").count() == 1
    assert (
        reverse("home:explained", args=["at_school_at_work", person.pk])
        in client.get(reverse("home:person", args=[person.pk])).content.decode()
    )


def test_what_the_duty_does_not_show_is_not_told(client, lake):
    person = PersonFactory(standing__division="520502101201")
    record_facts(Income, {person.pk: {"per_head_amount": "5432.10"}}, how())
    for role, told in (("county_officer", True), ("auditor", False)):
        user = UserFactory(role=role, division="520502000000")
        client.force_login(user)
        said = page(client, "income_below_line", person).content.decode()
        assert ("5,432.1" in said, "7,300" in said.split("card-foot")[0]) == (told, False), role
