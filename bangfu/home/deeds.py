"""The deeds of the page of a case: each checks its form, calls one action, and returns to the page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.colleagues import helpers_for
from bangfu.accounts.models import User
from bangfu.cases import steps
from bangfu.cases.access import get_case
from bangfu.cases.actions import (
    NeedSurvey,
    NotAllowedNow,
    ServiceGiven,
    assign_helper,
    give_services,
    survey_cases,
)
from bangfu.cases.choices import ServiceKind
from bangfu.cases.forms import AnswerForm, GuidanceForm, SurveyForm, TrainingForm
from bangfu.cases.models import Case
from bangfu.home.case import opened_on, show_case
from bangfu.home.forms import HelperForm, HireForm
from bangfu.placements.access import get_offer
from bangfu.placements.actions import OfferAnswer, answer_offers, hire
from bangfu.placements.models import Offer

WRONG = 422


@require_POST
def survey(request: HttpRequest, key: int) -> HttpResponse:
    """Record the need survey."""
    user, case = writer_and_case(request, key)
    form = SurveyForm(request.POST, auto_id="survey-%s")
    if not form.is_valid():
        return show_case(request, case, {steps.SURVEY: form}, status=WRONG)
    said = NeedSurvey(case=case.pk, **form.said())
    return do(request, case, lambda at: survey_cases([said], by=user, at=at), _("The survey is recorded."))


@require_POST
def guidance(request: HttpRequest, key: int) -> HttpResponse:
    """Record a talk of career guidance."""
    return _serve(request, key, steps.GUIDANCE, ServiceKind.GUIDANCE)


@require_POST
def training(request: HttpRequest, key: int) -> HttpResponse:
    """Record an offer of training."""
    return _serve(request, key, steps.TRAINING, ServiceKind.TRAINING_OFFER)


def _serve(request: HttpRequest, key: int, panel: str, kind: ServiceKind) -> HttpResponse:
    user, case = writer_and_case(request, key)
    form_of = GuidanceForm if kind == ServiceKind.GUIDANCE else TrainingForm
    form = form_of(request.POST, auto_id=f"{panel}-%s")
    if not form.is_valid():
        return show_case(request, case, {panel: form}, status=WRONG)
    given = ServiceGiven(case=case.pk, kind=kind, **form.said())
    return do(request, case, lambda at: give_services([given], by=user, at=at), _("The service is recorded."))


@require_POST
def answer(request: HttpRequest, key: int, offer: int) -> HttpResponse:
    """Record what the person said to an offer of the case."""
    user, case = writer_and_case(request, key)
    made = _offer_of(user, case, offer)
    form = AnswerForm(request.POST, auto_id=f"answer-{made.pk}-%s")
    if not form.is_valid():
        return show_case(request, case, {f"answer-{made.pk}": form}, status=WRONG)
    said = OfferAnswer(offer=made.pk, **form.said())
    return do(request, case, lambda at: answer_offers([said], by=user, at=at), _("The answer is recorded."))


@require_POST
def start_work(request: HttpRequest, key: int, offer: int) -> HttpResponse:
    """Turn an accepted offer into a job; the case closes."""
    user, case = writer_and_case(request, key)
    made = _offer_of(user, case, offer)
    today = timezone.localdate()
    form = HireForm(request.POST, first=opened_on(case), today=today, auto_id=f"hire-{made.pk}-%s")
    if not form.is_valid():
        return show_case(request, case, {f"hire-{made.pk}": form}, status=WRONG)
    start_on = form.cleaned_data["start_on"]
    return do(
        request, case, lambda at: hire([made.pk], start_on=start_on, by=user, at=at),
        _("The job is recorded and the case is closed."),
    )  # fmt: skip


@require_POST
def give_helper(request: HttpRequest, key: int) -> HttpResponse:
    """Give the case to a helper inside the user's duties."""
    user, case = writer_and_case(request, key)
    form = HelperForm(request.POST, helpers=helpers_for(user))
    if not form.is_valid():
        raise Http404  # the list holds everybody who may be chosen: another key was made up
    helper = form.chosen()
    return do(
        request, case, lambda at: assign_helper([case.pk], helper, by=user, at=at),
        _("The case is with %s now.") % helper.name,
    )  # fmt: skip


def writer_and_case(request: HttpRequest, key: int) -> tuple[User, Case]:
    """The user, who may write, and the case of that key. Raises PermissionDenied, Http404."""
    user = require_writer(request.user)
    return user, get_case(user, key)


def _offer_of(user: User, case: Case, key: int) -> Offer:
    offer = get_offer(user, key)
    if offer.case_id != case.pk:
        raise Http404
    return offer


def do(request: HttpRequest, case: Case, deed: Callable[[datetime], Any], done: str) -> HttpResponse:
    """Do the deed now and say that it is `done`, or why it was not allowed; back to the page of the case."""
    try:
        deed(timezone.now())
    except NotAllowedNow as refusal:
        messages.error(request, _refused(refusal.verb))
    else:
        messages.success(request, done)
    return redirect("home:case", key=case.pk)


def _refused(verb: str) -> str:
    reasons = {
        "answer": _("Nothing was changed: this offer became a job already or fell through with the case."),
        "hire": _("Nothing was changed: the offer is not accepted, or the post has no place left."),
        "waits": _("Nothing was changed: another way out of this case waits for a decision already."),
        "second": _("Nothing was changed: who proposed a way out does not confirm it."),
        "decide": _("Nothing was changed: somebody decided on it meanwhile."),
        "unreachable": _("Nothing was changed: record attempts on enough different days first."),
        "refer_home": _("Nothing was changed: this is the case's own county."),
        "refer_twice": _("Nothing was changed: another county is asked already."),
        "follow_up": _("Nothing was changed: nothing is to be followed up here any more."),
    }
    return reasons.get(verb, _("Nothing was changed: the case is closed already."))
