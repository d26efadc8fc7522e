"""Lists of what waits for a second person or for the county: ways out, and legs that ran out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import get_division_code, require_writer
from bangfu.cases.access import CONFIRMERS, COUNTY_OFFICERS, visible_escalations, visible_ways_out
from bangfu.cases.actions import NotAllowedNow
from bangfu.cases.course_forms import DecideForm, TakeUpForm
from bangfu.cases.escalating import take_up
from bangfu.cases.words import leg_name
from bangfu.core.keys import read_key
from bangfu.divisions.queries import children_of, full_names_of, within
from bangfu.divisions.ranges import COUNTY, code_range
from bangfu.ui.pages import keyset_page

STATES = ("waiting", "decided")


@never_cache
@require_GET
def ways_out(request: HttpRequest) -> HttpResponse:
    """Ways out of the user's duties, those that wait or those decided, the newest first."""
    user: Any = request.user
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    rows = visible_ways_out(user).filter(confirmed__isnull=state == "waiting")
    rows = rows.select_related("case__person", "proposed_by", "decided_by")
    page = keyset_page(rows, ("-id",), after=request.GET.get("after", ""))
    places = full_names_of([row.case.division for row in page.rows], above=COUNTY)
    may_decide = user.may_write() and user.holds(CONFIRMERS)
    lines = [
        (row, places.get(row.case.division, ""), DecideForm(auto_id=f"decide-{row.pk}-%s") if may_decide else None)
        for row in page.rows
    ]
    context = {"page": page, "lines": lines, "state": state, "may_decide": may_decide}
    return render(request, "cases/ways_out.html", context)


@never_cache
@require_GET
def escalations(request: HttpRequest) -> HttpResponse:
    """Legs that ran out and wait for the county, the longest first; or those taken up, the newest first."""
    user: Any = request.user
    state = request.GET.get("state", "")
    state = state if state in {"taken"} else "waiting"
    asked = request.GET.get("division", "")
    division = get_division_code(user, asked) if asked else ""
    rows = visible_escalations(user).select_related("leg__case__person", "leg__case__helper", "taken_up_by")
    if division:
        rows = rows.filter(within([code_range(division)], "leg__case__division"))
    if state == "waiting":
        rows, order = rows.filter(measure="", leg__done_at__isnull=True), ("leg__due_at", "id")
    else:
        rows, order = rows.exclude(measure=""), ("-id",)
    page = keyset_page(rows, order, after=request.GET.get("after", ""))
    places = full_names_of([row.leg.case.division for row in page.rows], above=COUNTY)
    lines = [(row, places.get(row.leg.case.division, ""), leg_name(row.leg.stage)) for row in page.rows]
    context = {
        "page": page, "lines": lines, "state": state, "now": timezone.now(), "division": division,
        "divisions": children_of(user.division) if user.division else [],
        "form": TakeUpForm() if user.may_write() and user.holds(COUNTY_OFFICERS) else None,
    }  # fmt: skip
    return render(request, "cases/escalations.html", context)


@require_POST
def escalations_taken_up(request: HttpRequest) -> HttpResponse:
    """Write down what the county does about the selected legs."""
    user = require_writer(request.user)
    wanted = {key for key in map(read_key, request.POST.getlist("escalation")) if key is not None}
    found = set(visible_escalations(user).filter(pk__in=wanted).values_list("pk", flat=True))
    if not user.holds(COUNTY_OFFICERS) or found != wanted:
        raise Http404
    form = TakeUpForm(request.POST)
    if not wanted or not form.is_valid():
        messages.error(request, _("Nothing was changed: select rows and choose what the county does."))
        return redirect("cases:escalations")
    said = form.cleaned_data
    try:
        count = take_up(sorted(wanted), said["measure"], said["words"], by=user, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _("Nothing was changed: one of the legs is done meanwhile. Load the list again."))
    else:
        messages.success(request, ngettext("%d leg is taken up.", "%d legs are taken up.", count) % count)
    return redirect("cases:escalations")
