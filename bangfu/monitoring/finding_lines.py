"""The findings about the data: what the list shows, on the page and in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.access import visible_fields
from bangfu.accounts.models import User
from bangfu.accounts.roles import Field
from bangfu.cases.words import spoken
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, level_of, prefix_of
from bangfu.monitoring import queries
from bangfu.monitoring.access import visible_findings
from bangfu.monitoring.models import Finding
from bangfu.monitoring.quality import quality_rules
from bangfu.monitoring.queries import FindingCount
from bangfu.monitoring.rules import rule_behind, rulebook
from bangfu.monitoring.words import SEVERITIES, reasons_of
from bangfu.people.area import Area, read_area
from bangfu.rulebook.rules import SEVERITIES as IN_ORDER
from bangfu.rulebook.rules import Rule

ORDER = ("due_on", "id")
STATES: Mapping[str, Promise] = {
    queries.OPEN: _("Waiting"), queries.OVERDUE: _("Overdue"), queries.WAIVED: _("Waived"),
}  # fmt: skip
_GUARDED = {"income": Field.INCOME, "health": Field.HEALTH}
"""Values that not everybody who may open the file may see."""


@dataclass(frozen=True)
class Choice:
    """Which findings are wanted: of a place, a rule ("" for all), in a state."""

    area: Area
    rule: str
    state: str

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as parameters of an address."""
        state = self.state if self.state != queries.OPEN else ""
        return {
            **self.area.parameters,
            **{name: value for name, value in (("rule", self.rule), ("state", state)) if value},
        }


def read_choice(user: User, given: Mapping[str, str]) -> Choice:
    """The choice that parameters name; what is not known counts as not chosen. Raises Http404 for a foreign place."""
    rule, state = given.get("rule", ""), given.get("state", "")
    return Choice(
        read_area(user, given), rule if rule in quality_rules() else "", state if state in STATES else queries.OPEN
    )


def findings_in_area(user: User, area: Area) -> QuerySet[Finding]:
    """The findings inside the user's duties and the place chosen, in whatever state."""
    return area.narrow(visible_findings(user))


def chosen_findings(user: User, choice: Choice, on: date) -> QuerySet[Finding]:
    """The findings that the list shows, with their persons."""
    rows = queries.findings_in(findings_in_area(user, choice.area), choice.state, on)
    return (rows.filter(code=choice.rule) if choice.rule else rows).select_related("person")


@dataclass(frozen=True)
class FindingLine:
    """A finding in the reader's words; `fix` says what one click would record, "" where nothing is certain."""

    finding: Finding
    rule: str
    severity: str
    colour: str
    place: str
    reasons: Sequence[tuple[str, str]]
    advice: str
    fix: str
    waiver: str


def finding_lines(user: User, findings: Sequence[Finding]) -> list[FindingLine]:
    """The findings with what the list shows beside them; two queries."""
    above = COUNTY if level_of(user.division) >= COUNTY else PREFECTURE
    places = full_names_of([row.division for row in findings], above=above)
    waivers = queries.waivers_of([row.pk for row in findings])
    views, sees = rulebook().views, visible_fields(user)
    lines = []
    for row in findings:
        rule = rule_behind(row.code, row.version)
        values = {name: value for name, value in row.reasons.items() if _is_shown(name, value, sees)}
        fix = rule.fix if rule else None
        lines.append(
            FindingLine(
                row,
                spoken(rule.name) if rule else row.code,
                *severity_words(rule),
                places.get(row.division, ""),
                reasons_of(rule, views[rule.about], values) if rule else (),
                spoken(rule.advice) if rule and rule.advice else "",
                spoken(fix.words) if fix else "",
                waivers.get(row.pk, ""),
            )
        )
    return lines


def _is_shown(name: str, value: Any, sees: frozenset[Field]) -> bool:
    """Not what the reader may not see; not that somebody has one job, which every rule about jobs asks."""
    return (name not in _GUARDED or _GUARDED[name] in sees) and (name, value) != ("jobs_open", 1)


def hidden_columns(user: User) -> list[str]:
    """The columns of fact views whose values the user's duties do not show."""
    sees = visible_fields(user)
    return [name for name, field in _GUARDED.items() if field not in sees]


def severity_words(rule: Rule | None) -> tuple[str, str]:
    """The severity of a rule and its colour; that of a plain one for a rule that is in force no more."""
    words, colour = SEVERITIES[rule.severity if rule else "normal"]
    return str(words), colour


@dataclass(frozen=True)
class RuleCount:
    """A rule with the findings of the place."""

    code: str
    name: str
    severity: str
    colour: str
    count: FindingCount


def by_rule(rows: QuerySet[Finding], on: date) -> list[RuleCount]:
    """The rules with an open finding among these, the most severe first; one query."""
    rules = quality_rules()
    known = [(rules.get(code), code, count) for code, count in queries.finding_counts(rows, on).items()]
    known.sort(key=lambda one: (IN_ORDER.index(one[0].severity) if one[0] else len(IN_ORDER), -one[2].open, one[1]))
    return [
        RuleCount(code, spoken(rule.name) if rule else code, *severity_words(rule), count)
        for rule, code, count in known
    ]


@dataclass(frozen=True)
class PlaceCount:
    """A town or village with its findings; `parameter` and `code` narrow the list to it."""

    parameter: str
    code: str
    name: str
    count: FindingCount


def by_place(rows: QuerySet[Finding], area: Area, on: date) -> list[PlaceCount]:
    """The places right below the one chosen, those with the most to do first; [] in a village. One query."""
    level = next((level for level in area.levels if not level.chosen), None)
    if level is None or not level.options:
        return []
    digits = len(prefix_of(level.options[0][0]))
    counts = queries.finding_counts(rows.annotate(place=Substr("division", 1, digits)), on, "place")
    found = [
        PlaceCount(level.parameter, code, name, counts[code[:digits]])
        for code, name in level.options
        if code[:digits] in counts
    ]
    return sorted(found, key=lambda one: (-one.count.overdue, -one.count.open, one.code))


def total_of(rules: Sequence[RuleCount], choice: Choice) -> int:
    """How many findings the list shows, from the counts of its rules."""
    counted = [one.count for one in rules if not choice.rule or one.code == choice.rule]
    return sum(getattr(count, choice.state) for count in counted)


def choices_in_words(choice: Choice) -> list[tuple[str, str]]:
    """The rule and the state chosen, as (name, value) in words."""
    rule = quality_rules().get(choice.rule)
    chosen = spoken(rule.name) if rule else gettext("all")
    return [(gettext("Rule"), chosen), (gettext("State"), str(STATES[choice.state]))]
