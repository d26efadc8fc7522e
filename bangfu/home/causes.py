"""Causes of cases in words: the rule's name, and each of its conditions with the values that met it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bangfu.cases.choices import AskedBy, Channel
from bangfu.cases.following import LOST_AGAIN
from bangfu.cases.models import Cause
from bangfu.cases.ways_out import ASKED_AGAIN
from bangfu.cases.words import spoken
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import CODE_LISTS, value_words
from bangfu.rulebook.rules import Rule
from bangfu.rulebook.views import View

OWN_REQUEST = "own_request"


@dataclass(frozen=True)
class Reason:
    """One line under a cause: the mark (y true, u unknown), the sentence, the values behind it."""

    mark: str
    words: str
    values: str


@dataclass(frozen=True)
class CauseShown:
    """A cause as a page shows it."""

    cause: Cause
    words: str
    source: str
    advice: str
    reasons: list[Reason]


def cause_name(code: str) -> str:
    """The name of the rule of that code, or of another opening; the code where neither is known."""
    rule = _rules().get(code)
    if rule is not None:
        return spoken(rule.name)
    others = {
        OWN_REQUEST: _("Own request"),
        ASKED_AGAIN: _("To be asked again: the way out has run out"),
        LOST_AGAIN: _("Out of work again after placement"),
    }
    return others.get(code, code)


def cause_shown(cause: Cause) -> CauseShown:
    """A cause with its reasons."""
    rule = _rules().get(cause.code)
    if rule is None:
        channel = cause.facts.get("channel", "")
        told = [Reason("y", str(Channel(channel).label), "")] if channel in Channel.values else []
        asked_by = cause.facts.get("asked_by", AskedBy.PERSON)
        if asked_by in AskedBy.values and asked_by != AskedBy.PERSON:
            told.append(Reason("y", str(AskedBy(asked_by).label), _("the person agreed")))
        return CauseShown(cause, cause_name(cause.code), "", "", told)
    advice = spoken(rule.advice) if rule.advice else ""
    return CauseShown(cause, spoken(rule.name), spoken(rule.source), advice, _reasons(rule, cause.facts))


def _rules() -> dict[str, Rule]:
    return {rule.code: rule for rule in rulebook().signals()}


def _reasons(rule: Rule, facts: Mapping[str, Any]) -> list[Reason]:
    view = rulebook().views[rule.about]
    reasons = []
    for condition in rule.conditions:
        known = [name for name in condition.columns if name in facts]
        unknown = any(facts[name] is None for name in known)
        plain = [name for name in known if not isinstance(facts[name], bool) and name not in CODE_LISTS]
        values = [_pair(view, name, facts[name]) for name in plain]
        reasons.append(Reason("u" if unknown else "y", spoken(condition.words), _joined(values)))
    used = {name for condition in rule.conditions for name in condition.columns}
    shown = [_pair(view, name, facts[name]) for name in rule.shows if name in facts and name not in used]
    if shown:
        reasons.append(Reason("i", _("Besides"), _joined(shown)))
    return reasons


def _joined(values: list[str]) -> str:
    return " · ".join(values)


def _pair(view: View, name: str, value: Any) -> str:
    column = view.columns[name]
    title = re.split(r"[:;(]", spoken(column.name))[0].strip()  # the definition goes on behind it
    return f"{title} {value_words(name, value, column.type)}"
