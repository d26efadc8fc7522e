"""The one next deed of a case: what its leg, its package and the person's answers ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bangfu.cases.choices import Answer, ServiceKind
from bangfu.cases.clockwork import FOLLOW_UP
from bangfu.cases.queries import Row

SURVEY, GUIDANCE, OFFER, TRAINING, HIRE, REPLY, CLOSE, DECIDE, FOLLOW = (
    "survey", "guidance", "offers", "training", "hire", "reply", "close", "decide", "follow",
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What to do next: its code (also the anchor of its form on the page of the case), icon and words."""

    code: str
    icon: str
    words: str


def next_step(row: Row) -> Step | None:
    """The next deed, None when nothing of the case runs any more.

    A way out that waits for a second person comes before all else. The survey comes first; an accepted offer is
    confirmed before anything else is offered; then the package in its order; then answers that are still open; then the
    outcome.
    """
    if row.leg is None:
        return None
    if row.leg.clock == FOLLOW_UP:
        return Step(FOLLOW, "phone", _("Ask how the job goes"))
    if row.leaving:
        return Step(DECIDE, "user-check", _("A second person decides"))
    if row.leg.stage == "need_survey":
        return Step(SURVEY, "phone", _("Survey the need"))
    if Answer.ACCEPTED in row.answers:
        return Step(HIRE, "user-check", _("Confirm the start of work"))
    missing = next((item for item in row.progress if not item.complete), None)
    if missing is not None and row.leg.stage == "first_service_round":
        return _ITEMS[missing.service_type](missing.counted + 1)
    if Answer.THINKING in row.answers:
        return Step(REPLY, "message-circle", _("Record the answer"))
    return Step(CLOSE, "flag", _("Record the outcome"))


def _guidance(number: int) -> Step:
    return Step(GUIDANCE, "message-circle", _("Record career guidance"))


def _offer(number: int) -> Step:
    return Step(OFFER, "briefcase", _("Offer job no. %d") % number)


def _training(number: int) -> Step:
    return Step(TRAINING, "school", _("Offer training"))


_ITEMS: Mapping[str, Callable[[int], Step]] = {
    ServiceKind.GUIDANCE.value: _guidance,
    ServiceKind.JOB_OFFER.value: _offer,
    ServiceKind.TRAINING_OFFER.value: _training,
}
