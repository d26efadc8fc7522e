"""The list of all cases, and the one next step of a case."""

import pytest

from bangfu.cases.models import Leg
from bangfu.cases.queries import Row
from bangfu.cases.steps import next_step
from bangfu.core.package import Progress
from tests.home.situations import leave, open_case, surveyed_case

LIST = "/cases/"


def keys(response):
    return [line.case.pk for line in response.context["lines"]]


def closed_case(by, outcome="no_will", **standing):
    case = surveyed_case(by, **standing)
    leave(case, outcome, by)
    return case


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 25])
def test_list_costs_the_same_for_1_and_25_rows(client, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        open_case(officer)
    client.force_login(officer)
    client.get(LIST)
    with django_assert_num_queries(11):
        response = client.get(LIST)
    assert len(keys(response)) == rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({}, ["far", "open"]), ({"state": "closed"}, ["moved", "unwilling"]),
        ({"state": "all"}, ["moved", "unwilling", "far", "open"]),
        ({"state": "closed", "outcome": "moved_out"}, ["moved"]), ({"division": "150522101000"}, ["far"]),
        ({"state": "nonsense"}, ["moved", "unwilling", "far", "open"]),
    ],
)  # fmt: skip
def test_filters_are_codes_in_the_url_and_the_newest_stands_first(client, officer, filters, shown):
    cases = {
        "open": open_case(officer),
        "far": open_case(officer, division="150522101201"),
        "unwilling": closed_case(officer),
        "moved": closed_case(officer, "moved_out"),
    }
    client.force_login(officer)
    assert keys(client.get(LIST, filters)) == [cases[name].pk for name in shown]


@pytest.mark.django_db
def test_pages_hold_25_and_do_not_repeat(client, officer):
    cases = [open_case(officer) for _ in range(26)]
    client.force_login(officer)
    first = client.get(LIST)
    second = client.get(LIST, {"after": first.context["page"].next})
    assert keys(first) + keys(second) == [case.pk for case in reversed(cases)]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_strangers_see_no_case(client, officer, stranger, language):
    case = open_case(officer)
    client.force_login(stranger)
    client.cookies["django_language"] = language
    response = client.get(LIST, {"state": "all"})
    assert (response.status_code, keys(response)) == (200, [])
    assert case.person.name not in response.content.decode()
    assert client.get(LIST, {"division": "150522000000"}).status_code == 404


def row(stage, counted=(0, 0, 0), asked=(1, 3, 1), answers=()):
    kinds = ("guidance", "job_offer", "training_offer")
    progress = [Progress(kind, n, of) for kind, n, of in zip(kinds, counted, asked, strict=True)]
    leg = Leg(stage=stage) if stage else None
    return Row(case=None, causes=[], leg=leg, progress=progress, answers=frozenset(answers))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (row("need_survey", answers=["accepted"]), "survey"),
        (row("first_service_round"), "guidance"),
        (row("first_service_round", (1, 0, 0)), "offers"),
        (row("first_service_round", (1, 2, 0)), "offers"),
        (row("first_service_round", (1, 3, 0)), "training"),
        (row("first_service_round", (1, 0, 0), asked=(1, 0, 1)), "training"),
        (row("first_service_round", (1, 1, 0), answers=["refused", "accepted"]), "hire"),
        (row("first_service_round", (1, 1, 0), answers=["thinking"]), "offers"),
        (row("outcome", (1, 3, 1), answers=["refused", "thinking"]), "reply"),
        (row("outcome", (1, 3, 1), answers=["thinking", "accepted"]), "hire"),
        (row("outcome", (1, 3, 1), answers=["refused"]), "close"),
        (row("outcome", (1, 0, 0)), "close"),
    ],
)
def test_next_step(given, code):
    assert next_step(given).code == code


def test_no_step_where_nothing_runs():
    assert next_step(row("")) is None
