"""The rulebook: all fact views and rules of a folder, loaded and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from bangfu.rulebook.errors import RuleError, UnknownRuleError
from bangfu.rulebook.places import lies_within
from bangfu.rulebook.reading import read_yaml
from bangfu.rulebook.rules import INDICATOR, QUALITY, SIGNAL, Rule, read_rule
from bangfu.rulebook.views import View, load_views

FOLDERS = {SIGNAL: "signals", QUALITY: "quality", INDICATOR: "indicators"}


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

        RuleError names the file, the path in it and the reason, for the first thing that is not right.
        """
        views = load_views(folder / "facts")
        rules: list[Rule] = []
        for kind, inner in FOLDERS.items():
            for path in sorted((folder / inner).glob("*.yaml")):
                rule = read_rule(read_yaml(path, f"{inner}/{path.name}"), views)
                if rule.kind != kind:
                    raise RuleError(f"lies among the {inner}", rule.file, "kind")
                rules.append(replace(rule, version=sha256(path.read_bytes()).hexdigest()[:12]))
        _check_codes(rules)
        return cls(views, tuple(sorted(rules, key=lambda rule: (_natural(rule.code), rule.file))))

    def signals(self) -> tuple[Rule, ...]:
        """The rules that find persons whom somebody must turn to."""
        return self._of(SIGNAL)

    def quality(self) -> tuple[Rule, ...]:
        """The rules that find facts which cannot be right together."""
        return self._of(QUALITY)

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


def _check_codes(rules: Sequence[Rule]) -> None:
    for number, rule in enumerate(rules):
        for other in rules[:number]:
            if rule.code != other.code:
                continue
            if rule.kind != other.kind:
                raise RuleError(f"{other.file} has the same code and another kind", rule.file, "code")
            if rule.place == other.place and _overlap(rule, other):
                raise RuleError(f"{other.file} holds in the same place and term", rule.file, "valid")


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
