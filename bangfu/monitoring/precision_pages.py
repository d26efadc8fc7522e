"""Pages of a signal's worth: how often each rule was right, what was found, and how much an office can look into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import get_division_code, may_see_division, require_writer
from bangfu.cases.choices import Finding
from bangfu.cases.words import spoken
from bangfu.core.retirement import add_months
from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, TOWN, level_of
from bangfu.monitoring.access import may_waive, require_waiver
from bangfu.monitoring.checks import capacities, state_capacity
from bangfu.monitoring.listing import rule_for, rules_for
from bangfu.monitoring.precision import ANSWERS, Answered, Precision, answered_of, precision_of
from bangfu.people.area import Area, read_area
from bangfu.rulebook.rules import Rule
from bangfu.ui.pages import Page, render_part

MONTHS, MOST_WEEKLY, _SIZE, _WIDTH, _MARGIN = 12, 9999, 25, 160, 5


@dataclass(frozen=True)
class PrecisionLine:
    """A rule with its precision; `bar` holds the x of the interval's ends and of the share in a plot of 160 units,
    None where nobody looked."""

    rule: Rule
    name: str
    precision: Precision
    shares: tuple[int, int, int] | None
    bar: tuple[int, int, int] | None


@never_cache
@require_GET
def precision(request: HttpRequest) -> HttpResponse:
    """How often each rule was right in the last 12 months, in the area."""
    user: Any = request.user
    area, since = read_area(user, request.GET), since_day(timezone.localdate())
    rules = {rule.code: rule for rule in rules_for(user.division)}
    found = precision_of(user, area, list(rules), since)
    lines = [precision_line(rules[code], one) for code, one in found.items()]
    lines.sort(key=lambda line: (-line.precision.answered, -line.precision.raised, line.rule.code))
    context = {
        "lines": lines, "area": area, "since": since, "parameters": area.parameters,
        "offices": _offices(user, area), "may_state": may_waive(user),
    }  # fmt: skip
    return render_part(request, "monitoring/precision.html", "monitoring/_precision.html", context)


def since_day(today: date) -> date:
    """The first day of what a precision rests on."""
    return add_months(today, -MONTHS)


def precision_line(rule: Rule, found: Precision) -> PrecisionLine:
    """The precision of a rule as a page shows it; shares in whole percent."""
    if found.interval is None or found.share is None:
        return PrecisionLine(rule, spoken(rule.name), found, None, None)
    ends = (found.interval[0], found.interval[1], found.share)
    shares = tuple(round(end * 100) for end in ends)
    bar = tuple(_MARGIN + round(end * (_WIDTH - 2 * _MARGIN)) for end in ends)
    return PrecisionLine(rule, spoken(rule.name), found, shares, bar)  # type: ignore[arg-type]


def _offices(user: Any, area: Area) -> Sequence[tuple[str, str, int | None, bool]]:
    """The reader's own office or the one chosen, and what offices inside the area stated: code, name, number, own."""
    stated = capacities()
    code = area.code or user.division
    around = area.range
    inside = [one for one in stated if (around is None or around[0] <= one < around[1]) and may_see_division(user, one)]
    shown = list(dict.fromkeys([*([code] if level_of(code) in (COUNTY, TOWN) else []), *sorted(inside)]))[:_SIZE]
    names, own = full_names_of(shown, above=COUNTY), names_of(shown)
    return [(one, names.get(one) or own.get(one, one), stated.get(one), one == code) for one in shown]


@never_cache
@require_GET
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """Who was looked into for a rule, and what was found, the newest first. Raises Http404."""
    user: Any = request.user
    rule = rule_for(code, user.division)
    area, finding = read_area(user, request.GET), request.GET.get("finding", "")
    finding = finding if finding in ANSWERS else ""
    begin = int(text) if (text := request.GET.get("after", "")).isascii() and text.isdigit() and len(text) < 8 else 0
    since = since_day(timezone.localdate())
    rows, total = answered_of(user, area, code, since, finding, begin + _SIZE)
    shown = rows[begin:]
    page: Page[Answered] = Page(shown, str(begin + _SIZE) if total > begin + _SIZE else "", begin > 0)
    places = full_names_of([row.division for row in shown], above=COUNTY)
    lines = [(row, places.get(row.division, ""), Finding(row.finding).label) for row in shown]
    context = {
        "name": spoken(rule.name), "code": code, "area": area, "page": page, "total": total, "finding": finding,
        "findings": Finding.choices, "lines": lines,
    }  # fmt: skip
    return render_part(request, "monitoring/answers.html", "monitoring/_answers.html", context)


class CapacityForm(forms.Form):
    """How many signals an office can look into in a week; left empty: all."""

    weekly = forms.IntegerField(min_value=1, max_value=MOST_WEEKLY, required=False)
    division = forms.CharField(max_length=12)


@require_POST
def capacity(request: HttpRequest) -> HttpResponse:
    """State what an office of one's duties can look into in a week."""
    viewer = require_writer(request.user)
    division, form = get_division_code(viewer, request.POST.get("division", "")), CapacityForm(request.POST)
    user = require_waiver(viewer)
    if level_of(division) not in (COUNTY, TOWN):
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Give a whole number from 1 to %d, or nothing for all.") % MOST_WEEKLY)
        return redirect("monitoring:precision")
    weekly = form.cleaned_data["weekly"]
    state_capacity({division: weekly}, by=user, at=timezone.now())
    words = {"office": names_of([division]).get(division, division), "number": weekly}
    said = _("%(office)s looks into %(number)d signals a week.") if weekly else _("%(office)s looks into all signals.")
    messages.success(request, said % words)
    return redirect("monitoring:precision")
