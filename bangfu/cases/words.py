"""Words of clocks, causes' rules and services in the language of the reader."""

from collections.abc import Mapping

from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext

from bangfu.cases.clockwork import FOLLOW_UP, ON_WORKLIST, clock
from bangfu.cases.models import Case
from bangfu.core.clock import ClockError, Stage


def spoken(names: Mapping[str, str]) -> str:
    """The English or the Chinese of a name that a rule file gives in both."""
    return names["en"] if (get_language() or "").startswith("en") else names["zh"]


def leg_name(stage: str) -> str:
    """The name of a leg of a clock on the worklist, or of all follow-ups together; the code itself where there is
    none."""
    if stage == FOLLOW_UP:
        return spoken(clock(FOLLOW_UP).names)
    return leg_names().get(stage, stage)


def leg_names() -> dict[str, str]:
    """The legs of the clocks on the worklist in their order, each with its name."""
    return {stage.code: spoken(stage.names) for code in ON_WORKLIST for stage in clock(code).stages}


def term_of(stage: Stage) -> str:
    """How long a leg may take: 24 hours, 7 working days, 3 months."""
    if stage.unit == "hour":
        return ngettext("%d hour", "%d hours", stage.duration) % stage.duration
    if stage.unit == "working_day":
        return ngettext("%d working day", "%d working days", stage.duration) % stage.duration
    if stage.unit == "month":
        return ngettext("%d month", "%d months", stage.duration) % stage.duration
    return ngettext("%d calendar day", "%d calendar days", stage.duration) % stage.duration


def pause_name(case: Case, code: str) -> str:
    """The name of a reason to pause the clocks of a case; the code itself where the clock has none such."""
    try:
        return spoken(clock(case.clock, case.division, localdate(case.starts_at)).pause_reason(code).names)
    except ClockError:
        return code
