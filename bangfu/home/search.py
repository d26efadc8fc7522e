"""Finding people and places, and registering a request for help. What was typed goes by POST, never in a URL."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bangfu.accounts.access import may_see_division, require_writer
from bangfu.accounts.forms import ReasonForm
from bangfu.accounts.middleware import SPECIAL
from bangfu.accounts.models import User
from bangfu.accounts.special import grant_special_access
from bangfu.cases.actions import Opening, open_cases
from bangfu.cases.choices import AskedBy, Channel
from bangfu.cases.queries import Row, open_rows
from bangfu.cases.words import leg_name
from bangfu.core.retirement import add_months
from bangfu.divisions.queries import full_names_of, names_of
from bangfu.divisions.ranges import COUNTY, VILLAGE, ancestors_of, county_of, level_of
from bangfu.home.causes import OWN_REQUEST
from bangfu.home.forms import RequestForm
from bangfu.home.queries import places_named
from bangfu.people.access import find_outside, get_person, outside_standing, visible_standings
from bangfu.people.actions import note_number_search
from bangfu.people.models import Person, Standing
from bangfu.people.queries import FOUND_LIMIT, search_standings
from bangfu.people.rounds import WORKING_AGE_MONTHS

_LONGEST = 60
_NUMBER_FROM = 8  # so many digits are part of an ID number or a telephone number


@dataclass(frozen=True)
class Hit:
    """One person found, with the open case if there is one."""

    standing: Standing
    place: str
    row: Row | None
    leg: str

    @property
    def of_working_age(self) -> bool:
        """Whether a case may be opened: nobody under 16 is helped into work."""
        return _of_working_age(self.standing.person)


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find people and places; the GET shows what the last POST found."""
    if request.method == "POST":
        _find(request, "search")
        return redirect("home:search")
    return render(request, "home/search.html", _found(request, "search"))


@require_http_methods(["GET", "POST"])
def help_request(request: HttpRequest) -> HttpResponse:
    """Find the person for whom a request for help is registered."""
    require_writer(request.user)
    if request.method == "POST":
        _find(request, "request")
        return redirect("home:request")
    return render(
        request,
        "home/request.html",
        {**_found(request, "request"), "channels": Channel.choices, "askers": AskedBy.choices},
    )


@require_POST
def open_request(request: HttpRequest) -> HttpResponse:
    """Open a case for the person found, or add the request to the open one."""
    user = require_writer(request.user)
    form = RequestForm(request.POST)
    if not form.is_valid():
        agreed = "consent" not in form.errors
        messages.error(request, _("Say how the request came.") if agreed else form.errors["consent"][0])
        return redirect("home:request")
    person = get_person(user, form.cleaned_data["person"])
    if not _of_working_age(person):
        messages.error(request, _("Nothing was changed: the person is under 16."))
        return redirect("home:request")
    said = form.cleaned_data
    facts = {"channel": said["channel"], "asked_by": said["asked_by"] or AskedBy.PERSON, "consent": said["consent"]}
    opening = Opening(person.pk, person.standing.division, OWN_REQUEST, facts)
    case = open_cases([opening], by=user, at=timezone.now())[person.pk]
    messages.success(request, _("The request is registered. The clock of the survey runs from now."))
    return redirect("home:case", key=case)


@require_POST
def open_outside(request: HttpRequest) -> HttpResponse:
    """Read the file of the person who was found outside the own area: with a reason, for hours; the office is told."""
    user: Any = request.user
    found = outside_standing(user, (request.session.get("search") or {}).get("outside"))
    if found is None:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "home/search.html", {**_found(request, "search"), "reason": form}, status=422)
    now = timezone.now()
    grant_special_access(user, [(found.person_id, found.division)], reason=form.cleaned_data["reason"], at=now)
    request.session[SPECIAL] = True
    return redirect("home:person", key=found.person_id)


def _of_working_age(person: Person) -> bool:
    return timezone.localdate() >= add_months(person.born_on, WORKING_AGE_MONTHS)


def _find(request: HttpRequest, slot: str) -> None:
    """Keep the keys of what was found for this session; of a number only its last four digits are kept."""
    user: Any = request.user
    text = request.POST.get("q", "").strip()[:_LONGEST]
    found = search_standings(visible_standings(user), text)
    if _without_number(text) != text:
        note_number_search([standing.person_id for standing in found], by=user, at=timezone.now())
    places = [] if text.isascii() else places_named(user, text)
    outside = None if found else find_outside(user, text)
    request.session[slot] = {
        "said": _without_number(text),
        "outside": outside.person_id if outside else None,
        "persons": [standing.person_id for standing in found],
        "places": [place.code for place in places],
    }


def _without_number(text: str) -> str:
    digits = sum(character.isdigit() for character in text)
    return f"****{text[-4:]}" if digits >= _NUMBER_FROM else text


def _found(request: HttpRequest, slot: str) -> dict[str, Any]:
    user: Any = request.user
    kept = request.session.get(slot)
    if not kept:
        return {"said": "", "hits": [], "places": [], "searched": False}
    outside = outside_standing(user, kept.get("outside"))
    rows = visible_standings(user).filter(person__in=kept["persons"]).select_related("person").order_by("person_id")
    return {
        "said": kept["said"],
        "hits": _hits(list(rows)),
        "places": _places(user, kept["places"]),
        "searched": bool(kept["said"]),
        "outside": names_of([county_of(outside.division)]).get(county_of(outside.division)) if outside else None,
        "reason": ReasonForm(),
        "hours": settings.SPECIAL_ACCESS_HOURS,
        "cut": len(kept["persons"]) >= FOUND_LIMIT,
        "limit": FOUND_LIMIT,
    }


def _hits(rows: list[Standing]) -> list[Hit]:
    cases = open_rows([row.person_id for row in rows])
    places = full_names_of([row.division for row in rows], above=COUNTY)
    hits = []
    for row in rows:
        case = cases.get(row.person_id)
        case = case if case and case.case.closed_at is None else None
        leg = leg_name(row.leg) if case and row.leg else ""
        hits.append(Hit(row, places.get(row.division, ""), case, leg))
    return hits


def _places(user: User, codes: list[str]) -> list[tuple[str, str]]:
    """Each place as (the query string of the list of its people, its name)."""
    inside = [code for code in codes if any(low <= code < high for low, high in user.ranges())]
    names = full_names_of(inside, above=COUNTY)
    return [(_list_query(user, code), names.get(code, "")) for code in inside]


def _list_query(user: User, code: str) -> str:
    """The list needs no place where the user's duties hold no more than this one."""
    town = ancestors_of(code)[-1] if level_of(code) == VILLAGE else code
    if not may_see_division(user, town):
        return ""
    return f"?town={town}&village={code}" if town != code else f"?town={town}"
