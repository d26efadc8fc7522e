"""The page of zero-employment families: by place, by state, each with its household and case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.monitoring import queries
from bangfu.monitoring.access import visible_families
from bangfu.monitoring.family_lines import (
    ORDER,
    STATES,
    by_place,
    chosen_families,
    counts_of,
    family_lines,
    read_choice,
)
from bangfu.ui.pages import keyset_page, render_part


@never_cache
@require_GET
def family_list(request: HttpRequest) -> HttpResponse:
    """The families of the area in a state, the first to expire first, with counts by state and place."""
    user: Any = request.user
    today = timezone.localdate()
    choice = read_choice(user, request.GET)
    inside = choice.area.narrow(visible_families(user))
    page = keyset_page(chosen_families(user, choice, today), ORDER, after=request.GET.get("after", ""))
    counts = counts_of(inside, today)
    context = {
        "page": page, "lines": family_lines(user, page.rows, today), "choice": choice, "area": choice.area,
        "states": STATES.items(), "counts": counts, "total": dict(counts.cells)[choice.state], "today": today,
        "may_export": user.may_export(),
    }  # fmt: skip
    return render_part(
        request, "monitoring/families.html", "monitoring/_families.html", context,
        full=lambda: {"places": by_place(inside, choice.area, today), "night": queries.last_night()},
    )  # fmt: skip
