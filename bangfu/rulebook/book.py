"""The rulebook: all fact views and rules of a folder, loaded and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from bangfu.rulebook.errors import RuleError, UnknownRuleError, _
from bangfu.rulebook.places import lies_within
from bangfu.rulebook.reading import read_yaml
from bangfu.rulebook.rules import ALARM, CLEARING, INDICATOR, QUALITY, SCREEN, SIGNAL, Rule, read_rule
from bangfu.rulebook.views import View, load_views

FOLDERS = {
    SIGNAL: "signals", QUALITY: "quality", ALARM: "alarms", SCREEN: "screen", CLEARING: "clearing",
    INDICATOR: "indicators",
}  # fmt: skip


@dataclass(frozen=True)
class Rulebook:
    """Fact views by name and rules in the order of their codes.

    Several rules may share a code when they hold in different places or terms: the one of the deepest place
    that covers a division holds there.
    """

    views: Mapping[str, View]
    rules: tuple[Rule, ...]

    @classmethod
    def load(cls, folder: Path) -> Rulebook:
        """Reads `folder`/facts and the folders of the kinds of rules.

        RuleError names the file, the line, the path in it and the reason, for the first thing that is not right.
        """
        book, faults = cls.read(folder)
        if faults:
            raise faults[0]
        return book

    @classmethod
    def read(cls, folder: Path) -> tuple[Rulebook, list[RuleError]]:
        """The rules of a folder that can be used, and what is wrong with the others, one fault a file.

        RuleError where a fact view is not right: without it no rule can be read.
        """
        views = load_views(folder / "facts")
        rules: list[Rule] = []
        faults: list[RuleError] = []
        for kind, inner in FOLDERS.items():
            for path in sorted((folder / inner).glob("*.yaml")):
                try:
                    node = read_yaml(path, f"{inner}/{path.name}")
                    rule = read_rule(node, views)
                    if rule.kind != kind:
                        raise node.wrong("kind", _("lies among the %(folder)s"), folder=inner)
                except RuleError as fault:
                    faults.append(fault)
                else:
                    rules.append(replace(rule, version=sha256(path.read_bytes()).hexdigest()[:12]))
        faults += _clashes(rules)
        return cls(views, tuple(sorted(rules, key=lambda rule: (_natural(rule.code), rule.file)))), faults

    def signals(self) -> tuple[Rule, ...]:
        """The rules that find persons whom somebody must turn to."""
        return self._of(SIGNAL)

    def quality(self) -> tuple[Rule, ...]:
        """The rules that find facts which cannot be right together."""
        return self._of(QUALITY)

    def alarms(self) -> tuple[Rule, ...]:
        """The rules that find places where work is falling."""
        return self._of(ALARM)

    def screen(self) -> tuple[Rule, ...]:
        """The rules that find records which may have been made up."""
        return self._of(SCREEN)

    def clearing(self) -> tuple[Rule, ...]:
        """The rules that say when a recognised family counts as cleared."""
        return self._of(CLEARING)

    def indicators(self) -> tuple[Rule, ...]:
        """The rules that give the figures of the bulletin."""
        return self._of(INDICATOR)

    def _of(self, kind: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.kind == kind)

    def holding(self, kind: str, division: str | None, day: date) -> tuple[Rule, ...]:
        """The rules of a kind that hold for a division on the day, one per code: that of the deepest place."""
        best: dict[str, Rule] = {}
        for rule in self._of(kind):
            if rule.is_valid(day) and lies_within(division, rule.place):
                known = best.get(rule.code)
                if known is None or lies_within(rule.place, known.place):
                    best[rule.code] = rule
        return tuple(best.values())

    def rules_of(self, code: str, day: date) -> tuple[Rule, ...]:
        """All rules of a code valid on the day, of any place; UnknownRuleError where there is none."""
        found = tuple(rule for rule in self.rules if rule.code == code and rule.is_valid(day))
        if not found:
            raise UnknownRuleError(code)
        return found

    def indicator(self, code: str, division: str | None, day: date) -> Rule:
        """The indicator of that code that holds for a division on the day."""
        found = [rule for rule in self.indicators_of(division, day) if rule.code == code]
        if not found:
            raise UnknownRuleError(code)
        return found[0]

    def indicators_of(self, division: str | None, day: date) -> tuple[Rule, ...]:
        """The indicators that hold for a division on the day, one per code."""
        return self.holding(INDICATOR, division, day)

    def places_inside(self, rule: Rule, day: date) -> tuple[str, ...]:
        """The places of deeper rules of the same code, where `rule` gives way to them."""
        return tuple(
            other.place
            for other in self.rules
            if other.code == rule.code
            and other is not rule
            and other.place is not None
            and other.is_valid(day)
            and lies_within(other.place, rule.place)
        )


def _clashes(rules: Sequence[Rule]) -> Iterator[RuleError]:
    """Rules of one code that cannot stand beside each other."""
    for number, rule in enumerate(rules):
        for other in rules[:number]:
            if rule.code != other.code:
                continue
            if rule.kind != other.kind:
                yield RuleError(_("%(other)s has the same code and another kind"), rule.file, "code", other=other.file)
            elif rule.place == other.place and _overlap(rule, other):
                yield RuleError(_("%(other)s holds in the same place and term"), rule.file, "valid", other=other.file)


def _overlap(one: Rule, other: Rule) -> bool:
    starts = max(one.valid_from, other.valid_from)
    return one.is_valid(starts) and other.is_valid(starts)


def _natural(code: str) -> tuple[str, int, str]:
    """Sorts I2 before I10 and I7a before I7b."""
    letters = code.rstrip("0123456789abcdefghijklmnopqrstuvwxyz")
    digits = code[len(letters) :].rstrip("abcdefghijklmnopqrstuvwxyz")
    if not letters or not digits.isdigit():
        return code, 0, ""
    return letters, int(digits), code[len(letters) + len(digits) :]
