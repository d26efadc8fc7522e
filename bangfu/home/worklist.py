"""The worklist: what must be done, the most urgent first."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.models import User
from bangfu.accounts.roles import Role
from bangfu.accounts.special import unseen_count
from bangfu.cases import queries
from bangfu.cases.access import visible_cases, visible_escalations, visible_referrals, waiting_ways_out
from bangfu.cases.actions import NotAllowedNow, assign_helper
from bangfu.cases.choices import Channel
from bangfu.cases.clockwork import clock
from bangfu.cases.pairing_board import late_visits
from bangfu.cases.pausing import Tried, note_attempts
from bangfu.cases.words import spoken, term_of
from bangfu.core.keys import read_key, read_uuid
from bangfu.divisions.queries import children_of
from bangfu.divisions.ranges import COUNTY, TOWN, level_of
from bangfu.home.causes import cause_name
from bangfu.home.queries import sum_of_people
from bangfu.home.worklist_rows import ORDER, Choice, lines_of, narrow_rows, wide_rows
from bangfu.monitoring.access import visible_alarms, visible_families, visible_findings
from bangfu.monitoring.coverage_pages import coverage_lines
from bangfu.monitoring.family_lines import OVERDUE as OVERDUE_FAMILY
from bangfu.monitoring.family_lines import SOON, in_state
from bangfu.monitoring.proof import last_proof
from bangfu.monitoring.queries import OVERDUE, findings_in
from bangfu.ui.pages import keyset_page, render_part

_CLOSED_MEANWHILE = gettext_lazy("Nothing was changed: one of the cases is closed already. Load the list again.")


def _begins_elsewhere(user: Any) -> str:
    """The first page of an administrator; "" for everybody else."""
    first = {
        Role.SYSTEM_ADMIN: "accounts:users",
        Role.SECURITY_ADMIN: "accounts:approvals",
        Role.AUDIT_ADMIN: "home:audit",
    }
    return "" if user.ranges() else next((page for role, page in first.items() if user.holds({role})), "")


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """The queues and the rows of one page of them; filters are codes in the URL. Who sees nobody begins elsewhere."""
    if begin := _begins_elsewhere(request.user):
        return redirect(begin)
    user: Any = request.user
    now = timezone.now()
    choice = Choice.read(user, request.GET)
    wide = wide_rows(user, choice, now)
    rows = narrow_rows(wide, user, choice, now)
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""), keys_first=True)
    context = {
        "page": page, "lines": lines_of(page.rows), "choice": choice, "now": now, "may_write": user.may_write(),
        "may_export": user.may_export(), "counts": queries.worklist_counts(wide, now, helper=user.pk),
        "filters": request.GET.urlencode(), "client_key": uuid4(),
    }  # fmt: skip
    return render_part(request, "home/worklist.html", "home/_worklist.html", context, full=lambda: _frame(user, now))


def _frame(user: User, now: datetime) -> dict[str, Any]:
    found = queries.queues(queries.in_worklist(user), now)
    terms = {stage.code: term_of(stage) for stage in clock().stages}
    return {
        "queues": [(queue, spoken(queue.words), terms.get(queue.stage, "")) for queue in found],
        "overdue": sum(queue.overdue for queue in found),
        "today": sum(queue.today for queue in found),
        "divisions": children_of(user.division) if user.division else [],
        "causes": [(code, cause_name(code)) for code in queries.open_causes(user)],
        **_everybody(user),
        "looks": unseen_count(user),
        "alarms": visible_alarms(user).filter(closed_on__isnull=True).count(),
        "late_findings": _late_findings(user, now),
        "families": _families(user, now),
        **_waiting(user),
        "visits": late_visits(user, timezone.localdate(now)),
    }


def _everybody(user: User) -> dict[str, Any]:
    """Where everybody stands by last night's proof; in a village, or before the first night, the sum of people."""
    proof = last_proof() if level_of(user.division) <= TOWN else None
    if proof is None:
        return {"sum": sum_of_people(user)}
    return {"proof": proof, "coverage": coverage_lines(proof, user.division)[:1]}


def _late_findings(user: User, now: datetime) -> int:
    """Data that should have been set right by now; 0 for who works above a county and leaves it to the counties."""
    if level_of(user.division) < COUNTY:
        return 0
    return findings_in(visible_findings(user), OVERDUE, timezone.localdate(now)).count()


def _waiting(user: User) -> dict[str, int]:
    """Ways out that wait for somebody else than the user, and legs that ran out and wait for the county."""
    return {
        "ways_out": waiting_ways_out(user).count(),
        "referrals": visible_referrals(user, sent=False).filter(answer="").count(),
        "escalations": visible_escalations(user).filter(measure="", leg__done_at__isnull=True).count(),
    }


def _families(user: User, now: datetime) -> int:
    """Zero-employment families past their quarter or near its end; 0 for who works above a county."""
    if level_of(user.division) < COUNTY:
        return 0
    today = timezone.localdate(now)
    return visible_families(user).filter(in_state(OVERDUE_FAMILY, today) | in_state(SOON, today)).count()


@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Take the selected cases into the user's own hands."""
    user, cases = _selected(request)
    try:
        assign_helper(cases, user, by=user, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _CLOSED_MEANWHILE)
    else:
        said = ngettext("%d case is yours now.", "%d cases are yours now.", len(cases)) % len(cases)
        messages.success(request, said)
    return _back(request)


@require_POST
def attempts(request: HttpRequest) -> HttpResponse:
    """Record for the selected cases that the person was rung up in vain. A form that is sent twice counts once."""
    user, cases = _selected(request)
    sent = read_uuid(request.POST.get("client_key", ""))
    if sent is None:
        raise Http404
    tried = [Tried(case, Channel.PHONE, f"{sent}-{case}") for case in cases]
    try:
        note_attempts(tried, by=user, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _CLOSED_MEANWHILE)
    else:
        said = ngettext("%d attempt is recorded.", "%d attempts are recorded.", len(cases)) % len(cases)
        messages.success(request, said)
    return _back(request)


def _selected(request: HttpRequest) -> tuple[User, list[int]]:
    """The user, who may write, and the keys of the selected cases. Raises Http404 for none, or one outside the user's
    duties, PermissionDenied."""
    user = require_writer(request.user)
    wanted = {key for key in map(read_key, request.POST.getlist("case")) if key is not None}
    cases = set(visible_cases(user).filter(pk__in=wanted).values_list("pk", flat=True))
    if cases != wanted or not cases:
        raise Http404
    return user, sorted(cases)


def _back(request: HttpRequest) -> HttpResponse:
    filters = QueryDict(request.POST.get("filters", "")).urlencode()
    return redirect(reverse("home:worklist") + (f"?{filters}" if filters else ""))
