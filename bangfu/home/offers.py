"""The offers of a case as its page shows them: points, reasons, and the form of the next answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.forms import BaseForm
from django.utils.timezone import localdate

from bangfu.cases.choices import ServiceKind
from bangfu.cases.forms import AnswerForm
from bangfu.cases.models import Case, Service
from bangfu.cases.refusals import reason_words
from bangfu.cases.steps import HIRE, OFFER, REPLY, Step
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PROVINCE
from bangfu.employers.words import wage_words
from bangfu.home.figures import Slice, score_bar
from bangfu.home.fit_words import Said, fit_reasons
from bangfu.home.forms import HireForm
from bangfu.placements.models import Offer, OfferState
from bangfu.placements.queries import offers_of
from bangfu.placements.words import BADGES

_FINAL = (OfferState.HIRED, OfferState.FELL_THROUGH)


@dataclass(frozen=True)
class OfferShown:
    """One offer. `answer_form` and `hire_form` are None where they are not to be had; `is_next`: the solid one."""

    offer: Offer
    number: int
    place: str
    wage: str
    badge: tuple[str, str]
    state: str
    reason: str
    lapsed: bool
    slices: Sequence[Slice]
    total: int
    reasons: Sequence[Said]
    answer_form: BaseForm | None
    hire_form: BaseForm | None
    is_open: bool
    is_next: bool


def offers_shown(
    case: Case,
    services: Sequence[Service],
    bound: Mapping[str, BaseForm],
    today: date,
    *,
    may_write: bool,
    step: Step | None,
) -> list[OfferShown]:
    """All offers of the case; the one that the next deed is about is open."""
    offers = offers_of(case.pk)
    places = full_names_of([offer.post.place for offer in offers], above=PROVINCE)
    reasons = {one.post_id: reason_words(one.reason) for one in services if one.kind == ServiceKind.JOB_OFFER}
    turn = _next_of(offers, step)
    shown = []
    for number, offer in enumerate(offers, start=1):
        slices, total = score_bar(offer.reasons["parts"])
        is_turn, sent = offer.pk == turn, f"answer-{offer.pk}" in bound or f"hire-{offer.pk}" in bound
        shown.append(
            OfferShown(
                offer=offer, number=number, place=places.get(offer.post.place, ""), wage=wage_words(offer.post),
                badge=BADGES[OfferState(offer.state)], state=str(OfferState(offer.state).label),
                reason=reasons.get(offer.post_id, ""),
                lapsed=offer.state == OfferState.PROPOSED and offer.holds_until < today,
                slices=slices, total=total, reasons=fit_reasons(offer.reasons),
                answer_form=_answer_form(offer, bound) if may_write and offer.state not in _FINAL else None,
                hire_form=_hire_form(offer, case, bound, today) if may_write else None,
                is_open=is_turn or sent, is_next=is_turn,
            )
        )  # fmt: skip
    return shown


def _next_of(offers: Sequence[Offer], step: Step | None) -> int | None:
    wanted = {OFFER: OfferState.PROPOSED, REPLY: OfferState.THINKING, HIRE: OfferState.ACCEPTED}
    state = wanted.get(step.code) if step else None
    return next((offer.pk for offer in offers if offer.state == state), None)


def _answer_form(offer: Offer, bound: Mapping[str, BaseForm]) -> BaseForm:
    return bound.get(f"answer-{offer.pk}") or AnswerForm(auto_id=f"answer-{offer.pk}-%s")


def _hire_form(offer: Offer, case: Case, bound: Mapping[str, BaseForm], today: date) -> BaseForm | None:
    if offer.state != OfferState.ACCEPTED:
        return None
    sent = bound.get(f"hire-{offer.pk}")
    return sent or HireForm(first=localdate(case.opened_at), today=today, auto_id=f"hire-{offer.pk}-%s")
