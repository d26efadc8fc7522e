"""The rulebook of this installation, loaded once and again when a file changes."""

import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from bangfu.rulebook.book import Rulebook


def rulebook() -> Rulebook:
    """All fact views and rules of settings.RULES. Raises RuleError for the first file that is not right."""
    return _load(rules_stamp())


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
