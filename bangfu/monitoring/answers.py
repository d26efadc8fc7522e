"""A rule's answer for somebody in words, alike on its page and on the console; and as JSON."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bangfu.cases.words import spoken
from bangfu.monitoring.explaining import Answer
from bangfu.monitoring.rule_words import parameter_value
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import column_words, parameter_words, value_words
from bangfu.rulebook.changes import Change
from bangfu.rulebook.explain import Verdict
from bangfu.rulebook.parameters import Parameter


@dataclass(frozen=True)
class ValueShown:
    """A value that a condition looked at, and who said it when; "" where it comes from no statement."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True)
class ConditionShown:
    """A condition: its mark (y true, n false, u unknown), its words, the values."""

    mark: str
    words: str
    values: Sequence[ValueShown]


@dataclass(frozen=True)
class AnswerShown:
    """An answer as a page shows it. `parameters` are the rule's own numbers of the day, with their sources; each of
    `changes` alone would turn it."""

    name: str
    verdict: str
    mark: str
    source: str
    conditions: Sequence[ConditionShown]
    parameters: Sequence[ValueShown]
    changes: Sequence[str]


def mark_of(verdict: bool | None) -> str:
    """The mark of a verdict on pages."""
    return "u" if verdict is None else "y" if verdict else "n"


def answer_in_words(answer: Answer, hidden: Collection[str] = ()) -> AnswerShown:
    """The answer in the reader's language; the values of columns in `hidden` are not told."""
    rule, verdict = answer.rule, answer.explanation.verdict
    words = {"y": _("true"), "n": _("false"), "u": _("not known")}[mark_of(verdict)]
    return AnswerShown(
        spoken(rule.name), words, mark_of(verdict), spoken(rule.source),
        [_condition(one, answer, hidden) for one in answer.explanation.conditions],
        [_parameter(one, answer.explanation.parameters[one.name]) for one in rule.parameters.values()],
        [_change(one, answer) for one in answer.changes if one.column not in hidden],
    )  # fmt: skip


def _condition(one: Verdict, answer: Answer, hidden: Collection[str]) -> ConditionShown:
    view = rulebook().views[answer.rule.about]
    values = [
        ValueShown(column_words(view, name), _value(answer, name, value), _origin(answer, name))
        for name, value in one.values.items()
        if name != "day" and name not in hidden
    ]
    return ConditionShown(mark_of(one.holds), spoken(one.words), values)


def _parameter(parameter: Parameter, used: Mapping[str, Any]) -> ValueShown:
    return ValueShown(
        parameter_words(parameter.name), parameter_value(parameter.type, used["value"]), spoken(used["source"])
    )


def _value(answer: Answer, name: str, value: Any) -> str:
    view = rulebook().views[answer.rule.about]
    column = view.columns[name]
    told = value_words(name, value, column.type)
    unit = spoken(column.unit) if column.unit and value is not None else ""
    return f"{told} {unit}" if unit and unit not in column_words(view, name) else told


def _origin(answer: Answer, name: str) -> str:
    return _(", ").join(one.words for one in answer.origins.get(name, ()))


def _change(change: Change, answer: Answer) -> str:
    view = rulebook().views[answer.rule.about]
    what = {"column": column_words(view, change.column), "value": _value(answer, change.column, change.value)}
    if change.value is None:
        return _("%(column)s: nothing on file") % what
    return _("%(column)s: %(value)s") % what


def answer_as_json(answer: Answer, on: date) -> dict[str, Any]:
    """The answer with everything it rests on; a verdict is true, false or null (unknown)."""
    rule, explanation = answer.rule, answer.explanation
    return {
        "code": rule.code, "name": dict(rule.name), "source": dict(rule.source), **rule.applied,
        "on": on.isoformat(), "about": rule.about, "subject": str(explanation.subject),
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "verdict": explanation.verdict, "unknown": list(explanation.unknown),
        "conditions": [
            {
                "name": one.name, "words": dict(one.words), "when": text.when, "holds": one.holds,
                "values": {
                    name: {
                        "value": value,
                        "origins": [
                            {"source": origin.source, "on": origin.on.isoformat()}
                            for origin in answer.origins.get(name, ())
                        ],
                    }
                    for name, value in one.values.items()
                },
            }
            for one, text in zip(explanation.conditions, rule.conditions, strict=True)
        ],
        "parameters": explanation.parameters,
        "changes": [{"column": one.column, "value": one.value, "verdict": one.verdict} for one in answer.changes],
    }  # fmt: skip
