"""The list of all cases."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.cases.choices import Outcome
from bangfu.cases.listing import ORDER, lines_of, read_list
from bangfu.divisions.queries import children_of
from bangfu.ui.pages import keyset_page, render_part


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases inside the user's duties, the newest first; filters by state, outcome and division in the URL."""
    user: Any = request.user
    listing = read_list(user, request.GET)
    page = keyset_page(listing.rows, ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page, "lines": lines_of(page.rows), "now": timezone.now(), "state": listing.state or "all",
        "outcome": listing.outcome, "division": listing.division, "backlog": listing.backlog, "month": listing.month,
        "may_export": user.may_export(),
    }  # fmt: skip
    return render_part(
        request, "cases/list.html", "cases/_list.html", context,
        full=lambda: {"outcomes": Outcome.choices, "divisions": children_of(user.division) if user.division else []},
    )  # fmt: skip
