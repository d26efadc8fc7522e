"""The list of all cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code
from bangfu.cases.access import visible_cases
from bangfu.cases.models import Case, Outcome
from bangfu.cases.queries import filter_cases
from bangfu.cases.words import leg_name
from bangfu.divisions.queries import children_of, full_names_of
from bangfu.divisions.ranges import COUNTY, code_range
from bangfu.ui.pages import keyset_page, render_part

STATES = ("open", "closed")


@dataclass(frozen=True)
class Line:
    """One row of the list; `leg` and `due_at` are those of an open case."""

    case: Case
    place: str
    leg: str
    due_at: datetime | None


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases inside the user's duties, the newest first; filters by state, outcome and division in the URL."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else ""
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    division = request.GET.get("division", "")
    inside = code_range(get_division_code(request.user, division)) if division else None
    rows = filter_cases(visible_cases(request.user), state=state, outcome=outcome, division=inside)
    page = keyset_page(rows, ("turn",), after=request.GET.get("after", ""))
    context = {"page": page, "lines": _lines(page.rows), "now": timezone.now()}
    choices: dict[str, Any] = {"state": state or "all", "outcome": outcome, "division": division}
    user: Any = request.user
    return render_part(
        request, "cases/list.html", "cases/_list.html", {**context, **choices},
        full=lambda: {"outcomes": Outcome.choices, "divisions": children_of(user.division) if user.division else []},
    )  # fmt: skip


def _lines(cases: Any) -> list[Line]:
    places = full_names_of([case.division for case in cases], above=COUNTY)
    return [
        Line(
            case,
            places.get(case.division, ""),
            leg_name(case.person.standing.leg, case.clock) if case.person.standing.leg else "",
            case.person.standing.due_at if case.closed_at is None else None,
        )
        for case in cases
    ]
