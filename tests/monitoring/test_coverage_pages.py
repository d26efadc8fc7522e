"""The pages of the coverage proof: both lines, the places below, the persons behind a number, and who may see them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bangfu.cases.models import Case
from bangfu.divisions.commands import load_packaged_divisions
from bangfu.monitoring.actions import keep_proof, publish_cases, publish_lake
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition, Intent, Membership
from bangfu.people.watchers import unwatched
from tests.factories import NOON, JobFactory, PersonFactory, UserFactory
from tests.monitoring.findings import TODAY, how

COUNTY, TOWN = "150522000000", "150522202000"
PAGE = reverse("monitoring:coverage")


@unwatched()
def willing(person, **wishes):
    record_facts(Condition, {person.pk: {"labour_capacity": "ordinary", "school": "none"}}, how())
    record_facts(Intent, {person.pk: {"will_work": True, **wishes}}, how())
    return person


def rows(line, state):
    return reverse("monitoring:coverage-rows", args=[line, state])


@pytest.fixture
def proved(lake):
    """One at work, one of whom nothing is known and who has no case: the proof does not hold."""
    load_packaged_divisions(("150522",))  # a test that commits leaves no tree behind
    at_work, forgotten = willing(JobFactory().person, will_train=True), willing(PersonFactory(name="额尔敦"))
    publish_lake(TODAY, at=NOON)
    keep_proof(TODAY, at=NOON)
    return {"at_work": at_work, "forgotten": forgotten}


def test_before_the_first_night_it_says_so(client, officer):
    client.force_login(officer)
    assert "今晚核算后出具首份证明" in client.get(PAGE).content.decode()
    assert client.get(rows("work", "all")).status_code == 404


def test_both_lines_and_the_places_below(client, proved, officer):
    client.force_login(officer)
    response = client.get(PAGE)
    work, training = response.context["coverage"]
    assert (work.persons, training.persons) == (2, 1)
    assert {part.state: part.count for part in work.parts} == {
        "at_work": 1, "in_clock": 0, "past_clock": 0, "in_training": 0, "out": 0, "none": 1,
    }  # fmt: skip
    assert "有人无着落" in response.content.decode()
    below = {code: lines for code, _name, lines in response.context["places"]}
    assert sum(lines[0].persons for lines in below.values()) == below[TOWN][0].persons == 2
    town = client.get(PAGE, {"division": TOWN})
    assert town.context["coverage"][0].persons == 2
    assert not town.context["places"]


def test_a_number_opens_its_persons_as_they_are_now(client, proved, officer):
    client.force_login(officer)
    page = client.get(rows("work", "none")).content.decode()
    assert "额尔敦" in page
    assert reverse("home:person", args=[proved["forgotten"].pk]) in page
    assert client.get(rows("work", "all")).context["total"] == 2
    assert [row.pk for row, _place, _leg in client.get(rows("training", "past_clock")).context["rows"]] in (
        [], [proved["at_work"].pk],
    )  # fmt: skip
    for line, state in (("work", "trained"), ("wish", "out"), ("work", "x")):
        assert client.get(rows(line, state)).status_code == 404


def test_the_worklist_shows_last_night_s_proof(client, proved, officer):
    client.force_login(officer)
    page = client.get(reverse("home:worklist")).content.decode()
    assert f'href="{rows("work", "none")}?division={COUNTY}"' in page
    village = UserFactory(division="150522202211", role="village_officer")
    client.force_login(village)
    assert f'href="{PAGE}"' not in client.get(reverse("home:worklist")).content.decode().split("<main")[1]


def test_a_village_is_counted_from_the_snapshot(client, proved):
    client.force_login(UserFactory(division="150522202211", role="village_officer"))
    assert [line.persons for line in client.get(PAGE).context["coverage"]] == [2, 1]
    assert client.get(rows("work", "none")).context["total"] == 1


def test_another_county_sees_nothing_of_it(client, proved):
    client.force_login(UserFactory(division="150521000000", role="county_officer"))
    assert client.get(PAGE, {"division": COUNTY}).status_code == 404
    assert client.get(rows("work", "none"), {"division": COUNTY}).status_code == 404
    assert [line.persons for line in client.get(PAGE).context["coverage"]] == [0, 0]
    assert client.get(rows("work", "all")).context["rows"] == []


def test_who_moved_away_since_is_not_listed(client, proved, officer):
    record_facts(Membership, {proved["forgotten"].pk: {"division": "150521100200"}}, how(at=NOON + timedelta(days=1)))
    client.force_login(officer)
    response = client.get(rows("work", "none"))
    assert (response.context["total"], response.context["rows"]) == (1, [])


@pytest.mark.parametrize("count", [1, 25])
def test_the_rows_cost_the_same_for_1_and_25(client, lake, officer, count, django_assert_num_queries):
    for _ in range(count):
        willing(JobFactory().person)
    publish_lake(TODAY, at=NOON)
    keep_proof(TODAY, at=NOON)
    client.force_login(officer)
    client.get(rows("work", "at_work"))
    with django_assert_num_queries(11):
        assert len(client.get(rows("work", "at_work")).context["rows"]) == count


def test_page_after_page(client, lake, officer):
    people = sorted(willing(JobFactory().person).pk for _ in range(27))
    publish_lake(TODAY, at=NOON)
    Case.objects.all().delete()
    publish_cases(TODAY, at=NOON)
    keep_proof(TODAY, at=NOON)
    client.force_login(officer)
    first = client.get(rows("work", "at_work")).context["page"]
    second = client.get(rows("work", "at_work"), {"after": first.next}).context
    assert [*first.rows, *second["page"].rows] == people
    assert (len(second["rows"]), second["page"].next) == (2, "")
    assert client.get(rows("work", "at_work"), {"after": "x' OR 1=1"}).context["page"].rows == people[:25]
