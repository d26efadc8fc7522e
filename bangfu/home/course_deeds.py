"""The deeds of the course of a case: failed contacts, pauses, ways out, follow-ups. Each returns to the page."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bangfu.accounts.access import require_writer
from bangfu.cases import steps
from bangfu.cases.access import get_way_out, waiting_ways_out
from bangfu.cases.actions import NotAllowedNow, close_cases
from bangfu.cases.choices import NEED_SECOND
from bangfu.cases.course_forms import AttemptForm, CloseForm, DecideForm, FollowForm, ReferForm
from bangfu.cases.following import Asked, record_follow_ups
from bangfu.cases.pausing import CannotPause, PauseAsked, Tried, end_pauses, note_attempts, pause_cases
from bangfu.cases.referring import Asked as Referred
from bangfu.cases.referring import send_referrals
from bangfu.cases.ways_out import Decision, Proposal, decide_ways_out, propose_ways_out
from bangfu.divisions.queries import counties_named
from bangfu.home.case import show_case
from bangfu.home.case_panels import ATTEMPT, PAUSE, pause_form
from bangfu.home.deeds import WRONG, do, writer_and_case


@require_POST
def attempt(request: HttpRequest, key: int) -> HttpResponse:
    """Record that nobody was met."""
    user, case = writer_and_case(request, key)
    form = AttemptForm(request.POST, auto_id="attempt-%s")
    if not form.is_valid():
        return show_case(request, case, {ATTEMPT: form}, status=WRONG)
    tried = Tried(case=case.pk, **form.said())
    return do(request, case, lambda at: note_attempts([tried], by=user, at=at), _("The attempt is recorded."))


@require_POST
def pause(request: HttpRequest, key: int) -> HttpResponse:
    """Let the clocks of the case stand still."""
    user, case = writer_and_case(request, key)
    form = pause_form(case, timezone.localdate(), request.POST)
    if not form.is_valid():
        return show_case(request, case, {PAUSE: form}, status=WRONG)
    asked = PauseAsked(case=case.pk, **form.said())
    try:
        return do(request, case, lambda at: pause_cases([asked], by=user, at=at), _("The clocks stand still."))
    except CannotPause as refusal:
        form.add_error("reason", _cannot_pause(refusal))
        return show_case(request, case, {PAUSE: form}, status=WRONG)


def _cannot_pause(refusal: CannotPause) -> str:
    if refusal.code == "paused_already":
        return _("The clocks stand still already.")
    if refusal.code == "too_few_attempts":
        return ngettext(
            "Nobody was met on fewer than %d day: record each attempt first.",
            "Nobody was met on fewer than %d different days: record each attempt first.",
            refusal.asked,
        ) % refusal.asked  # fmt: skip
    return _("The rule of the clock does not allow this pause.")


@require_POST
def resume(request: HttpRequest, key: int) -> HttpResponse:
    """The reason of the pause fell away."""
    user, case = writer_and_case(request, key)
    return do(request, case, lambda at: end_pauses([case.pk], by=user, at=at), _("The clocks run again from tomorrow."))


@require_POST
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Close the case with an outcome other than a hire; a way out is proposed to a second person."""
    user, case = writer_and_case(request, key)
    form = CloseForm(request.POST, auto_id="close-%s")
    if not form.is_valid():
        return show_case(request, case, {steps.CLOSE: form}, status=WRONG)
    outcome, reason = form.cleaned_data["outcome"], form.cleaned_data["reason"]
    if outcome not in NEED_SECOND:
        return do(request, case, lambda at: close_cases({case.pk: outcome}, by=user, at=at), _("The case is closed."))
    proposal = Proposal(case.pk, outcome, reason)
    return do(
        request, case, lambda at: propose_ways_out([proposal], by=user, at=at),
        _("Proposed. The clocks run on until a second person has confirmed it."),
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Confirm or turn down the way out that waits for this case."""
    user, case = writer_and_case(request, key)
    way_out = waiting_ways_out(user).filter(case=case.pk).first()
    if way_out is None:
        messages.error(request, _("Nothing was changed: no way out of this case waits for you."))
        return redirect("home:case", key=case.pk)
    form = DecideForm(request.POST, auto_id="decide-%s")
    if not form.is_valid():
        return show_case(request, case, {steps.DECIDE: form}, status=WRONG)
    decision = _decision(way_out.pk, form)
    done = _("The case is closed.") if decision.confirmed else _("Turned down: the case goes on.")
    return do(request, case, lambda at: decide_ways_out([decision], by=user, at=at), done)


@require_POST
def decide_listed(request: HttpRequest, key: int) -> HttpResponse:
    """The same from the list of all that waits; returns to the list."""
    writer = require_writer(request.user)
    way_out = get_way_out(writer, key)
    if not waiting_ways_out(writer).filter(pk=way_out.pk).exists():
        raise Http404
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a decision, and say why where you turn it down."))
        return redirect("cases:ways-out")
    try:
        decide_ways_out([_decision(way_out.pk, form)], by=writer, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _("Nothing was changed: somebody decided on it meanwhile."))
    else:
        messages.success(request, _("The decision is recorded."))
    return redirect("cases:ways-out")


def _decision(key: int, form: Form) -> Decision:
    said: dict[str, Any] = form.cleaned_data
    return Decision(key, said["decision"] == "confirm", said["said"])


@require_POST
def refer(request: HttpRequest, key: int) -> HttpResponse:
    """Ask another county to help with the case."""
    user, case = writer_and_case(request, key)
    form = ReferForm(request.POST, auto_id="refer-%s")
    found = counties_named(form.cleaned_data["county"]) if form.is_valid() else []
    if form.is_valid() and len(found) != 1:
        more = ", ".join(name for _code, name in found[:5])
        form.add_error("county", _("Which one? %s") % more if found else _("There is no county of this name."))
    if not form.is_valid():
        return show_case(request, case, {"refer": form}, status=WRONG)
    said = form.said()
    asked = Referred(case.pk, found[0][0], said["reason"], said["client_key"])
    return do(request, case, lambda at: send_referrals([asked], by=user, at=at), _("The county is asked."))


@require_POST
def follow(request: HttpRequest, key: int) -> HttpResponse:
    """Record how the job goes after the case ended in work."""
    user, case = writer_and_case(request, key)
    form = FollowForm(request.POST, auto_id="follow-%s")
    if not form.is_valid():
        return show_case(request, case, {steps.FOLLOW: form}, status=WRONG)
    asked = Asked(case=case.pk, **form.said())
    return do(request, case, lambda at: record_follow_ups([asked], by=user, at=at), _("The follow-up is recorded."))
