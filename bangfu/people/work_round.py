"""The monthly work round: place by place, then the people of one village with last month's job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import get_division_code, require_writer
from bangfu.accounts.models import User
from bangfu.core.keys import read_key
from bangfu.core.retirement import add_months
from bangfu.divisions.queries import full_names_of, names_of, path_of
from bangfu.divisions.ranges import COUNTY, VILLAGE, code_range, level_of
from bangfu.people import rounds
from bangfu.people.access import get_person, visible_standings
from bangfu.people.choices import RoundAnswer, WorkStatus
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import Answered, answer_work_round
from bangfu.people.models import Job, Standing, WorkAnswer
from bangfu.people.queries import answers_of_month
from bangfu.people.recorded import Recorded
from bangfu.people.round_form import RoundForm
from bangfu.ui.pages import keyset_page

MONTHS_BACK = 2
WRONG = 422


@dataclass(frozen=True)
class Line:
    """One person of the round: the job of last month, the answer if there is one, the form for another."""

    standing: Standing
    job: Job | None
    place: str
    answer: WorkAnswer | None
    form: RoundForm

    @property
    def at_work(self) -> bool:
        """Whether the register believes the person at work: which answers make sense."""
        return self.standing.work_status == WorkStatus.AT_WORK


@require_GET
def work_round(request: HttpRequest) -> HttpResponse:
    """The places inside the user's duties with their progress, or the people of the village named."""
    user: Any = request.user
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    village = request.GET.get("village", "")
    if not village and not request.GET.get("division") and level_of(user.division) == VILLAGE:
        village = user.division
    if village:
        return _show_village(request, get_division_code(user, village), month, {})
    return _show_places(request, request.GET.get("division", ""), month)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Record the answer of one person."""
    user = require_writer(request.user)
    now = timezone.now()
    month = _month(request.POST.get("month", ""), timezone.localdate(now))
    person = get_person(user, _key(request.POST.get("person", "")))
    standing: Any = person.standing
    form = RoundForm(request.POST, person=person.pk, at_work=standing.work_status, today=timezone.localdate(now))
    village = standing.division
    in_place = bool(request.headers.get("HX-Request"))
    if not form.is_valid():
        if _sent_before(form, person.pk, month):
            return _show_line(request, standing, month) if in_place else _back(village, month, request.POST)
        if in_place:
            return _show_line(request, standing, month, {person.pk: form}, status=WRONG)
        return _show_village(request, village, month, {person.pk: form}, status=WRONG)
    said = form.cleaned_data
    given = Answered(
        person=person.pk, month=month, answer=said["answer"], client_key=str(said["client_key"]), on=said["on"],
        job=form.job(),
    )  # fmt: skip
    answer_work_round([given], _how(user, now))
    if in_place:
        return _show_line(request, standing, month)
    messages.success(request, _("%(name)s: %(answer)s") % {
        "name": person.name, "answer": RoundAnswer(said["answer"]).label,
    })  # fmt: skip
    return _back(village, month, request.POST)


@require_POST
def confirm_all(request: HttpRequest) -> HttpResponse:
    """Confirm the job of everybody named who is at work and has not answered for the month."""
    user = require_writer(request.user)
    now = timezone.now()
    month = _month(request.POST.get("month", ""), timezone.localdate(now))
    village = get_division_code(user, request.POST.get("village", ""))
    pairs = [pair for text in request.POST.getlist("confirm") if (pair := _pair(text))]
    keys = {person: key for key, person in {key: person for person, key in pairs}.items()}  # each key counts once
    open_rows = rounds.in_village(visible_standings(user), month, village, state=rounds.OPEN)
    at_work = open_rows.filter(person__in=list(keys), work_status=WorkStatus.AT_WORK)
    answers = [
        Answered(person=person, month=month, answer=RoundAnswer.CONFIRMED, client_key=keys[person])
        for person in at_work.values_list("person_id", flat=True)
    ]
    done = answer_work_round(answers, _how(user, now))
    messages.success(request, ngettext("%d person confirmed.", "%d persons confirmed.", done) % done)
    return _back(village, month, request.POST)


def _show_places(request: HttpRequest, division: str, month: date) -> HttpResponse:
    user: Any = request.user
    rows, here = visible_standings(user), division
    if division:
        here = get_division_code(user, division)
    elif len(user.ranges()) == 1:
        here = user.division
    if here:
        low, high = code_range(here)
        rows = rows.filter(division__gte=low, division__lt=high)
    places = rounds.places_of(rows, month, here)
    path = [step for step in path_of(here) if step.level >= level_of(user.division)] if here else []
    answered, total = sum(place.answered for place in places), sum(place.total for place in places)
    context = {
        "places": places, "path": path, "village_level": VILLAGE, "here": here, "answered": answered,
        "total": total, "still_open": total - answered, **_months(month),
    }  # fmt: skip
    return render(request, "people/work_round.html", context)


def _show_village(
    request: HttpRequest, village: str, month: date, bound: Mapping[int, RoundForm], *, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    state = request.GET.get("state", "")
    state = state if state in {rounds.OPEN, rounds.ANSWERED} else ""
    rows = visible_standings(user)
    asked = rounds.in_village(rows, month, village, state=state)
    page = keyset_page(asked, ("house", "person_id"), after=request.GET.get("after", ""))
    lines = _lines(page.rows, month, bound)
    total = rounds.in_village(rows, month, village).count()
    answered = rounds.in_village(rows, month, village, state=rounds.ANSWERED).count()
    to_confirm = [line for line in lines if line.at_work and line.answer is None]
    may_write = user.may_write()
    context = {
        "page": page, "lines": lines, "village": village, "state": state, "total": total, "answered": answered,
        "open": total - answered, "may_write": may_write, "to_confirm": to_confirm if may_write else [],
        "place": full_names_of([village], above=COUNTY).get(village, ""),
        "path": [step for step in path_of(village) if step.level >= level_of(user.division)][:-1],
        **_months(month),
    }  # fmt: skip
    return render(request, "people/work_round_village.html", context, status=status)


def _show_line(
    request: HttpRequest, standing: Standing, month: date, bound: Mapping[int, RoundForm] | None = None, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The line of one person as it is now, and how far the village is: what htmx swaps in place."""
    user: Any = request.user
    village, rows = standing.division, visible_standings(user)
    (now,) = rows.filter(person=standing.person_id).select_related("person", "household")
    context = {
        "line": _lines([now], month, bound or {})[0], "may_write": user.may_write(), "month": month,
        "state": request.POST.get("state", ""), "place": full_names_of([village], above=COUNTY).get(village, ""),
        "total": rounds.in_village(rows, month, village).count(),
        "answered": rounds.in_village(rows, month, village, state=rounds.ANSWERED).count(),
    }  # fmt: skip
    return render(request, "people/_work_round_answered.html", context, status=status)


def _lines(standings: Any, month: date, bound: Mapping[int, RoundForm]) -> list[Line]:
    persons, today = [row.person_id for row in standings], timezone.localdate()
    jobs = rounds.last_jobs(persons, add_months(month, 1))
    answers = answers_of_month(persons, month)
    places = names_of(job.place for job in jobs.values())
    lines = []
    for row in standings:
        job = jobs.get(row.person_id)
        form = bound.get(row.person_id) or RoundForm(person=row.person_id, at_work=row.work_status, today=today)
        place = places.get(job.place, "") if job else ""
        lines.append(Line(row, job, place, answers.get(row.person_id), form))
    return lines


def _months(month: date) -> dict[str, Any]:
    this = timezone.localdate().replace(day=1)
    return {"month": month, "months": [add_months(this, -back) for back in range(MONTHS_BACK + 1)]}


def _month(text: str, today: date) -> date:
    """The first day of the month written 2026-06; this month for "". Raises Http404 for another month."""
    this = today.replace(day=1)
    months = {f"{first:%Y-%m}": first for first in (add_months(this, -back) for back in range(MONTHS_BACK + 1))}
    if text and text not in months:
        raise Http404
    return months.get(text, this)


def _sent_before(form: RoundForm, person: int, month: date) -> bool:
    """Whether this very form was recorded already: then its answer no longer fits, and all is well."""
    kept = answers_of_month([person], month).get(person)
    return kept is not None and kept.client_key == form.data.get("client_key")


def _back(village: str, month: date, sent: Mapping[str, str]) -> HttpResponse:
    state = sent.get("state", "")
    more = f"&state={state}" if state in {rounds.OPEN, rounds.ANSWERED} else ""
    return redirect(f"{reverse('people:work-round')}?village={village}&month={month:%Y-%m}{more}")


def _how(user: User, now: Any) -> Recorded:
    return Recorded(on=timezone.localdate(now), source=Source.OFFICER, by=user, at=now, decided=True)


def _key(text: str) -> int:
    key = read_key(text)
    if key is None:
        raise Http404
    return key


def _pair(text: str) -> tuple[int, str] | None:
    """(person, client key) of "PERSON:KEY"; None for anything else."""
    person, _colon, key = text.partition(":")
    try:
        return _key(person), str(UUID(key))
    except (ValueError, Http404):
        return None
