"""The rulebook of this installation, loaded once and again when a file changes."""

import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.feed_kinds import Completeness, FeedKind, load_completeness, load_feed_kinds
from bangfu.rulebook.rules import Rule


def rulebook() -> Rulebook:
    """All fact views and rules of settings.RULES. Raises RuleError for the first file that is not right."""
    return _load(rules_stamp())


def feed_kinds() -> dict[str, FeedKind]:
    """The kinds of outside lists by code. Raises RuleError for the first file that is not right."""
    return _load_feeds(rules_stamp())[0]


def completeness() -> Completeness:
    """The rule by which the length of a list is judged. Raises RuleError."""
    return _load_feeds(rules_stamp())[1]


def rule_behind(code: str, version: str) -> Rule | None:
    """The rule whose text found something; once that text is gone the one of its code, of the widest place first; None
    where no rule of the code is left."""
    rules = [rule for rule in rulebook().rules if rule.code == code]
    of_text = (rule for rule in rules if rule.version == version)
    return next(of_text, min(rules, key=lambda rule: rule.place or "", default=None))


def rules_stamp() -> int:
    """Rises within a second after a file of settings.RULES changed: part of the key of what is computed from the
    rules. A page of the worklist asks for each of its rows; the folder is looked through once a second at most."""
    return _stamp(settings.RULES, int(time.monotonic()))


@lru_cache(maxsize=1)
def _stamp(rules: Path, _second: int) -> int:
    return max(path.stat().st_mtime_ns for path in rules.rglob("*") if path.is_file())


@lru_cache(maxsize=1)
def _load(changed: int) -> Rulebook:
    return Rulebook.load(settings.RULES)


@lru_cache(maxsize=1)
def _load_feeds(changed: int) -> tuple[dict[str, FeedKind], Completeness]:
    return load_feed_kinds(settings.RULES), load_completeness(settings.RULES)
