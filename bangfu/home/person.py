"""The page of a person: facts, case, offers, signals and looks from all rooms, and the reveal of the whole ID."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import visible_fields
from bangfu.accounts.models import User
from bangfu.accounts.roles import Field
from bangfu.accounts.special import current_access
from bangfu.audit.queries import look_count, looks_at
from bangfu.cases.models import Case, Cause
from bangfu.cases.queries import row_of, story_of
from bangfu.cases.steps import next_step
from bangfu.core import retirement
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE
from bangfu.home.case_shown import legs_shown, package_shown
from bangfu.home.causes import cause_shown
from bangfu.home.figures import package_dots
from bangfu.home.household import members_for
from bangfu.home.job_strip import Spell, Strip, job_strip
from bangfu.home.story import job_words, look_purpose, story
from bangfu.monitoring.access import may_waive
from bangfu.monitoring.finding_lines import finding_lines
from bangfu.monitoring.models import Signal
from bangfu.monitoring.queries import findings_of, signals_of
from bangfu.people import identity, queries
from bangfu.people.access import get_person
from bangfu.people.actions import note_look, reveal_identity
from bangfu.people.choices import Sex, WorkStatus
from bangfu.people.doubles import merges_into
from bangfu.people.fact_forms import EDITABLE
from bangfu.people.fact_words import group_name
from bangfu.people.facts_shown import ON_FILE, facts_shown, hidden_from
from bangfu.people.forms import PURPOSES, RevealForm
from bangfu.people.models import Condition, Contact, Job, Person, Standing

STORY_LINES = 10
LOOKS_SHOWN = 2
LOOKS_IN_STORY = 50


@never_cache
@require_GET
def person(request: HttpRequest, key: int) -> HttpResponse:
    """Everything about one person on one page; opening it is recorded once a session and day."""
    user: Any = request.user
    found = get_person(user, key)
    note_once(request, found)
    now = timezone.now()
    return render(request, "home/person.html", _context(user, found, now, _wanted(request)))


def _wanted(request: HttpRequest) -> int:
    given = request.GET.get("story", "")
    return max(STORY_LINES, min(int(given), 1000)) if given.isdecimal() and len(given) < 5 else STORY_LINES


def note_once(request: HttpRequest, found: Person) -> None:
    """Record the look at a person once a session and day."""
    today = timezone.localdate().isoformat()
    noted = request.session.get("looked")
    if not isinstance(noted, dict) or noted.get("on") != today:
        noted = {"on": today, "persons": []}
    if found.pk in noted["persons"]:
        return
    note_look(found, by=request.user, at=timezone.now(), purpose=found.standing.leg)
    request.session["looked"] = {"on": today, "persons": [*noted["persons"], found.pk]}


def _context(user: User, found: Person, now: Any, wanted: int) -> dict[str, Any]:
    today = timezone.localdate(now)
    facts, history = queries.open_facts(found, ON_FILE), queries.history_of(found)
    cases, signals = story_of(found.pk), signals_of([found.pk])
    places = full_names_of([job.place for job in history.jobs], above=PREFECTURE)
    looks = looks_at(found.pk, LOOKS_IN_STORY)
    lines = story(history, cases, signals, looks, places, today)
    condition, contact = (next(iter(facts[group]), None) for group in (Condition, Contact))
    standing, sees = found.standing, visible_fields(user)
    return {
        "person": found, "standing": standing, "condition": condition, "today": today, "now": now,
        "merges": merges_into(found.pk), "pairing": queries.helper_of(found.pk),
        "sees": sees, "special": current_access(user, found.pk, now),
        "on_file": facts_shown(facts, without=hidden_from(user)), "retirement": _retirement(found),
        "editable": _editable(standing) if user.may_write() else [],
        "id_masked": identity.masked_id(identity.id_number(found)),
        "phone_masked": _phone(contact) if Field.PHONE in sees else "",
        "village": full_names_of([standing.division], above=COUNTY).get(standing.division, ""),
        "members": members_for(user, standing.household_id) if standing.household_id else None,
        "looks": [(entry, look_purpose(entry)) for entry in looks[:LOOKS_SHOWN]], "look_count": look_count(found.pk),
        "lines": lines[:wanted], "line_count": len(lines), "more": wanted + 20 if len(lines) > wanted else 0,
        "strip": _strip(history, places, today), "spell_count": len(history.jobs),
        "signals": [(row, cause_shown(_as_cause(row, now))) for row in signals if row.closed_on is None],
        "findings": finding_lines(user, findings_of([found.pk])), "may_waive": may_waive(user),
        "may_write": user.may_write(), "purposes": PURPOSES,
        **_case_context(cases, now),
    }  # fmt: skip


def _editable(standing: Standing) -> list[tuple[str, str]]:
    """The groups that may be stated, as (code, words); of a job only where one is held."""
    held = standing.work_status == WorkStatus.AT_WORK
    return [(str(model._meta.model_name), group_name(model)) for model in EDITABLE if model is not Job or held]


def _retirement(found: Person) -> list[date]:
    """The statutory retirement day; for a woman the two that her kind of post decides between."""
    kinds: tuple[retirement.Kind, ...] = ("man",) if found.sex == Sex.MALE else ("woman_50", "woman_55")
    return [retirement.retires_on(kind, found.born_on) for kind in kinds]


def _phone(contact: Contact | None) -> str:
    return identity.masked_phone(identity.phone_number(contact)) if contact else ""


def _strip(history: queries.History, places: dict[str, str], today: date) -> Strip | None:
    return job_strip((Spell(job.valid_from, job.valid_to, job_words(job, places)) for job in history.jobs), today)


def _as_cause(signal: Signal, now: Any) -> Cause:
    """A signal in the shape whose reasons the page of a case shows too; it is not stored."""
    return Cause(code=signal.code, noted_at=now, facts=signal.reasons)


def _case_context(cases: list[Case], now: Any) -> dict[str, Any]:
    case = next((one for one in cases if one.closed_at is None), None)
    if case is None:
        return {"case": None, "last_case": cases[0] if cases else None}
    row = row_of(case)
    legs = sorted(case.legs.all(), key=lambda leg: leg.sequence)
    services = sorted(case.services.all(), key=lambda service: service.given_at)
    items = package_shown(row.progress, case)
    return {
        "case": case,
        "legs": legs_shown(case, legs, now),
        "items": [(item, [one for one in services if one.kind == item.code]) for item in items],
        "dots": package_dots(row.progress),
        "given": sum(item.counted for item in items),
        "asked": sum(item.of for item in items),
        "step": next_step(row),
    }


@never_cache
@require_POST
def reveal(request: HttpRequest, key: int) -> HttpResponse:
    """The whole ID number and phone, once, for a purpose that is recorded; without one nothing is shown."""
    user: Any = request.user
    found = get_person(user, key)
    if Field.ID_NUMBER not in visible_fields(user):
        raise PermissionDenied
    form = RevealForm(request.POST)
    part = "home/_identity.html" if request.headers.get("HX-Request") else "home/identity.html"
    context: dict[str, Any] = {"person": found, "form": form, "purposes": PURPOSES}
    if not form.is_valid():
        context["id_masked"] = identity.masked_id(identity.id_number(found))
        return render(request, part, context, status=422)
    whole = reveal_identity(found, by=user, at=timezone.now(), purpose=form.cleaned_data["purpose"])
    context["whole"] = whole if Field.PHONE in visible_fields(user) else {**whole, "phone": ""}
    return render(request, part, context)
