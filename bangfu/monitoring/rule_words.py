"""A rule of the rulebook in words, alike on its page and on the console; and what is wrong with a rule's text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from bangfu.cases.words import spoken
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import SEVERITIES, column_words, parameter_words, value_words
from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.evaluate import json_ready
from bangfu.rulebook.rules import ALARM, CLEARING, INDICATOR, QUALITY, SCREEN, SIGNAL, Part, Rule
from bangfu.rulebook.views import View
from bangfu.ui.amounts import amount_words

KINDS: Mapping[str, Promise] = {
    SIGNAL: gettext_lazy("Signal"),
    QUALITY: gettext_lazy("Quality rule"),
    ALARM: gettext_lazy("Alarm of a place"),
    SCREEN: gettext_lazy("Screen against made-up records"),
    CLEARING: gettext_lazy("Clearing rule"),
    INDICATOR: gettext_lazy("Figure of the bulletin"),
}
ABOUT: Mapping[str, Promise] = {
    "person_day": gettext_lazy("a person"),
    "household_day": gettext_lazy("a household"),
    "family_day": gettext_lazy("a zero-employment family"),
    "town_day": gettext_lazy("a town"),
    "recorder_day": gettext_lazy("who records"),
    "contact_day": gettext_lazy("a telephone number"),
    "layoff_day": gettext_lazy("a person whose unit stopped paying"),
    "listed_day": gettext_lazy("a person on an outside list"),
    "leg_day": gettext_lazy("a deadline of a case"),
}
VALUES: Mapping[str, Promise] = {
    "count": gettext_lazy("number"),
    "percent": gettext_lazy("share in percent"),
    "money": gettext_lazy("average amount"),
    "difference": gettext_lazy("difference"),
    "growth": gettext_lazy("growth in percent"),
}
MOMENTS: Mapping[str, Promise] = {
    "month_end": gettext_lazy("at the end of the month"),
    "previous_month_end": gettext_lazy("at the end of the month before"),
    "last_year_end": gettext_lazy("at the end of last year"),
}


def refusal_words(fault: RuleError) -> str:
    """Why a text of a rule is refused, in the reader's language."""
    return _(fault.template) % fault.facts if fault.facts else _(fault.template)


def refusal_in_both(fault: RuleError) -> dict[str, str]:
    """The same as {"zh": …, "en": …}."""
    with override("zh-hans"):
        chinese = refusal_words(fault)
    return {"zh": chinese, "en": fault.reason}


@dataclass(frozen=True)
class ConditionShown:
    """A condition, or a part of a figure: its words, its text in the file, the columns it reads."""

    words: str
    when: str
    columns: Sequence[str]


@dataclass(frozen=True)
class ValueShown:
    """One value of a parameter and the days on which it holds; `until` None = until further notice."""

    parameter: str
    value: str
    since: date
    until: date | None
    source: str


@dataclass(frozen=True)
class CaseShown:
    """One case of the file: what is given, when, what the rule answers. `left` names what is false or open."""

    given: Sequence[str]
    on: str
    answer: str
    left: Sequence[str]


@dataclass(frozen=True)
class RuleShown:
    """A rule as a page shows it."""

    rule: Rule
    kind: str
    name: str
    about: str
    source: str
    severity: str
    colour: str
    advice: str
    fix: str
    conditions: Sequence[ConditionShown]
    values: Sequence[ValueShown]
    cases: Sequence[CaseShown]


def rule_in_words(rule: Rule) -> RuleShown:
    """The rule in the reader's language."""
    view = rulebook().views[rule.about]
    severity, colour = SEVERITIES[rule.severity]
    is_figure = rule.kind == INDICATOR
    return RuleShown(
        rule, str(KINDS[rule.kind]), spoken(rule.name), str(ABOUT.get(rule.about, rule.about)), spoken(rule.source),
        str(VALUES[rule.value]) if is_figure else str(severity), "" if is_figure else colour,
        spoken(rule.advice) if rule.advice else "", spoken(rule.fix.words) if rule.fix else "",
        _parts(rule) if is_figure else _conditions(rule, view), _values(rule),
        [_figure_case(case, view) if is_figure else _case(rule, case, view) for case in rule.cases],
    )  # fmt: skip


def _conditions(rule: Rule, view: View) -> list[ConditionShown]:
    return [
        ConditionShown(spoken(one.words), one.when, [column_words(view, name) for name in one.columns])
        for one in rule.conditions
    ]


def _parts(rule: Rule) -> list[ConditionShown]:
    named: tuple[tuple[str, Part | None], ...] = (
        (_("Numerator"), rule.numerator),
        (_("Denominator"), rule.denominator),
    )
    return [
        ConditionShown(_(", ").join((words, str(MOMENTS[part.moment]))), part.when, ()) for words, part in named if part
    ]


def _values(rule: Rule) -> list[ValueShown]:
    shown = []
    for one in rule.parameters.values():
        ends = [value.since for value in one.values[1:]]
        for value, end in zip(one.values, [*ends, None], strict=True):
            told = parameter_value(one.type, value.value)
            shown.append(ValueShown(parameter_words(one.name), told, value.since, end, spoken(value.source)))
    return shown


def parameter_value(kind: str, value: Any) -> str:
    """A value of a parameter as people write it."""
    if kind == "money":
        return amount_words(value)
    if kind == "list":
        return _(", ").join(value)
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


def _case(rule: Rule, case: Mapping[str, Any], view: View) -> CaseShown:
    answer = case["answer"]
    verdict = {True: _("true"), False: _("false")}.get(answer["verdict"], _("not known"))
    names = {condition.name: spoken(condition.words) for condition in rule.conditions}
    left = [*answer.get("unknown", ()), *answer.get("fails", ())]
    return CaseShown(
        _given(case["given"], view), case["day"].isoformat(), verdict, [names.get(name, name) for name in left]
    )


def _figure_case(case: Mapping[str, Any], view: View) -> CaseShown:
    given = [f"{number}. {_row(row, view)}" for number, row in enumerate(case["given"], 1)]
    for key, words in (
        ("at_previous_month_end", MOMENTS["previous_month_end"]),
        ("at_last_year_end", MOMENTS["last_year_end"]),
    ):
        given += [f"{words}: {_row(row, view)}" for row in case.get(key) or ()]
    answer = case["answer"]
    told = "—" if answer["value"] is None else str(answer["value"])
    return CaseShown(given, case["month"], told, [])


def _row(facts: Mapping[str, Any], view: View) -> str:
    return _("; ").join(_given(facts, view))


def _given(facts: Mapping[str, Any], view: View) -> list[str]:
    shown = []
    for name, value in json_ready(dict(facts)).items():
        if name in view.columns:
            shown.append(f"{column_words(view, name)} {value_words(name, value, view.columns[name].type)}")
    return shown
