"""The rulebook of this installation, loaded once and again when a file changes."""

from functools import lru_cache

from django.conf import settings

from bangfu.rulebook.book import Rulebook


def rulebook() -> Rulebook:
    """All fact views and rules of settings.RULES. Raises RuleError for the first file that is not right."""
    changed = max(path.stat().st_mtime_ns for path in settings.RULES.rglob("*") if path.is_file())
    return _load(changed)


@lru_cache(maxsize=1)
def _load(changed: int) -> Rulebook:
    return Rulebook.load(settings.RULES)
