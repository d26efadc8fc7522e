"""The page of one case: its clocks, its causes, its package, its offers, and the form of the next deed."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.accounts.access import may_see_division, visible_fields
from bangfu.accounts.colleagues import helpers_for
from bangfu.accounts.models import User
from bangfu.accounts.roles import Field
from bangfu.cases import steps
from bangfu.cases.access import CONFIRMERS, get_case
from bangfu.cases.choices import Outcome, ServiceKind
from bangfu.cases.course_forms import ReferForm
from bangfu.cases.models import Case
from bangfu.cases.queries import parts_of, row_of
from bangfu.cases.referral_models import Referral, ReferralAnswer
from bangfu.cases.referring import OPEN
from bangfu.cases.ways_out import count_refusals, ways_out_rule
from bangfu.cases.words import pause_name
from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.home.case_panels import Bound, panels_of
from bangfu.home.case_shown import LegShown, events_of, legs_shown, moved_shown, package_shown
from bangfu.home.causes import cause_shown
from bangfu.home.figures import package_dots
from bangfu.home.forms import HelperForm
from bangfu.home.offers import offers_shown
from bangfu.people.actions import note_look
from bangfu.people.identity import id_number, masked_id, masked_phone, phone_number
from bangfu.people.models import Condition, Contact, Intent
from bangfu.people.queries import open_facts


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
    step, hosted = steps.next_step(row), next((one for one in parts["referrals"] if one.answer in OPEN), None)
    may_fill, is_host = _rights(user, case, hosted)
    may_write = may_fill and case.closed_at is None
    waiting = next((one for one in parts["ways_out"] if one.confirmed is None), None)
    way_out = waiting if waiting and user.holds(CONFIRMERS) and waiting.proposed_by_id != user.pk else None
    legs: list[LegShown] = legs_shown(case, parts["legs"], now)
    today, services = timezone.localdate(now), parts["services"]
    offers = offers_shown(case, services, bound, today, may_write=may_write, step=step)
    surveyed = bool(parts["surveys"])
    panels = panels_of(case, step, bound, intent, surveyed=surveyed, way_out=way_out, today=today) if may_fill else []
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
            "panels": panels,
            "may_write": may_write,
            "helper_form": _helper_form(user, case) if may_write else None,
            "waiting": waiting,
            "referral": hosted,
            "refer_form": bound.get("refer") or ReferForm(auto_id="refer-%s") if may_write and not is_host else None,
            **_course(case, parts, hosted, today),
        },
        status=status,
    )


def _rights(user: User, case: Case, hosted: Referral | None) -> tuple[bool, bool]:
    """Whether the user may fill in the forms of the case, and whether as the county that was asked to help."""
    accepted = hosted is not None and hosted.answer == ReferralAnswer.ACCEPTED
    is_host = hosted is not None and accepted and may_see_division(user, hosted.to_county)
    return user.may_write() and (may_see_division(user, case.division) or is_host), is_host


def _course(case: Case, parts: dict[str, Any], hosted: Referral | None, today: date) -> dict[str, Any]:
    """What stands beside the forms: a pause of today, moved deadlines, refusals in a row, plans, another county."""
    pause = next((one for one in parts["pauses"] if one.first_on <= today <= one.last_on), None)
    answers = [
        (service.answer, service.reason) for service in parts["services"] if service.kind == ServiceKind.JOB_OFFER
    ]
    rule = ways_out_rule()
    return {
        "pause": pause,
        "pause_reason": pause_name(case, pause.reason) if pause else "",
        "moved": moved_shown(parts["legs"]),
        "host": names_of([hosted.to_county]).get(hosted.to_county, "") if hosted else "",
        "plans": sorted(parts["plans"], key=lambda one: one.pk, reverse=True),
        "refusals": (count_refusals(answers, rule.not_counted), rule.refusals),
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
