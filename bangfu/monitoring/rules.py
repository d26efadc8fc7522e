"""The rulebook of this installation, loaded once and again when a file changes."""

from functools import lru_cache

from django.conf import settings

from bangfu.rulebook.book import Rulebook


def rulebook() -> Rulebook:
    """All fact views and rules of settings.RULES. Raises RuleError for the first file that is not right."""
    return _load(rules_stamp())


def rules_stamp() -> int:
    """Rises when a file of settings.RULES changes: part of the key of what is computed from the rules."""
    return max(path.stat().st_mtime_ns for path in settings.RULES.rglob("*") if path.is_file())


@lru_cache(maxsize=1)
def _load(changed: int) -> Rulebook:
    return Rulebook.load(settings.RULES)
