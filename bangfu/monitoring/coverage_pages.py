"""Pages of the coverage proof: both lines of a place, the places below it, and the persons behind a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code
from bangfu.cases.words import leg_names
from bangfu.core.keys import read_key
from bangfu.divisions.queries import children_of, full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, TOWN, level_of
from bangfu.lake.snapshots import SnapshotError
from bangfu.monitoring.models import Proof
from bangfu.monitoring.proof import LINES, NONE, keys_of, last_proof, lines_of
from bangfu.people.access import visible_standings
from bangfu.ui.pages import page_of_keys

_SIZE = 25
STATES: Mapping[str, Promise] = {
    "at_work": _("at work"), "in_clock": _("within time"), "past_clock": _("past due"),
    "in_training": _("in training"), "out": _("counted apart"), "trained": _("trained this year"),
    "in_class": _("in class"), NONE: _("nowhere"),
}  # fmt: skip
_ORDER = {
    "work": ("at_work", "in_clock", "past_clock", "in_training", "out", NONE),
    "training": ("trained", "in_class", "in_clock", "past_clock", "out", NONE),
}
TITLES: Mapping[str, Promise] = {"work": _("Able and willing to work"), "training": _("Willing to be trained")}


@dataclass(frozen=True)
class Part:
    """One number of a line; `colour` is that of something to act on, "" for none."""

    state: str
    words: str
    count: int

    @property
    def colour(self) -> str:
        """Red for what is late or forgotten."""
        return "red" if self.count and self.state in {"past_clock", NONE} else ""


@dataclass(frozen=True)
class Line:
    """One line of the proof in a place: its parts add up to `persons`."""

    code: str
    title: str
    persons: int
    parts: Sequence[Part]


def coverage_lines(proof: Proof, division: str) -> list[Line]:
    """Both lines in the reader's words; "nowhere" is shown only when somebody is there."""
    told = lines_of(proof, division)
    return [
        Line(
            line, str(TITLES[line]), told[line]["persons"],
            [
                Part(state, str(STATES[state]), told[line][state])
                for state in _ORDER[line]
                if state != NONE or told[line][state]
            ],
        )
        for line in LINES
    ]  # fmt: skip


@never_cache
@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """The proof of last night for a place of one's duties, with the places below it."""
    user: Any = request.user
    division = get_division_code(user, request.GET.get("division", ""))
    proof = last_proof()
    if proof is None:
        return render(request, "monitoring/coverage.html", {"proof": None})
    below = children_of(division) if level_of(division) < TOWN else []
    context = {
        "proof": proof, "division": division, "name": full_names_of([division]).get(division, ""),
        "coverage": coverage_lines(proof, division), "above": user.division != division,
        "places": [(place.code, place.name, coverage_lines(proof, place.code)) for place in below],
    }  # fmt: skip
    return render(request, "monitoring/coverage.html", context)


@never_cache
@require_GET
def coverage_rows(request: HttpRequest, line: str, state: str) -> HttpResponse:
    """The persons behind a number of the proof, as far as the reader may see them today."""
    user: Any = request.user
    division = get_division_code(user, request.GET.get("division", ""))
    proof = last_proof()
    if proof is None or line not in LINES or state not in (*_ORDER[line], "all"):
        raise Http404
    wanted = "" if state == "all" else state
    after = read_key(request.GET.get("after", "")) or 0
    try:
        keys = keys_of(proof.on, division, line, wanted, after=after, most=_SIZE + 1)
    except SnapshotError as error:
        raise Http404 from error
    page = page_of_keys(keys, _SIZE, after)
    standings = visible_standings(user).filter(pk__in=page.rows).select_related("person").order_by("person_id")
    places, legs = full_names_of([row.division for row in standings], above=COUNTY), leg_names()
    told = next(one for one in coverage_lines(proof, division) if one.code == line)
    context = {
        "proof": proof, "division": division, "name": names_of([division]).get(division, ""), "line": told,
        "page": page, "state": state, "words": STATES.get(state, _("all")),
        "total": told.persons if state == "all" else lines_of(proof, division)[line][state],
        "rows": [(row, places.get(row.division, ""), legs.get(row.leg, "")) for row in standings],
    }  # fmt: skip
    return render(request, "monitoring/coverage_rows.html", context)
