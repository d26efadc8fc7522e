"""The map and the flow: each number is that of a recount and opens as many persons."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bangfu.lake.snapshots import connect, snapshot
from bangfu.monitoring.actions import close_night, publish_lake
from bangfu.monitoring.flow import BELTS, belt_of, by_belt, by_destination, count_flows, flows_from, keep_flows
from bangfu.monitoring.map_pages import step_of, steps_of
from bangfu.monitoring.models import Flow, Proof
from tests.factories import NOON, JobFactory, PersonFactory
from tests.monitoring.findings import TODAY

pytestmark = pytest.mark.django_db
HERE = "150522202"


@pytest.mark.parametrize(
    ("place", "belt"),
    [
        ("150522", "county"), ("150502", "prefecture"), ("150102", "province"), ("150100", "province"),
        ("330100", "outside"), ("330000", "outside"), ("150500", "unknown"), ("150000", "unknown"), ("", "unknown"),
    ],
)  # fmt: skip
def test_how_far_a_place_lies(place, belt):
    assert belt_of(HERE, place) == belt


PLACES = ["150522000000", "150522202211", "150502000000", "150100000000", "330106000000", "150500000000", ""]


@pytest.fixture
def night(lake, settings):
    """People of two towns at work in each kind of place, two of them with a second job; one without work; a night."""
    for town in ("150522202211", "150522100001"):
        for place in PLACES:
            job = JobFactory(place=place, person=PersonFactory(standing__division=town))
            if place == PLACES[0]:
                JobFactory(place=place, person=job.person, valid_from=date(2025, 5, 1))
    PersonFactory()
    publish_lake(TODAY, at=NOON)
    with connect(settings.LAKE) as connection:
        snapshot(connection, settings.LAKE, TODAY)
        keep_flows(count_flows(connection, TODAY))
    close_night(TODAY, {}, at=NOON)


@pytest.mark.db
def test_the_flow_counts_each_person_once_and_opens_them(night, client, officer):
    rows = flows_from("150522000000")
    assert by_belt(rows, 9) == {
        "": {"county": 4, "prefecture": 2, "province": 2, "outside": 2, "unknown": 4},
        "150522202": {"county": 2, "prefecture": 1, "province": 1, "outside": 1, "unknown": 2},
        "150522100": {"county": 2, "prefecture": 1, "province": 1, "outside": 1, "unknown": 2},
    }
    assert by_destination(rows) == {
        ("county", "150522000000"): 4, ("outside", "330000000000"): 2, ("prefecture", "150502000000"): 2,
        ("province", "150100000000"): 2,
    }  # fmt: skip
    assert flows_from("150502000000") == []
    client.force_login(officer)
    page = client.get(reverse("monitoring:flow"))
    opened = reverse("monitoring:flow-rows")
    for belt in page.context["belts"]:
        assert len(client.get(opened, {"belt": belt.code}).context["rows"]) == belt.count
    for belt, code, _name, count, _width in page.context["destinations"]:
        assert len(client.get(opened, {"belt": belt, "to": code}).context["rows"]) == count
    town = {"division": "150522202000"}
    assert len(client.get(opened, town).context["rows"]) == 7
    assert sum(belt.count for belt in client.get(reverse("monitoring:flow"), town).context["belts"]) == 7


@pytest.mark.db
def test_a_night_replaces_what_was_kept(night):
    keep_flows([(HERE, "150522", 3)])
    assert list(Flow.objects.values_list("origin", "place", "persons")) == [("150522202000", "150522", 3)]


@pytest.mark.parametrize(
    "asked", [{"belt": "moon"}, {"to": "33"}, {"to": "33' OR 1=1 --"}, {"division": "150502000000"}]
)
def test_what_cannot_be_asked_is_missing(client, officer, asked):
    close_night(TODAY, {}, at=NOON)
    client.force_login(officer)
    assert client.get(reverse("monitoring:flow-rows"), asked).status_code == 404


def test_tiles_are_coloured_by_their_share(client, officer):
    told = {"150522202": (90, 10), "150522100": (50, 50), "150522101": (10, 2)}
    places = {
        place: {"work": {"at_work": on, "past_clock": late}} for place, (on, late) in told.items()
    }  # fmt: skip
    body = {"on": TODAY.isoformat(), "places": places}
    Proof.objects.create(on=TODAY, body=body, digest="d" * 64, holds=True)
    client.force_login(officer)
    page = client.get(reverse("monitoring:map"))
    tiles = {tile.code[:9]: tile for tile in page.context["tiles"]}
    assert [(tiles[place].share, tiles[place].step) for place in told] == [(10.0, 1), (50.0, 5), (16.7, 0)]
    shown = {
        tile.code[:9]: tile.step for tile in client.get(reverse("monitoring:map"), {"show": "at_work"}).context["tiles"]
    }
    assert (shown["150522202"], shown["150522100"]) == (5, 1)
    assert client.get(reverse("monitoring:map"), {"show": "none"}).context["measure"] == "past_clock"


@pytest.mark.parametrize("page", ["monitoring:map", "monitoring:flow"])
def test_before_the_first_night_they_say_so(client, officer, page):
    client.force_login(officer)
    assert client.get(reverse(page)).status_code == 200


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_every_share_has_a_step_and_larger_ones_no_lower(shares):
    bounds = steps_of(shares)
    steps = [step_of(share, bounds) for share in sorted(shares)]
    assert steps == sorted(steps)
    assert set(steps) <= {1, 2, 3, 4, 5}


@given(st.text("0123456789", min_size=9, max_size=9), st.text("0123456789", max_size=6))
def test_every_place_lies_in_one_belt(origin, place):
    assert belt_of(origin, place) in BELTS
