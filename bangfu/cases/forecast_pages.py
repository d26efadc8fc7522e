"""The page of the forecast: what each helper and each town must do in ten working days, and what will be missed."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code
from bangfu.accounts.queries import names_of_users
from bangfu.cases.access import visible_cases
from bangfu.cases.forecasting import AHEAD, BEHIND, Load, forecast, legs_of
from bangfu.cases.words import leg_name
from bangfu.divisions.queries import children_of, full_names_of, within
from bangfu.divisions.ranges import COUNTY, code_range

_LISTED = 200


@dataclass(frozen=True)
class Line:
    """One pool as the page shows it; `missed` is what will be missed on average, rounded, `rest` what is left of its
    load beside that and what is overdue."""

    load: Load
    name: str
    leg: str
    code: str
    missed: int
    rest: int


@never_cache
@require_GET
def forecasts(request: HttpRequest) -> HttpResponse:
    """The forecast for a place of one's duties ("" = all of them). Raises Http404 outside them."""
    user: Any = request.user
    asked = request.GET.get("division", "")
    division = get_division_code(user, asked) if asked else ""
    legs = legs_of(user)
    if division:
        legs = legs.filter(within([code_range(division)], "case__division"))
    loads = forecast(legs, timezone.now())
    chosen = request.GET.get("pool", "")
    listed = next((load for load in loads if pool_code(load) == chosen), None)
    context = {
        "lines": _lines(loads), "due": sum(load.due for load in loads), "division": division, "ahead": AHEAD,
        "expected": round(sum(load.expected for load in loads)), "behind": BEHIND, "listed": listed,
        "divisions": children_of(user.division) if user.division else [],
        "cases": _cases(user, listed) if listed else [],
    }  # fmt: skip
    return render(request, "cases/forecast.html", context)


def pool_code(load: Load) -> str:
    """A pool as an address names it."""
    pool = load.pool
    return f"{pool.stage}-{pool.helper or pool.town}"


def _lines(loads: list[Load]) -> list[Line]:
    helpers = names_of_users([load.pool.helper for load in loads if load.pool.helper])
    towns = full_names_of({load.pool.town.ljust(12, "0") for load in loads if load.pool.town}, above=COUNTY)
    lines = []
    for load in loads:
        town = towns.get(load.pool.town.ljust(12, "0"), "")
        name = helpers.get(load.pool.helper, "") if load.pool.helper else _("%s, nobody's yet") % town
        missed = round(load.expected)
        rest = load.due - load.overdue - missed
        lines.append(Line(load, name, leg_name(load.pool.stage), pool_code(load), missed, rest))
    return lines


def _cases(user: Any, load: Load) -> list[tuple[Any, str, int]]:
    """The cases of a pool with their places and how likely each is missed, in percent, the likeliest first; 200 at
    most."""
    order = sorted(load.chances, key=lambda case: (-load.chances[case], case))[:_LISTED]
    rows = visible_cases(user).filter(pk__in=order).select_related("person").in_bulk()
    places = full_names_of([row.division for row in rows.values()], above=COUNTY)
    found = [(rows[key], load.chances[key]) for key in order if key in rows]
    return [(row, places.get(row.division, ""), round(100 * chance)) for row, chance in found]
