"""Pages of the data's quality: what waits to be set right, the certain fixes, the waivers."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.models import User
from bangfu.core.keys import read_key
from bangfu.core.retirement import add_months
from bangfu.monitoring import quality, queries
from bangfu.monitoring.access import get_findings, may_waive, require_waiver
from bangfu.monitoring.finding_lines import (
    ORDER,
    STATES,
    Choice,
    by_place,
    by_rule,
    chosen_findings,
    finding_lines,
    findings_in_area,
    read_choice,
    total_of,
)
from bangfu.monitoring.models import Finding
from bangfu.monitoring.rule_words import rule_in_words
from bangfu.ui.fields import DayField, TextField
from bangfu.ui.pages import keyset_page, render_part

MOST = 5000
WRONG = 422


class WaiverForm(forms.Form):
    """Why the facts are right as they are, and when to look again."""

    reason = TextField(
        label=gettext_lazy("Why is it right as it is?"), max_length=200,
        help_text=gettext_lazy("What was looked into, and who said so by office; no names or numbers."),
    )  # fmt: skip
    until = DayField(label=gettext_lazy("Look at it again on"))

    def __init__(self, data: Any = None, *, today: Any) -> None:
        super().__init__(data, initial={"until": add_months(today, 6)}, auto_id="waiver-%s")
        self.today = today
        limits = {"min": today.isoformat(), "max": quality.longest_waiver(today).isoformat()}
        self.fields["until"].widget.attrs.update(limits)

    def clean_until(self) -> Any:
        """After today, within a year."""
        until = self.cleaned_data["until"]
        if not self.today < until <= quality.longest_waiver(self.today):
            raise forms.ValidationError(_("The day must lie within the next 12 months."))
        return until


@never_cache
@require_GET
def finding_list(request: HttpRequest) -> HttpResponse:
    """The findings of the area, the most urgent first, with counts by rule and by place."""
    user: Any = request.user
    today = timezone.localdate()
    choice = read_choice(user, request.GET)
    inside = findings_in_area(user, choice.area)
    page = keyset_page(chosen_findings(user, choice, today), ORDER, after=request.GET.get("after", ""))
    rules = by_rule(inside, today)
    lines = finding_lines(user, page.rows)
    context = {
        "page": page, "lines": lines, "choice": choice, "area": choice.area, "rules": rules,
        "states": STATES.items(), "total": total_of(rules, choice), "today": today, "may_write": user.may_write(),
        "may_export": user.may_export(), "may_waive": may_waive(user), "fixable": any(line.fix for line in lines),
    }  # fmt: skip
    return render_part(
        request, "monitoring/findings.html", "monitoring/_findings.html", context,
        full=lambda: {
            "places": by_place(inside, choice.area, today), "night": queries.last_night(),
            "shown": rule_in_words(quality.quality_rules()[choice.rule]) if choice.rule else None,
        },
    )  # fmt: skip


def _chosen(request: HttpRequest, user: User) -> tuple[Sequence[Finding], Choice]:
    """Those that were ticked, the one whose button was pressed or, with `all`, everybody of the list's filter."""
    choice = read_choice(user, request.POST)
    if "all" in request.POST:
        return list(chosen_findings(user, choice, timezone.localdate()).order_by(*ORDER)[: MOST + 1]), choice
    keys = request.POST.getlist("only") or request.POST.getlist("finding")
    return get_findings(user, keys[: MOST + 1]), choice


def _refused(request: HttpRequest, findings: Sequence[Finding]) -> bool:
    """Whether the choice cannot be worked on; says why."""
    if not findings:
        messages.error(request, _("Nothing is chosen, or it was set right meanwhile."))
    elif len(findings) > MOST:
        messages.error(request, _("More than %d findings: narrow the list.") % MOST)
    return not 0 < len(findings) <= MOST


def _back(request: HttpRequest, choice: Choice) -> HttpResponse:
    """To the person whose page was left, else to the list with its filter."""
    person = read_key(request.POST.get("person", ""))
    if person is not None:
        return redirect("home:person", person)
    return redirect(list_url(choice.parameters))


def list_url(parameters: Mapping[str, str]) -> str:
    """The address of the list with that filter."""
    query = urlencode(parameters)
    return reverse("monitoring:findings") + (f"?{query}" if query else "")


@require_POST
def fix(request: HttpRequest) -> HttpResponse:
    """Record what the rules say is the only right answer."""
    user = require_writer(request.user)
    findings, choice = _chosen(request, user)
    if _refused(request, findings):
        return _back(request, choice)
    fixed = quality.fix_findings(findings, by=user, at=timezone.now())
    left = len(findings) - fixed
    if fixed:
        messages.success(request, ngettext("%d set right.", "%d set right.", fixed) % fixed)
    if left:
        said = ngettext(
            "%d was left alone: somebody must find out what is right.",
            "%d were left alone: somebody must find out what is right.",
            left,
        )
        messages.warning(request, said % left)
    return _back(request, choice)


@never_cache
@require_POST
def waive(request: HttpRequest) -> HttpResponse:
    """The form for those chosen; sent with a reason and an end, they are waived."""
    user = require_waiver(request.user)
    findings, choice = _chosen(request, user)
    if _refused(request, findings):
        return _back(request, choice)
    now = timezone.now()
    form = WaiverForm(request.POST if "reason" in request.POST else None, today=timezone.localdate(now))
    if form.is_valid():
        said = form.cleaned_data
        waived = quality.waive_findings(findings, said["reason"], said["until"], by=user, at=now)
        messages.success(request, ngettext("%d waived.", "%d waived.", waived) % waived)
        return _back(request, choice)
    context = {
        "form": form, "findings": findings, "lines": finding_lines(user, findings[:10]), "choice": choice,
        "person": request.POST.get("person", ""), "back": list_url(choice.parameters),
    }  # fmt: skip
    return render(request, "monitoring/waive.html", context, status=WRONG if form.errors else 200)


@require_POST
def end_waiver(request: HttpRequest) -> HttpResponse:
    """Take waivers back: the findings wait again."""
    user = require_waiver(request.user)
    findings, choice = _chosen(request, user)
    if _refused(request, findings):
        return _back(request, choice)
    ended = quality.end_waivers(findings, by=user, at=timezone.now())
    messages.success(request, ngettext("%d waiver taken back.", "%d waivers taken back.", ended) % ended)
    return _back(request, choice)
