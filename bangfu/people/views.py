"""Pages of the room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, level_of
from bangfu.people import queries
from bangfu.people.access import visible_standings
from bangfu.people.area import read_area
from bangfu.people.choices import CategoryKind, WorkStatus
from bangfu.people.forms import PeopleFilter
from bangfu.people.models import Job, Standing
from bangfu.people.words import leg_names
from bangfu.ui.pages import keyset_page, render_part

FLAGS = ("able", "will_work", "will_train")


@dataclass(frozen=True)
class Line:
    """One row of the list."""

    standing: Standing
    village: str
    job: Job | None
    job_place: str
    leg: str


@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """The people inside the user's duties, by place; the filters are codes in the URL."""
    user: Any = request.user
    area, form = read_area(user, request.GET), PeopleFilter(request.GET)
    chosen = form.chosen()
    rows = queries.filter_standings(visible_standings(user), division=area.range, **chosen)
    page = keyset_page(rows, ("division", "person_id"), after=request.GET.get("after", ""))
    filtered = bool(area.code or any(value not in ("", None) for value in chosen.values()))
    context = {
        "page": page, "lines": _lines(page.rows), "total": rows.count(), "area": area, "filtered": filtered,
        "works": WorkStatus.choices, "categories": CategoryKind.choices,
        "chosen": chosen, "may_write": user.may_write(),
    }  # fmt: skip
    return render_part(request, "people/list.html", "people/_list.html", context)


def _lines(standings: Sequence[Standing]) -> list[Line]:
    persons = [standing.person_id for standing in standings]
    jobs = queries.open_jobs(persons, timezone.localdate())
    villages = full_names_of([standing.division for standing in standings], above=COUNTY)
    places = names_of(job.place for job in jobs.values())
    legs = leg_names()
    return [
        Line(
            standing=standing,
            village=villages.get(standing.division, ""),
            job=(job := jobs.get(standing.person_id)),
            job_place=places.get(job.place, "") if job and level_of(job.place) >= COUNTY else "",
            leg=legs.get(standing.leg, standing.leg),
        )
        for standing in standings
    ]
