"""Words that the lists of people share: legs of a clock by their rule's own name."""

from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from bangfu.core.clock import read_clock


def leg_names() -> dict[str, str]:
    """The name of each leg of every clock of the rules, by its code, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return {code: names[language] for code, names in _stages().items()}


@lru_cache(maxsize=1)
def _stages() -> dict[str, dict[str, str]]:
    clocks = [read_clock(path) for path in sorted((settings.RULES / "clocks").glob("*.yaml"))]
    return {stage.code: dict(stage.names) for clock in clocks for stage in clock.stages}
