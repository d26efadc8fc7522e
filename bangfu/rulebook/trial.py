"""Whom a rule would find, with its own values or others: tried out on a snapshot, nothing recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.evaluate import ready_rule
from bangfu.rulebook.rules import Rule
from bangfu.rulebook.views import compute, needs


@dataclass
class Tally:
    """Subjects of one place: true, unknown, and of how many the rule was asked. `open` counts the unknown by the
    condition that leaves them open; one subject may be open in several."""

    true: int = 0
    unknown: int = 0
    asked: int = 0
    open: dict[str, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Adds another place's numbers."""
        self.true, self.unknown, self.asked = (
            self.true + other.true,
            self.unknown + other.unknown,
            self.asked + other.asked,
        )
        for name, number in other.open.items():
            self.open[name] = self.open.get(name, 0) + number


def try_rule(engine: Engine, book: Rulebook, code: str, day: date, digits: int) -> dict[str, Tally]:
    """The tallies of a judging rule by the first digits of the division (2, 4, 6, 9 or 12), over the snapshot that the
    engine shows; "" holds the subjects of whom no division is known.

    UnknownRuleError where no rule of the code is valid on the day; ParameterNotDatedError as for every judging.
    """
    tallies: dict[str, Tally] = defaultdict(Tally)
    for rule in book.rules_of(code, day):
        ready = ready_rule(book, rule, day, engine.dialect)
        table = compute(engine, book.views, rule.about, day, needs(book.views, {rule.about: rule.columns()}))
        judged = "".join(f", {sql} AS cond_{number}" for number, sql in enumerate(ready.conditions))
        counted = "".join(
            f", count(*) FILTER (WHERE verdict IS NULL AND cond_{number} IS NULL)"
            for number in range(len(ready.conditions))
        )
        rows = engine.rows(
            f"WITH judged AS (SELECT COALESCE(left(division, {int(digits)}), '') AS place, "  # noqa: S608 - checked trees
            f"({ready.verdict}) AS verdict{judged} FROM {table} WHERE {ready.place}) "
            "SELECT place, count(*) FILTER (WHERE verdict), count(*) FILTER (WHERE verdict IS NULL), count(*)"
            f"{counted} FROM judged GROUP BY place ORDER BY place"
        )
        names = [condition.name for condition in rule.conditions]
        for place, true, unknown, asked, *opened in rows:
            named = {name: number for name, number in zip(names, opened, strict=True) if number}
            tallies[place].add(Tally(true, unknown, asked, named))
    return dict(sorted(tallies.items()))


def with_values(rule: Rule, values: Mapping[str, str], day: date) -> Rule:
    """The rule with other values of its parameters from the day on, as somebody typed them.

    RuleError for a parameter that the rule has not, or a value that is none of its type.
    """
    strange = sorted(set(values) - set(rule.parameters))
    if strange:
        raise RuleError(_("no such parameter: %(name)s"), rule.file, name=strange[0])
    tried = {name: rule.parameters[name].tried(text, day) for name, text in values.items()}
    return replace(rule, parameters={**rule.parameters, **tried})


def persons_found(engine: Engine, book: Rulebook, rule: Rule, day: date) -> dict[int, str]:
    """The persons of whom the rule is true in the snapshot that the engine shows, with their divisions ("" where
    none is known)."""
    ready = ready_rule(book, rule, day, engine.dialect)
    table = compute(engine, book.views, rule.about, day, needs(book.views, {rule.about: rule.columns()}))
    rows = engine.rows(
        f"SELECT person, COALESCE(min(division), '') FROM {table} "  # noqa: S608 - from checked trees
        f"WHERE person IS NOT NULL AND {ready.place} AND {ready.verdict} GROUP BY person"
    )
    return dict(rows)
