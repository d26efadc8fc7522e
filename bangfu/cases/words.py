"""Words of clocks, causes' rules and services in the language of the reader."""

from collections.abc import Mapping

from django.utils.translation import get_language, ngettext

from bangfu.cases.clockwork import CLOCK, clock
from bangfu.core.clock import ClockError, Stage


def spoken(names: Mapping[str, str]) -> str:
    """The English or the Chinese of a name that a rule file gives in both."""
    return names["en"] if (get_language() or "").startswith("en") else names["zh"]


def leg_name(stage: str, code: str = CLOCK) -> str:
    """The name of a leg of the clock; the code itself where the clock in force has no such leg."""
    try:
        return spoken(clock(code).stage(stage).names)
    except ClockError:
        return stage


def leg_names(code: str = CLOCK) -> dict[str, str]:
    """The legs of the clock in their order, each with its name."""
    return {stage.code: spoken(stage.names) for stage in clock(code).stages}


def term_of(stage: Stage) -> str:
    """How long a leg may take: 24 hours, 7 working days, 3 months."""
    if stage.unit == "hour":
        return ngettext("%d hour", "%d hours", stage.duration) % stage.duration
    if stage.unit == "working_day":
        return ngettext("%d working day", "%d working days", stage.duration) % stage.duration
    if stage.unit == "month":
        return ngettext("%d month", "%d months", stage.duration) % stage.duration
    return ngettext("%d calendar day", "%d calendar days", stage.duration) % stage.duration
