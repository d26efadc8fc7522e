"""Pages of the screen against made-up records: the findings, one with its records, its answer, the inspections."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PREFECTURE
from bangfu.monitoring import queries, screening
from bangfu.monitoring.access import (
    counties_to_inspect,
    get_inspection,
    get_screen_finding,
    may_enter_inspections,
    require_inspector,
    require_screener,
    visible_inspections,
)
from bangfu.monitoring.models import ScreenAnswer
from bangfu.monitoring.quality_pages import WRONG
from bangfu.monitoring.rule_words import rule_in_words
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.screen_lines import (
    FEW,
    ORDER,
    STATES,
    chosen_screen,
    read_choice,
    rows_behind,
    screen_lines,
)
from bangfu.monitoring.screen_others import other_rules
from bangfu.monitoring.screening import Held, NothingToAnswerError
from bangfu.people.access import visible_jobs
from bangfu.ui.fields import DayField, SelectField, TextField
from bangfu.ui.pages import Page, keyset_page, render_part

_SIZE = 25


class AnswerForm(forms.Form):
    """What looking into a finding gave."""

    answer = SelectField(label=gettext_lazy("What did it turn out to be?"), choices=ScreenAnswer.choices)
    said = TextField(
        label=gettext_lazy("What was looked into, and what was found"), max_length=300,
        help_text=gettext_lazy("No names or numbers of labourers."),
    )  # fmt: skip


class InspectionForm(forms.Form):
    """An inspection to be entered."""

    division = SelectField(label=gettext_lazy("County"))
    held_on = DayField(label=gettext_lazy("First day"))
    announced_by = TextField(label=gettext_lazy("Announced by"), max_length=100)
    note = TextField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, counties: Any) -> None:
        super().__init__(data)
        self.fields["division"].choices = counties


@never_cache
@require_GET
def screen_list(request: HttpRequest) -> HttpResponse:
    """The findings of the area, the newest first, with the other rules of the screen."""
    user = require_screener(request.user)
    choice = read_choice(user, request.GET)
    rows = chosen_screen(user, choice)
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page, "lines": screen_lines(user, page.rows), "choice": choice, "area": choice.area,
        "states": STATES.items(), "total": rows.count(), "few": FEW,
        "rules": [(one.rule.code, one.name) for one in map(rule_in_words, rulebook().screen())],
    }  # fmt: skip
    return render_part(
        request, "monitoring/screen.html", "monitoring/_screen.html", context,
        full=lambda: {
            "night": queries.last_night(), "others": other_rules(user, choice.area),
            "may_inspect": may_enter_inspections(user),
        },
    )  # fmt: skip


@never_cache
@require_GET
def screen_finding(request: HttpRequest, key: int) -> HttpResponse:
    """One finding: its figure, the records behind it, what somebody found when looking."""
    return _shown(request, key, AnswerForm(), 200)


def _shown(request: HttpRequest, key: int, form: AnswerForm, status: int) -> HttpResponse:
    user: Any = request.user
    finding = get_screen_finding(user, key)
    (line,) = screen_lines(user, [finding])
    keys = rows_behind(finding)
    start = min(_start(request.GET.get("from", "")), len(keys))
    shown = keys[start : start + _SIZE]
    jobs = {job.pk: job for job in visible_jobs(user, shown)}
    context = {
        "finding": finding, "line": line, "shown": rule_in_words(line.rule) if line.rule else None, "form": form,
        "rows": [jobs[one] for one in shown if one in jobs], "outside": sum(one not in jobs for one in shown),
        "total": len(keys), "start": start, "few": FEW,
        "page": Page(shown, "", start > 0), "next": start + _SIZE if start + _SIZE < len(keys) else None,
    }  # fmt: skip
    return render(request, "monitoring/screen_finding.html", context, status=status)


def _start(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else 0


@require_POST
def answer_finding(request: HttpRequest, key: int) -> HttpResponse:
    """Keep what looking into a finding gave."""
    user: Any = request.user
    finding = get_screen_finding(user, key)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, key, form, WRONG)
    said = form.cleaned_data
    try:
        screening.answer_screen([finding.pk], said["answer"], said["said"], by=user, at=timezone.now())
    except NothingToAnswerError:
        messages.error(request, _("Nothing was changed: the figures are usual again since."))
    else:
        messages.success(request, _("The answer is kept."))
    return redirect("monitoring:screen-finding", key)


@never_cache
@require_http_methods(["GET", "POST"])
def inspections(request: HttpRequest) -> HttpResponse:
    """The inspections of the user's counties; sent, one more is entered."""
    user = require_inspector(request.user)
    form = InspectionForm(request.POST if request.method == "POST" else None, counties=counties_to_inspect(user))
    if form.is_valid():
        screening.enter_inspections([Held(**form.cleaned_data)], by=user, at=timezone.now())
        messages.success(request, _("The inspection is entered."))
        return redirect("monitoring:inspections")
    rows = list(visible_inspections(user).select_related("entered_by").order_by("-held_on", "-id")[:100])
    places = full_names_of([row.division for row in rows], above=PREFECTURE)
    context = {
        "form": form, "rows": [(row, places.get(row.division, row.division)) for row in rows],
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "monitoring/inspections.html", context, status=WRONG if form.errors else 200)


@require_POST
def withdraw_inspection(request: HttpRequest, key: int) -> HttpResponse:
    """Take an inspection back that was entered by mistake."""
    user = require_inspector(request.user)
    screening.withdraw_inspections([get_inspection(user, key).pk], by=user, at=timezone.now())
    messages.success(request, _("The inspection is taken back."))
    return redirect("monitoring:inspections")
