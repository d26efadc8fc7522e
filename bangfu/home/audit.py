"""The record of deeds for auditors, and who looked at a person. A person is chosen by POST, never in an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.roles import Role
from bangfu.audit.models import Entry
from bangfu.audit.queries import Asked, entries, entries_about, persons_of
from bangfu.audit.words import VERBS, verb_words
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PREFECTURE
from bangfu.home.access import audited_users, get_entry, visible_entries
from bangfu.home.story import look_purpose
from bangfu.people.access import get_person, visible_standings
from bangfu.ui.pages import keyset_page, render_part

_USERS_SHOWN = 300
_ORDER = ("-at", "-id")
_SESSION = "audit_person"
_ROLES = dict(Role.choices)


@dataclass(frozen=True)
class Line:
    """One entry with its words."""

    entry: Entry
    verb: str
    role: str
    place: str
    division: str
    why: str


class AuditFilter(forms.Form):
    """The filters of the record; what makes no sense counts as not chosen."""

    verb = forms.CharField(max_length=60, required=False)
    user = forms.IntegerField(min_value=1, required=False)
    office = forms.IntegerField(min_value=1, required=False)
    first = forms.DateField(required=False)
    last = forms.DateField(required=False)

    def chosen(self) -> dict[str, Any]:
        """The checked values; what is missing is None or ""."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class PersonKeyForm(forms.Form):
    """The key of a person as the record shows it; empty for everybody."""

    person = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)


@require_GET
def entry_list(request: HttpRequest) -> HttpResponse:
    """What was done and seen, newest first, by filters."""
    user: Any = request.user
    rows = visible_entries(user)
    people = list(audited_users(user)[:_USERS_SHOWN])
    chosen = AuditFilter(request.GET).chosen()
    offices = _offices(people)
    asked = Asked(
        verb=chosen["verb"] or "", user=chosen["user"], first=chosen["first"], last=chosen["last"],
        office=dict(offices).get(chosen["office"] or 0, ""), person=request.session.get(_SESSION),
    )  # fmt: skip
    page = keyset_page(entries(rows, asked), _ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page, "lines": _lines(page.rows), "chosen": chosen, "users": people, "offices": offices,
        "verbs": sorted(VERBS.items(), key=lambda pair: str(pair[1])), "person": asked.person,
        "filtered": asked != Asked(),
    }  # fmt: skip
    return render_part(request, "home/audit.html", "home/_audit.html", context)


def _offices(people: Sequence[Any]) -> list[tuple[int, str]]:
    """Each office by the key of its first user: an address holds no free text."""
    first: dict[str, int] = {}
    for one in people:
        if one.office:
            first.setdefault(one.office, one.pk)
    return [(key, office) for office, key in first.items()]


def _lines(rows: Sequence[Entry]) -> list[Line]:
    places = full_names_of({code for row in rows for code in (row.place, row.division) if code}, above=PREFECTURE)
    return [
        Line(
            row, verb_words(row.verb), str(_ROLES.get(row.role, row.role)), places.get(row.place, ""),
            places.get(row.division, ""), look_purpose(row),
        )
        for row in rows
    ]  # fmt: skip


@require_POST
def choose_person(request: HttpRequest) -> HttpResponse:
    """Show only what was done with the file of one person; an empty key shows everything again."""
    visible_entries(request.user)
    form = PersonKeyForm(request.POST)
    if form.is_valid() and form.cleaned_data["person"]:
        request.session[_SESSION] = form.cleaned_data["person"]
    else:
        request.session.pop(_SESSION, None)
    return redirect("home:audit")


@require_GET
def entry(request: HttpRequest, key: int) -> HttpResponse:
    """One entry with its facts and the persons it is about; names only for who may open their files."""
    user: Any = request.user
    found = get_entry(user, key)
    keys = persons_of(found)
    standings = visible_standings(user).filter(person__in=keys).select_related("person")
    names = {standing.person_id: standing.person.name for standing in standings}
    persons = [(one, names.get(one, "")) for one in keys]
    context = {"line": _lines([found])[0], "persons": persons, "facts": sorted(found.facts.items())}
    return render(request, "home/audit_entry.html", context)


@require_GET
def looks(request: HttpRequest, key: int) -> HttpResponse:
    """Who opened, searched or changed the file of a person: office, role, time, purpose."""
    person = get_person(request.user, key)
    page = keyset_page(entries_about(person.pk), _ORDER, after=request.GET.get("after", ""))
    return render(request, "home/looks.html", {"person": person, "page": page, "lines": _lines(page.rows)})
