"""The page of differences between sources, side by side, and deciding them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.people import disputes
from bangfu.people.access import get_differences, visible_differences
from bangfu.people.area import read_area
from bangfu.people.deciding import decide_differences
from bangfu.people.fact_words import GROUPS
from bangfu.people.facts_shown import hidden_from
from bangfu.people.forms import DecisionForm
from bangfu.people.models import Difference
from bangfu.ui.pages import keyset_page, render_part


@require_GET
def difference_list(request: HttpRequest) -> HttpResponse:
    """What sources say otherwise than what is on file, the oldest first."""
    user: Any = request.user
    area, state = read_area(user, request.GET), request.GET.get("state", disputes.OPEN)
    state = state if state in {disputes.OPEN, disputes.DECIDED} else disputes.OPEN
    group = request.GET.get("group", "")
    rows = visible_differences(user)
    rows = area.narrow(rows, "person__standing__division")
    rows = disputes.in_state(rows, state, group if group in GROUPS else "")
    page = keyset_page(rows, ("id",), after=request.GET.get("after", ""))
    context = {
        "page": page, "sides": disputes.side_by_side(page.rows, hidden_from(user)), "area": area, "state": state,
        "group": group,
        "groups": GROUPS.items(), "total": rows.count(), "may_write": user.may_write(), "form": DecisionForm(),
    }  # fmt: skip
    return render_part(request, "people/differences.html", "people/_differences.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take the new values, or keep those on file, for the differences that were ticked."""
    user = require_writer(request.user)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.problems()))
        return redirect(_back(request))
    keys = [row.pk for row in get_differences(user, request.POST.getlist("row"))]
    if not keys:
        raise Http404
    try:
        decide_differences(
            keys, take=form.cleaned_data["decision"] == "take", reason=form.cleaned_data["reason"], by=user,
            at=timezone.now(),
        )  # fmt: skip
    except Difference.DoesNotExist:
        messages.error(request, _("Nothing was changed: somebody decided one of these meanwhile."))
    else:
        said = ngettext("%d difference decided.", "%d differences decided.", len(keys)) % len(keys)
        messages.success(request, said)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list with the filter that was on; only codes come back in the address."""
    kept = {name: request.POST[name] for name in ("group",) if request.POST.get(name) in GROUPS}
    query = "&".join(f"{name}={value}" for name, value in kept.items())
    return f"{reverse('people:differences')}{'?' + query if query else ''}"
