"""Pages of signals: rules with what is open, one rule with its persons."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bangfu.core.keys import new_key
from bangfu.monitoring.models import Signal
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import COLUMNS, PARAMETERS, reasons_of, value_words
from tests.factories import VILLAGE, PersonFactory
from tests.home.situations import open_case

pytestmark = pytest.mark.django_db
CODE = "insurance_stopped"
FACTS = {"jobs_open": 1, "paid_before": True, "insurance_month": "2026-05-01", "insurance_wage_before": "4500.00"}


def signals(count, code=CODE, division=VILLAGE, **columns):
    """Open signals of new persons."""
    people = [PersonFactory(standing__division=division) for _ in range(count)]
    values = {"code": code, "division": division, "opened_on": "2026-06-30", "reasons": FACTS, **columns}
    return [Signal.objects.create(pk=new_key(), person=person, **values) for person in people]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_render_in_both_languages(client, officer, language):
    signals(1)
    client.force_login(officer)
    client.cookies["django_language"] = language
    assert client.get(reverse("monitoring:list")).status_code == 200
    for rule in rulebook().signals():
        assert client.get(reverse("monitoring:rule", args=[rule.code])).status_code == 200


def test_only_signals_of_the_own_area_are_counted_and_named(client, officer, stranger):
    signals(2)
    for user, number in ((officer, 2), (stranger, 0)):
        client.force_login(user)
        assert client.get(reverse("monitoring:list")).context["total"] == number
        page = client.get(reverse("monitoring:rule", args=[CODE]))
        assert len(page.context["lines"]) == page.context["total"] == number
        assert ("乌云" in page.content.decode()) is bool(number)


def test_a_closed_signal_is_not_listed(client, officer):
    signals(1, closed_on="2026-06-30")
    client.force_login(officer)
    assert not client.get(reverse("monitoring:rule", args=[CODE])).context["lines"]


def test_the_place_narrows_and_another_countys_is_missing(client, officer):
    signals(1)
    signals(2, division="150522100001")
    client.force_login(officer)
    url = reverse("monitoring:rule", args=[CODE])
    assert client.get(url, {"town": "150522100000"}).context["total"] == 2
    assert client.get(url, {"town": "150502100000"}).status_code == 404


@pytest.mark.parametrize("code", ["nothing", "I1", "wage_out_of_range"])
def test_what_is_no_signal_rule_is_missing(client, officer, code):
    client.force_login(officer)
    assert client.get(reverse("monitoring:rule", args=[code])).status_code == 404


def test_a_rule_costs_the_same_for_1_and_25_rows(client, officer):
    client.force_login(officer)
    url, counts = reverse("monitoring:rule", args=[CODE]), []
    for number in (1, 24):
        signals(number)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url)
        counts.append(len(asked))
    assert len(page.context["lines"]) == 25
    assert counts[0] == counts[1]


def test_a_case_is_linked_only_inside_the_own_area(client, officer):
    own = open_case(officer)
    signals(1, case=own.pk)
    signals(1, case=own.pk + 1)
    client.force_login(officer)
    lines = client.get(reverse("monitoring:rule", args=[CODE])).context["lines"]
    assert [line.has_case for line in lines] == [False, True]


def test_the_values_are_said_in_words():
    rule = rulebook().rules_of(CODE, rulebook().signals()[0].valid_from)[0]
    with translation.override("en"):
        said = dict(reasons_of(rule, rulebook().views[rule.about], FACTS))
    assert said == {"Jobs held": "1", "Month of the extract": "2026-05", "Insured wage before": "4,500"}


def test_unknown_is_said_as_such():
    with translation.override("en"):
        assert value_words("wage", None, "DECIMAL(12,2)") == "unknown"
        assert value_words("work_status", "jobless", "VARCHAR") == "Not at work"


def test_every_column_and_number_that_a_signal_shows_has_short_words():
    for rule in rulebook().signals():
        assert set(rule.columns()) - {"day"} <= set(COLUMNS), rule.code
        assert set(rule.parameters) <= set(PARAMETERS), rule.code
