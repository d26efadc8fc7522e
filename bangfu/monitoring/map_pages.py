"""Two pictures of a place: its divisions as tiles, coloured by one measure, and where its people work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code
from bangfu.core.keys import read_key
from bangfu.divisions.queries import children_of, full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, TOWN, level_of, prefix_of
from bangfu.lake.snapshots import SnapshotError
from bangfu.monitoring import flow
from bangfu.monitoring.proof import last_proof, lines_of
from bangfu.monitoring.queries import last_night
from bangfu.people.access import visible_standings
from bangfu.ui.pages import page_of_keys

_SIZE, _STEPS, _FEWEST, _DESTINATIONS, _WIDTH = 25, 5, 30, 15, 240
MEASURES: Mapping[str, Promise] = {
    "past_clock": _("Past due, of those able and willing to work"),
    "at_work": _("At work, of those able and willing to work"),
    "in_clock": _("In a case within its time limit"),
    "out": _("Counted apart with a reason"),
}
BELT_WORDS: Mapping[str, Promise] = {
    flow.HOME: _("own county"), flow.PREFECTURE_OWN: _("own city, another county"),
    flow.PROVINCE_OWN: _("own province, another city"), flow.OUTSIDE: _("another province"),
    flow.UNKNOWN: _("place not known"),
}  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A division on the map: `step` 1 to 5 is its colour, 0 where too few persons stand behind the share."""

    code: str
    name: str
    count: int
    persons: int
    step: int
    opens: str

    @property
    def share(self) -> float:
        """In percent of the persons, with one decimal; 0 of nobody."""
        return round(100 * self.count / self.persons, 1) if self.persons else 0.0


@never_cache
@require_GET
def tiles(request: HttpRequest) -> HttpResponse:
    """The divisions below a place as tiles, by the proof of the last night. Raises Http404."""
    user: Any = request.user
    division = get_division_code(user, request.GET.get("division", ""))
    measure = request.GET.get("show", "past_clock")
    measure = measure if measure in MEASURES else "past_clock"
    proof = last_proof()
    below = children_of(division) if level_of(division) < TOWN else []
    shown: list[Tile] = []
    if proof is not None:
        told = [(place, lines_of(proof, place.code)["work"]) for place in below]
        shares = [line[measure] / line["persons"] for _place, line in told if line["persons"] >= _FEWEST]
        bounds = steps_of(shares)
        for place, line in told:
            is_few = line["persons"] < _FEWEST
            step = 0 if is_few else step_of(line[measure] / line["persons"], bounds)
            rows = reverse("monitoring:coverage-rows", args=["work", measure])
            opens = f"{rows}?division={place.code}"
            shown.append(Tile(place.code, place.name, line[measure], line["persons"], step, opens))
    context = {
        "proof": proof, "division": division, "name": full_names_of([division]).get(division, ""), "tiles": shown,
        "measures": MEASURES.items(), "measure": measure, "words": MEASURES[measure], "fewest": _FEWEST,
        "legend": _legend(bounds) if shown else [], "columns": ceil(sqrt(len(shown) * 2)) if shown else 1,
        "above": user.division != division, "drills": level_of(division) < COUNTY,
    }  # fmt: skip
    return render(request, "monitoring/map.html", context)


def steps_of(shares: Sequence[float]) -> list[float]:
    """The upper bounds of the first four of five steps between the smallest and the largest share, of equal width."""
    if not shares:
        return []
    low, high = min(shares), max(shares)
    return [low + (high - low) * step / _STEPS for step in range(1, _STEPS)]


def step_of(share: float, bounds: Sequence[float]) -> int:
    """The step of a share, 1 to 5."""
    return 1 + sum(share > bound for bound in bounds)


def _legend(bounds: Sequence[float]) -> list[tuple[int, str]]:
    ends = [f"{100 * bound:.1f}" for bound in bounds]
    if len(set(ends)) < len(ends) or not ends:
        return []
    words = [f"≤ {ends[0]} %", *(f"{a}–{b} %" for a, b in pairwise(ends)), f"> {ends[-1]} %"]
    return list(enumerate(words, 1))


@dataclass(frozen=True)
class Belt:
    """How many work how far away; `x` and `width` place it in a bar of 240 units."""

    code: str
    words: str
    count: int
    x: float
    width: float


@never_cache
@require_GET
def flows(request: HttpRequest) -> HttpResponse:
    """Where the people of a place work, by the last night. Raises Http404."""
    user: Any = request.user
    division = get_division_code(user, request.GET.get("division", ""))
    night, rows, digits = last_night(), flow.flows_from(division), flow.level_below(division)
    counted = flow.by_belt(rows, digits)
    destinations = list(flow.by_destination(rows).items())
    codes = [code for (_belt, code), _n in destinations[:_DESTINATIONS]]
    names, alone = full_names_of(codes, above=PREFECTURE), names_of(codes)
    most = destinations[0][1] if destinations else 0
    below = children_of(division) if level_of(division) < TOWN else []
    context = {
        "night": night, "division": division, "name": full_names_of([division]).get(division, ""),
        "belts": _belts(counted.get("", {})), "total": sum(counted.get("", {}).values()),
        "places": [(place.code, place.name, _belts(counted.get(prefix_of(place.code), {}))) for place in below],
        "destinations": [
            (belt, code, names.get(code) or alone.get(code, code), count, round(_WIDTH * count / most))
            for (belt, code), count in destinations[:_DESTINATIONS]
        ],
        "others": sum(count for _code, count in destinations[_DESTINATIONS:]), "above": user.division != division,
        "words": BELT_WORDS.values(), "drills": level_of(division) < COUNTY,
    }  # fmt: skip
    return render(request, "monitoring/flow.html", context)


def _belts(counts: Mapping[str, int]) -> list[Belt]:
    total, x, found = sum(counts.values()), 0.0, []
    for code in flow.BELTS:
        count = counts.get(code, 0)
        width = _WIDTH * count / total if total else 0.0
        found.append(Belt(code, str(BELT_WORDS[code]), count, round(x, 1), round(width, 1)))
        x += width
    return found


@never_cache
@require_GET
def flow_rows(request: HttpRequest) -> HttpResponse:
    """The persons behind a number of the flow, as far as the reader may see them today. Raises Http404."""
    user: Any = request.user
    division, night = get_division_code(user, request.GET.get("division", "")), last_night()
    belt, to = request.GET.get("belt", ""), request.GET.get("to", "")
    is_place = not to or (len(to) == 12 and to.isascii() and to.isdigit())
    if night is None or (belt and belt not in flow.BELTS) or not is_place:
        raise Http404
    after = read_key(request.GET.get("after", "")) or 0
    try:
        keys = flow.persons_of_flow(night.acted_on, division, belt, to, after=after, most=_SIZE + 1)
    except SnapshotError as error:
        raise Http404 from error
    page = page_of_keys(keys, _SIZE, after)
    standings = visible_standings(user).filter(pk__in=page.rows).select_related("person").order_by("person_id")
    places = full_names_of([row.division for row in standings], above=PREFECTURE)
    context = {
        "night": night, "division": division, "name": names_of([division]).get(division, ""), "page": page,
        "rows": [(row, places.get(row.division, "")) for row in standings],
        "where": names_of([to]).get(to, to) if to else BELT_WORDS.get(belt, ""), "belt": belt, "to": to,
    }  # fmt: skip
    return render(request, "monitoring/flow_rows.html", context)
