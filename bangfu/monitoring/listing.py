"""The persons of whom a rule is true: what the list shows, on the page and in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import timezone

from bangfu.cases.access import visible_cases
from bangfu.cases.choices import Finding as Found
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, level_of
from bangfu.monitoring.models import Signal
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.words import reasons_of
from bangfu.rulebook.errors import UnknownRuleError
from bangfu.rulebook.rules import SIGNAL, Rule

ORDER = ("-id",)


@dataclass(frozen=True)
class SignalLine:
    """A signal in the reader's words; `has_case` where its case lies in the reader's area, `found` what a look into it
    found, "" for none."""

    signal: Signal
    place: str
    reasons: Sequence[tuple[str, str]]
    has_case: bool
    found: str


def rules_for(division: str) -> list[Rule]:
    """Of each code the rule valid today that holds for the division: that of the deepest place around it."""
    return list(rulebook().holding(SIGNAL, division or None, timezone.localdate()))


def rule_for(code: str, division: str) -> Rule:
    """The rule of that code that holds for the division, else another of that code. Raises Http404."""
    for rule in rules_for(division):
        if rule.code == code:
            return rule
    try:
        found = [rule for rule in rulebook().rules_of(code, timezone.localdate()) if rule.kind == SIGNAL]
    except UnknownRuleError as missing:
        raise Http404 from missing
    if not found:
        raise Http404
    return found[0]


def signal_lines(user: Any, rule: Rule, signals: Sequence[Signal]) -> list[SignalLine]:
    """The signals with what the list shows beside them; two queries."""
    above = COUNTY if level_of(user.division) >= COUNTY else PREFECTURE
    places = full_names_of([signal.division for signal in signals], above=above)
    wanted = [signal.case for signal in signals if signal.case is not None]
    cases = set(visible_cases(user).filter(pk__in=wanted).values_list("pk", flat=True))
    view = rulebook().views[rule.about]
    return [
        SignalLine(
            signal, places.get(signal.division, ""), reasons_of(rule, view, signal.reasons), signal.case in cases,
            _found(signal),
        )
        for signal in signals
    ]  # fmt: skip


def _found(signal: Signal) -> str:
    made = getattr(signal, "check_made", None)
    return str(Found(made.finding).label) if made else ""
