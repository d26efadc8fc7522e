"""The page of one case: its clocks, its causes, its package, its offers, and the form of the next deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bangfu.accounts.access import may_see_division, visible_fields
from bangfu.accounts.colleagues import helpers_for
from bangfu.accounts.models import User
from bangfu.accounts.roles import Field
from bangfu.cases import steps
from bangfu.cases.access import get_case
from bangfu.cases.forms import CloseForm, GuidanceForm, SurveyForm, TrainingForm
from bangfu.cases.models import Case, Outcome
from bangfu.cases.queries import parts_of, row_of
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.home.case_shown import LegShown, events_of, legs_shown, package_shown
from bangfu.home.causes import cause_shown
from bangfu.home.figures import package_dots
from bangfu.home.forms import HelperForm
from bangfu.home.offers import offers_shown
from bangfu.people.actions import note_look
from bangfu.people.identity import id_number, masked_id, masked_phone, phone_number
from bangfu.people.models import Condition, Contact, Intent
from bangfu.people.queries import open_facts

PANELS = (steps.SURVEY, steps.GUIDANCE, steps.OFFER, steps.TRAINING, steps.CLOSE)
_PANEL_OF = {steps.HIRE: steps.OFFER, steps.REPLY: steps.OFFER}
Bound = Mapping[str, BaseForm]


@dataclass(frozen=True)
class Panel:
    """One card with a form on the page; the one of the next deed stands first and is the only solid one."""

    code: str
    icon: str
    words: str
    form: BaseForm | None
    is_next: bool
    is_open: bool


@require_GET
def case_page(request: HttpRequest, key: int) -> HttpResponse:
    """One case of the user's area; that it was opened is recorded for the person to see."""
    case = get_case(request.user, key)
    note_look(case.person, by=request.user, at=timezone.now(), purpose="case")
    return show_case(request, case, {})


def show_case(request: HttpRequest, case: Case, bound: Bound, *, status: int = 200) -> HttpResponse:
    """The page with the forms named in `bound` as they were sent: by panel, or by "answer-KEY" of an offer."""
    user: Any = request.user
    now, parts, row = timezone.now(), parts_of(case), row_of(case)
    facts = open_facts(case.person, (Condition, Intent, Contact))
    condition, intent, contact = (next(iter(rows), None) for rows in facts.values())
    step = steps.next_step(row) if case.closed_at is None else None
    may_write = user.may_write() and case.closed_at is None and may_see_division(user, case.division)
    legs: list[LegShown] = legs_shown(case, parts["legs"], now)
    today, services = timezone.localdate(now), parts["services"]
    offers = offers_shown(case, services, bound, today, may_write=may_write, step=step)
    return render(
        request,
        "home/case.html",
        {
            "case": case,
            "person": case.person,
            "standing": case.person.standing,
            "outcome": str(Outcome(case.outcome).label) if case.outcome else "",
            "place": full_names_of([case.division], above=COUNTY).get(case.division, ""),
            "id_masked": masked_id(id_number(case.person)),
            "phone_masked": _phone(user, contact),
            "condition": condition,
            "legs": legs,
            "causes": [cause_shown(cause) for cause in parts["causes"]],
            "package": package_shown(row.progress, case),
            "dots": package_dots(row.progress),
            "offers": offers,
            "events": events_of(case, parts),
            "step": step,
            "panels": _panels(case, step, bound, intent, surveyed=bool(parts["surveys"])) if may_write else [],
            "may_write": may_write,
            "helper_form": _helper_form(user, case) if may_write else None,
        },
        status=status,
    )


def _panels(case: Case, step: steps.Step | None, bound: Bound, intent: Any, *, surveyed: bool) -> list[Panel]:
    first = _PANEL_OF.get(step.code, step.code) if step else ""
    words = {
        steps.SURVEY: ("phone", _("Survey again") if surveyed else _("Survey the need")),
        steps.GUIDANCE: ("message-circle", _("Record career guidance")),
        steps.OFFER: ("briefcase", _("Job offers")),
        steps.TRAINING: ("school", _("Offer training")),
        steps.CLOSE: ("flag", _("Record the outcome")),
    }
    panels = [
        Panel(
            code=code,
            icon=words[code][0],
            words=words[code][1],
            form=bound.get(code) or _blank(code, intent),
            is_next=code == first,
            is_open=code in {first, steps.OFFER} or code in bound,
        )
        for code in PANELS
    ]
    return sorted(panels, key=lambda panel: not panel.is_next)


def _blank(code: str, intent: Any) -> BaseForm | None:
    if code == steps.SURVEY:
        return SurveyForm(auto_id="survey-%s", initial=_wishes(intent))
    if code == steps.GUIDANCE:
        return GuidanceForm(auto_id="guidance-%s")
    if code == steps.TRAINING:
        trade = intent.wished_trade if intent else ""
        return TrainingForm(auto_id="training-%s", initial={"title": trade})
    return CloseForm(auto_id="close-%s") if code == steps.CLOSE else None


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


def _phone(user: User, contact: Contact | None) -> str:
    """Masked; "" where none is known or the user's duties do not show it."""
    return masked_phone(phone_number(contact)) if contact and Field.PHONE in visible_fields(user) else ""


def _helper_form(user: User, case: Case) -> HelperForm:
    chosen = case.helper_id or user.pk
    return HelperForm(helpers=helpers_for(user), auto_id="helper-%s", initial={"helper": str(chosen)})


def opened_on(case: Case) -> date:
    """The day on which the case was opened, in Asia/Shanghai."""
    return timezone.localdate(case.opened_at)
