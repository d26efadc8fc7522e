"""The cards with a form on the page of a case; that of the next deed stands first and is the only solid one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bangfu.cases import steps
from bangfu.cases.clockwork import clock
from bangfu.cases.course_forms import AttemptForm, CloseForm, DecideForm, FollowForm, PauseForm
from bangfu.cases.course_models import WayOut
from bangfu.cases.forms import GuidanceForm, SurveyForm, TrainingForm
from bangfu.cases.models import Case
from bangfu.core.clock import Clock

ATTEMPT, PAUSE = "attempt", "pause"
PANELS = (steps.SURVEY, steps.GUIDANCE, steps.OFFER, steps.TRAINING, ATTEMPT, PAUSE, steps.CLOSE)
_PANEL_OF = {steps.HIRE: steps.OFFER, steps.REPLY: steps.OFFER}
_ICONS = {
    steps.SURVEY: "phone", steps.GUIDANCE: "message-circle", steps.OFFER: "briefcase", steps.TRAINING: "school",
    ATTEMPT: "phone", PAUSE: "player-pause", steps.CLOSE: "flag", steps.DECIDE: "user-check", steps.FOLLOW: "phone",
}  # fmt: skip
Bound = Mapping[str, BaseForm]


@dataclass(frozen=True)
class Panel:
    """One card with a form on the page; `path` is the name of the address that takes the form."""

    code: str
    icon: str
    words: str
    path: str
    form: BaseForm | None
    is_next: bool
    is_open: bool


def panels_of(
    case: Case,
    step: steps.Step | None,
    bound: Bound,
    intent: Any,
    *,
    surveyed: bool,
    way_out: WayOut | None,
    today: date,
) -> list[Panel]:
    """The panels of an open case that its user may fill in, or of one that is followed up; `way_out` is one that this
    user may decide on. Forms in `bound` stand as they were sent."""
    first = _PANEL_OF.get(step.code, step.code) if step else ""
    if case.closed_at is not None:
        codes: Sequence[str] = [steps.FOLLOW] if first == steps.FOLLOW else []
    else:
        codes = [*([steps.DECIDE] if way_out else []), *PANELS]
    panels = [
        Panel(
            code=code,
            icon=_ICONS[code],
            words=_words(code, surveyed),
            path=f"home:{code}",
            form=bound.get(code) or _blank(code, case, intent, today),
            is_next=code == first,
            is_open=code in {first, steps.OFFER} or code in bound,
        )
        for code in codes
    ]
    return sorted(panels, key=lambda panel: not panel.is_next)


def _words(code: str, surveyed: bool) -> str:
    return {
        steps.SURVEY: _("Survey again") if surveyed else _("Survey the need"),
        steps.GUIDANCE: _("Record career guidance"),
        steps.OFFER: _("Job offers"),
        steps.TRAINING: _("Offer training"),
        ATTEMPT: _("Nobody was met"),
        PAUSE: _("Pause the clocks"),
        steps.CLOSE: _("Record the outcome"),
        steps.DECIDE: _("Decide on the way out"),
        steps.FOLLOW: _("Ask how the job goes"),
    }[code]


def clock_of(case: Case) -> Clock:
    """The clock of a case as it was in force when the case began."""
    return clock(case.clock, case.division, localdate(case.starts_at))


def pause_form(case: Case, today: date, data: Any = None) -> PauseForm:
    """The form of a pause for this case."""
    return PauseForm(data, clock=clock_of(case), today=today, auto_id="pause-%s")


def _blank(code: str, case: Case, intent: Any, today: date) -> BaseForm | None:
    trade = intent.wished_trade if intent else ""
    makers: dict[str, Callable[[], BaseForm]] = {
        steps.SURVEY: lambda: SurveyForm(auto_id="survey-%s", initial=_wishes(intent)),
        steps.GUIDANCE: lambda: GuidanceForm(auto_id="guidance-%s"),
        steps.TRAINING: lambda: TrainingForm(auto_id="training-%s", initial={"title": trade}),
        steps.CLOSE: lambda: CloseForm(auto_id="close-%s"),
        steps.DECIDE: lambda: DecideForm(auto_id="decide-%s"),
        steps.FOLLOW: lambda: FollowForm(auto_id="follow-%s"),
        ATTEMPT: lambda: AttemptForm(auto_id="attempt-%s"),
        PAUSE: lambda: pause_form(case, today),
    }
    return makers[code]() if code in makers else None


def _wishes(intent: Any) -> dict[str, Any]:
    """What is on file already: nobody types it twice."""
    if intent is None:
        return {}
    return {
        "wished_occupation": intent.wished_occupation,
        "reach": intent.reach,
        "wage_floor_amount": None if intent.wage_floor_amount is None else f"{intent.wage_floor_amount:.0f}",
        "wants_training": {True: "yes", False: "no"}.get(intent.will_train, ""),
        "wished_trade": intent.wished_trade,
    }
