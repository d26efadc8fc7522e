"""Pages of signals: the rules with what is open, and one rule with its persons."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.cases.choices import Finding as Found
from bangfu.cases.words import spoken
from bangfu.monitoring import queries
from bangfu.monitoring.access import get_signals, may_waive, visible_signals
from bangfu.monitoring.actions import OPENS_CASE
from bangfu.monitoring.alarm_pages import open_alarms
from bangfu.monitoring.checks import ALL, STATES, TO_CHECK, check_signals
from bangfu.monitoring.feed_words import kind_name
from bangfu.monitoring.listing import ORDER, rule_for, rules_for, signal_lines
from bangfu.monitoring.rule_words import rule_in_words
from bangfu.monitoring.words import CHECK_STATES as STATE_WORDS
from bangfu.monitoring.words import SEVERITIES
from bangfu.people.area import read_area
from bangfu.rulebook.rules import SEVERITIES as IN_ORDER
from bangfu.rulebook.rules import Rule
from bangfu.ui.fields import MinutesField
from bangfu.ui.pages import keyset_page, render_part

MOST = 500


@dataclass(frozen=True)
class RuleLine:
    """A rule in the reader's words, with what is open."""

    rule: Rule
    name: str
    source: str
    advice: str
    severity: str
    colour: str
    open: queries.OpenCount


@require_GET
def signal_list(request: HttpRequest) -> HttpResponse:
    """The rules that hold in the user's division today, the most severe first, with the signals open in the area."""
    user: Any = request.user
    area = read_area(user, request.GET)
    night = queries.last_night()
    counts = queries.open_counts(area.narrow(visible_signals(user)), night.acted_on if night else None)
    lines = [_rule_line(rule, counts.get(rule.code, queries.OpenCount())) for rule in rules_for(user.division)]
    lines.sort(key=lambda line: (IN_ORDER.index(line.rule.severity), line.rule.code))
    context = {
        "lines": lines, "area": area, "night": night, "total": sum(line.open.all for line in lines),
        "new": sum(line.open.new for line in lines),
        "in_area": f"?{urlencode(area.parameters)}" if area.parameters else "",
        "alarms": open_alarms(user),
        "feeds": [(kind_name(feed.kind), feed) for feed in queries.last_feeds(user.division)],
    }  # fmt: skip
    return render_part(request, "monitoring/list.html", "monitoring/_list.html", context)


def _rule_line(rule: Rule, counts: queries.OpenCount) -> RuleLine:
    words, colour = SEVERITIES[rule.severity]
    advice = spoken(rule.advice) if rule.advice else ""
    return RuleLine(rule, spoken(rule.name), spoken(rule.source), advice, str(words), colour, counts)


@require_GET
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in words, and the persons of whom it is true, the newest first."""
    user: Any = request.user
    rule = rule_for(code, user.division)
    area = read_area(user, request.GET)
    is_checked = rule.opens != OPENS_CASE
    state = request.GET.get("state", "") if is_checked else ALL
    state = state if state in STATES else TO_CHECK
    rows = queries.open_of_rule(area.narrow(visible_signals(user)), code).filter(STATES[state])
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "lines": signal_lines(user, rule, page.rows),
        "area": area,
        "code": code,
        "may_export": user.may_export(),
        "is_checked": is_checked,
        "state": state,
        "states": [(one, STATE_WORDS[one]) for one in STATES],
        "may_check": is_checked and user.may_write(),
        "findings": Found.choices,
    }
    return render_part(
        request, "monitoring/rule.html", "monitoring/_signals.html", {**context, "total": rows.count()},
        full=lambda: {
            "line": _rule_line(rule, queries.OpenCount()), "shown": rule_in_words(rule), "may_try": may_waive(user),
        },
    )  # fmt: skip


class CheckForm(forms.Form):
    """What a look into signals found, and the minutes that each of them took."""

    finding = forms.ChoiceField(choices=Found.choices)
    minutes = MinutesField()


@require_POST
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Record what was found about the signals chosen."""
    user = require_writer(request.user)
    signals = get_signals(user, code, request.POST.getlist("signal")[:MOST])
    form = CheckForm(request.POST)
    back = redirect(f"{reverse('monitoring:rule', args=[code])}{_narrowed(user, request)}")
    if not signals:
        messages.error(request, _("Nothing is chosen, or it was answered meanwhile."))
    elif not form.is_valid():
        messages.error(request, _("Minutes: a whole number from 1 to 480, or nothing."))
    else:
        told = form.cleaned_data
        done = check_signals(signals, told["finding"], told["minutes"], by=user, at=timezone.now())
        messages.success(request, ngettext("%d looked into.", "%d looked into.", done) % done)
    return back


def _narrowed(user: Any, request: HttpRequest) -> str:
    kept = read_area(user, request.POST).parameters
    if request.POST.get("state", "") in STATES:
        kept["state"] = request.POST["state"]
    return f"?{urlencode(kept)}" if kept else ""
