"""Pages on which a rule is tried with other values: the form, the progress, what it would have found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bangfu.cases.words import spoken
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.monitoring.access import get_trial, require_waiver
from bangfu.monitoring.checks import capacities, office_of
from bangfu.monitoring.listing import rule_for
from bangfu.monitoring.precision import Precision
from bangfu.monitoring.precision_pages import PrecisionLine, precision_line
from bangfu.monitoring.rule_words import refusal_words
from bangfu.monitoring.tasks import run_trial_task
from bangfu.monitoring.trials import NOW, TRIED, begin_trial
from bangfu.monitoring.words import parameter_words
from bangfu.rulebook.errors import RuleError
from bangfu.rulebook.rules import Rule
from bangfu.ui.fields import TextField

WRONG = 422


class ValuesForm(forms.Form):
    """The values of a rule's parameters, as they hold today or as somebody wants to try them."""

    def __init__(self, rule: Rule, data: Any = None) -> None:
        super().__init__(data, auto_id="try-%s")
        today = timezone.localdate()
        for name, parameter in rule.parameters.items():
            value = parameter.on(rule.code, today).value
            told = ",".join(value) if isinstance(value, tuple) else str(value)
            self.fields[name] = TextField(label=parameter_words(name), max_length=200, initial=told)
            self.fields[name].widget.attrs["inputmode"] = "numeric" if parameter.type == "count" else "text"


@dataclass(frozen=True)
class Side:
    """What one form of the rule would have found: the numbers, and what is to be expected of a week (None = nobody
    of those was looked into)."""

    told: Mapping[str, Any]
    line: PrecisionLine
    true_weekly: tuple[float, float, float] | None
    minutes_weekly: float | None


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """The form; sent, the trial begins in the background. Raises Http404 where no such rule holds."""
    user = require_waiver(request.user)
    rule = rule_for(code, user.division)
    form = ValuesForm(rule, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = begin_trial(rule, form.cleaned_data, user.division, by=user, at=timezone.now())
        except RuleError as refusal:
            form.add_error(refusal.path.split(".")[0] or None, refusal_words(refusal))
        else:
            run_trial_task.enqueue(str(made.pk))
            return redirect("monitoring:trial", code, made.pk)
    context = {"form": form, "rule": rule, "name": spoken(rule.name)}
    return render(request, "monitoring/try.html", context, status=WRONG if form.errors else 200)


@never_cache
@require_GET
def trial(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """How far a trial has come, or what it found. Raises Http404 for somebody else's."""
    viewer: Any = request.user
    made = get_trial(viewer, code, key)
    rule = rule_for(code, made.division)
    stated = {division: weekly for division, weekly in capacities().items() if weekly is not None}
    context = {
        "trial": made, "rule": rule, "name": spoken(rule.name), "form": ValuesForm(rule, made.values),
        "place": full_names_of([made.division], above=COUNTY).get(made.division, ""),
        "capacity": stated.get(office_of(made.division, stated)),
        "sides": {name: side(rule, made.result[name]) for name in (NOW, TRIED)} if made.result else {},
        "values": [(parameter_words(name), value) for name, value in made.values.items()],
    }  # fmt: skip
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    return render(request, "monitoring/_trial.html" if part else "monitoring/trial.html", context)


def side(rule: Rule, told: Mapping[str, Any]) -> Side:
    """One form of the rule with what a week of it is worth, from the answers about those whom it found."""
    found = Precision(told["persons"], dict(told["found"]), told["minutes"], told["timed"])
    line, weekly = precision_line(rule, found), told["weekly"]
    ends = None
    if found.share is not None and found.interval is not None:
        ends = (weekly * found.interval[0], weekly * found.share, weekly * found.interval[1])
    return Side(told, line, ends, weekly * found.each if found.each is not None else None)
