"""The plan for one person (一人一策): drafted from the survey, agreed, printed on A4 for two signatures."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import require_writer
from bangfu.cases.access import get_case, get_plan
from bangfu.cases.actions import NotAllowedNow
from bangfu.cases.models import Case
from bangfu.cases.plan_models import Plan
from bangfu.cases.planning import MEASURES, Measure, PlanMade, draft_of, make_plans, sign_plans
from bangfu.cases.queries import parts_of
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.home.deeds import WRONG
from bangfu.people.actions import note_look
from bangfu.people.identity import id_number, masked_id
from bangfu.ui.fields import DayField, KeyedForm, TextField


class GoalForm(KeyedForm):
    """What the plan is for."""

    goal = TextField(label=gettext_lazy("Goal"), max_length=200)


class MeasureForm(forms.Form):
    """One line of the plan; a line without words is left out."""

    what = TextField(label=gettext_lazy("Measure"), max_length=200, required=False)
    who = TextField(label=gettext_lazy("Who does it"), max_length=60, required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)


MeasureForms = formset_factory(MeasureForm, extra=3, max_num=MEASURES)


@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, key: int) -> HttpResponse:
    """The form of a new plan for a case, filled in from the last plan or from the survey."""
    user: Any = require_writer(request.user)
    case = get_case(user, key)
    if case.closed_at is not None:
        messages.error(request, _("Nothing was changed: the case is closed already."))
        return redirect("home:case", key=case.pk)
    if request.method == "GET":
        note_look(case.person, by=user, at=timezone.now(), purpose="case")
        goal, measures = _begin(case, user.name)
        initial = [{"what": one.what, "who": one.who, "until": one.until} for one in measures]
        return _shown(request, case, GoalForm(initial={"goal": goal}), MeasureForms(initial=initial), 200)
    form, lines = GoalForm(request.POST), MeasureForms(request.POST)
    if not form.is_valid() or not lines.is_valid():
        return _shown(request, case, form, lines, WRONG)
    measures = [Measure(one["what"], one["who"], one["until"]) for one in lines.cleaned_data if one.get("what")]
    if not measures:
        form.add_error(None, _("A plan has at least one measure."))
        return _shown(request, case, form, lines, WRONG)
    said = form.said()
    try:
        made = make_plans(
            [PlanMade(case.pk, said["goal"], measures, said["client_key"])], by=user, at=timezone.now()
        )  # fmt: skip
    except NotAllowedNow:
        messages.error(request, _("Nothing was changed: the case is closed already."))
        return redirect("home:case", key=case.pk)
    return redirect("home:plan-paper", key=made[0])


def _begin(case: Case, helper: str) -> tuple[str, list[Measure]]:
    parts = parts_of(case)
    last = max(case.plans.all(), key=lambda one: one.pk, default=None)
    if last is not None:
        return last.goal, [_measure(one) for one in last.measures]
    return draft_of(case, next(iter(parts["surveys"]), None), case.helper.name if case.helper else helper)


def _measure(kept: dict[str, str]) -> Measure:
    until = kept.get("until", "")
    return Measure(kept["what"], kept.get("who", ""), date.fromisoformat(until) if until else None)


def _shown(
    request: HttpRequest, case: Case, form: GoalForm, lines: BaseFormSet[MeasureForm], status: int
) -> HttpResponse:
    return render(request, "home/plan.html", {"case": case, "form": form, "lines": lines}, status=status)


@never_cache
@require_GET
def paper(request: HttpRequest, key: int) -> HttpResponse:
    """A plan as it is printed and signed."""
    kept: Plan = get_plan(request.user, key)
    case = kept.case
    note_look(case.person, by=request.user, at=timezone.now(), purpose="case")
    user: Any = request.user
    context = {
        "plan": kept, "case": case, "person": case.person, "id_masked": masked_id(id_number(case.person)),
        "measures": [_measure(one) for one in kept.measures],
        "place": full_names_of([case.division], above=COUNTY).get(case.division, ""),
        "county": full_names_of([case.division[:6].ljust(12, "0")]).get(case.division[:6].ljust(12, "0"), ""),
        "may_sign": user.may_write() and kept.signed_on is None and case.closed_at is None,
    }  # fmt: skip
    return render(request, "home/plan_paper.html", context)


@require_POST
def sign(request: HttpRequest, key: int) -> HttpResponse:
    """Note that the paper came back with both signatures."""
    user = require_writer(request.user)
    kept = get_plan(user, key)
    try:
        sign_plans([kept.pk], by=user, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _("Nothing was changed: a later plan replaced this one."))
    else:
        messages.success(request, _("The plan is signed."))
    return redirect("home:plan-paper", key=kept.pk)
