"""Pages of the rulebook: every rule in words, in both languages, for every officer."""

import os
from shutil import copytree

import pytest
from django.urls import reverse
from django.utils.html import escape

from bangfu.accounts.roles import OFFICERS
from bangfu.monitoring import rules
from bangfu.monitoring.rule_words import refusal_in_both
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.errors import RuleError
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page(client, code, **query):
    return client.get(reverse("monitoring:rule-text", args=[code]), query)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_rule_has_a_page_with_its_source_its_values_and_its_cases(client, officer, language):
    client.force_login(officer)
    client.cookies["django_language"] = language
    tongue = "en" if language == "en" else "zh"
    for rule in rulebook().rules:
        said = page(client, rule.code).content.decode()
        words = [rule.name, rule.source, *(one.words for one in rule.conditions)]
        words += [value.source for one in rule.parameters.values() for value in one.values]
        for each in words:
            assert escape(each[tongue]) in said, (rule.code, each)
        assert said.count("<tr>") >= len(rule.cases)


@pytest.mark.parametrize("role", sorted(OFFICERS))
def test_every_officer_reads_the_rules(client, role):
    client.force_login(UserFactory(role=role))
    for kind, rules_of_kind in (("signal", rulebook().signals()), ("quality", rulebook().quality())):
        said = client.get(reverse("monitoring:rules"), {"kind": kind}).content.decode()
        for rule in rules_of_kind:
            assert reverse("monitoring:rule-text", args=[rule.code]) in said
    assert page(client, "wage_halved").status_code == 200


def test_an_unknown_rule_is_missing_and_an_unknown_kind_is_the_first(client, officer):
    client.force_login(officer)
    assert page(client, "nonsense").status_code == 404
    assert client.get(reverse("monitoring:rules"), {"kind": "x"}).context["chosen"] == "signal"


def test_the_rule_of_the_own_place_is_shown_first_and_the_others_are_named(
    client, officer, settings, tmp_path, monkeypatch
):
    settings.RULES = copytree(settings.RULES, tmp_path / "rules")
    monkeypatch.setattr(rules, "_load", rules._load.__wrapped__)
    text = (settings.RULES / "signals/wage_halved.yaml").read_text(encoding="utf-8")
    placed = text.replace("about: person_day", 'about: person_day\nplace: "150522000000"').replace('"0.50"', '"0.40"')
    (settings.RULES / "signals/wage_halved_here.yaml").write_text(placed, encoding="utf-8")
    os.utime(settings.RULES / "signals/wage_halved_here.yaml")
    client.force_login(officer)
    own = page(client, "wage_halved")
    assert own.context["shown"].rule.file == "signals/wage_halved_here.yaml"
    assert [one.file for one, _where in own.context["others"]] == ["signals/wage_halved.yaml"]
    other = page(client, "wage_halved", file="signals/wage_halved.yaml")
    assert (other.context["shown"].rule.place, other.context["shown"].values[0].value) == (None, "0.50")
    assert own.context["shown"].values[0].value == "0.40"


def test_a_refusal_is_said_in_both_languages():
    fault = RuleError("the fact view has no column %(column)s", "signals/x.yaml", "shows", 3, column="wealth")
    assert refusal_in_both(fault) == {"zh": "事实表中没有列 wealth", "en": "the fact view has no column wealth"}
