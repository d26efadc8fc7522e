"""The copy of a person's file that the person may ask for (PIPL 45): on paper, or as data to take elsewhere."""

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bangfu.accounts.access import require_writer, visible_fields
from bangfu.accounts.roles import Field
from bangfu.audit.queries import look_count, looks_at
from bangfu.cases.queries import story_of
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PREFECTURE
from bangfu.home.story import Line, story
from bangfu.monitoring.queries import signals_of
from bangfu.people import identity, queries
from bangfu.people.access import get_person
from bangfu.people.actions import hand_out_copy
from bangfu.people.corrections import reply_in, said_in
from bangfu.people.facts_shown import Line as FactLine
from bangfu.people.facts_shown import facts_held
from bangfu.people.models import Person
from bangfu.people.queries import corrections_of

PAPER, DATA = "paper", "data"


@never_cache
@require_http_methods(["GET", "POST"])
def own_copy(request: HttpRequest, key: int) -> HttpResponse:
    """What the copy holds, and a POST to make it; each copy is recorded and the person can see that."""
    user = require_writer(request.user)
    person = get_person(user, key)
    if request.method == "GET":
        return render(request, "home/copy_ask.html", {"person": person})
    now = timezone.now()
    numbers = hand_out_copy(person, by=user, at=now)
    if Field.BANK_ACCOUNT not in visible_fields(user):  # whoever may not see it hands out its last four
        numbers["account"] = identity.masked_account(numbers["account"]) if numbers["account"] else ""
    facts, lines = facts_held(person), _story(person, timezone.localdate(now))
    asked = [(row, said_in(row), reply_in(row)) for row in corrections_of(person.pk)]
    if request.POST.get("form") == DATA:
        document = _document(person, numbers, facts, lines, asked)
        text = json.dumps(document, ensure_ascii=False, indent=1)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="file-copy.json"'
        return response
    context = {"person": person, "numbers": numbers, "facts": facts, "lines": lines, "asked": asked, "now": now}
    return render(request, "home/copy.html", context)


def _story(person: Person, today: date) -> list[Line]:
    history = queries.history_of(person)
    places = full_names_of([job.place for job in history.jobs], above=PREFECTURE)
    looks = looks_at(person.pk, look_count(person.pk))
    return story(history, story_of(person.pk), signals_of([person.pk]), looks, places, today)


def _document(
    person: Person, numbers: dict[str, str], facts: list[FactLine], lines: list[Line], asked: list[Any]
) -> dict[str, Any]:
    return {
        _("Name"): person.name,
        _("Sex"): person.get_sex_display(),
        _("Born on"): person.born_on.isoformat(),
        _("Ethnicity"): person.ethnicity,
        _("ID number"): numbers["id_number"],
        _("Telephone"): numbers["phone"],
        _("Bank account"): numbers["account"],
        _("Facts"): [
            {
                _("About"): line.group,
                **{one.name: one.value for one in line.said},
                _("Valid from"): line.valid_from.isoformat(),
                _("Valid to"): line.valid_to.isoformat() if line.valid_to else None,
                _("Source"): line.source,
                _("Recorded"): line.recorded_at.isoformat(),
            }
            for line in facts
        ],
        _("What happened"): [
            {
                _("Day"): line.day.isoformat(), _("What"): line.title, _("Result"): line.result,
                _("Details"): line.detail, _("Source"): line.source,
            }
            for line in lines
        ],
        _("Corrections and objections"): [
            {_("Asked"): said, _("Answer"): reply, _("Received"): row.opened_at.isoformat()}
            for row, said, reply in asked
        ],
    }  # fmt: skip
