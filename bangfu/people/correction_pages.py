"""Pages of corrections and objections: the list by due day, a new request, and its answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bangfu.accounts.access import require_writer
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.people.access import get_correction, get_person, visible_corrections
from bangfu.people.area import read_area
from bangfu.people.correction_forms import SUBJECTS, AnswerForm, CorrectionForm
from bangfu.people.corrections import Asked, answer_corrections, ask_corrections, reply_in, said_in
from bangfu.people.fact_forms import EDITABLE
from bangfu.people.models import Correction
from bangfu.ui.pages import keyset_page, render_part

WRONG = 422
OPEN, ANSWERED = "open", "answered"


@require_GET
def correction_list(request: HttpRequest) -> HttpResponse:
    """What persons asked, the nearest due day first."""
    user: Any = request.user
    area = read_area(user, request.GET)
    state = ANSWERED if request.GET.get("state") == ANSWERED else OPEN
    rows = visible_corrections(user).filter(answered_at__isnull=state == OPEN)
    rows = area.narrow(rows, "person__standing__division")
    page = keyset_page(
        rows.select_related("person__standing", "answered_by"), ("due_on", "id"), after=request.GET.get("after", "")
    )
    villages = full_names_of([row.person.standing.division for row in page.rows], above=COUNTY)
    lines = [(row, villages.get(row.person.standing.division, ""), SUBJECTS.get(row.subject, "")) for row in page.rows]
    context = {
        "page": page, "lines": lines, "state": state, "area": area, "total": rows.count(),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render_part(request, "people/corrections.html", "people/_corrections.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: int) -> HttpResponse:
    """Register what a person asks of the file."""
    user = require_writer(request.user)
    person = get_person(user, key)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        asked = Asked(person=person.pk, **said)
        new = ask_corrections([asked], by=user, at=timezone.now())
        done = _("The request is registered; the answer is due within 15 working days.")
        messages.success(request, done if new else _("This request is registered already."))
        return redirect("people:corrections")
    context = {"person": person, "form": form}
    return render(request, "people/correction_new.html", context, status=WRONG if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, key: int) -> HttpResponse:
    """One request with what was said; a POST answers it."""
    user: Any = require_writer(request.user) if request.method == "POST" else request.user
    row = get_correction(user, key)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answer_corrections({row.pk: (said["answer"], said["reply"])}, by=user, at=timezone.now())
        except Correction.DoesNotExist:
            messages.error(request, _("Nothing was changed: somebody answered this meanwhile."))
        else:
            messages.success(request, _("The answer is recorded."))
        return redirect("people:correction", key)
    context = {
        "row": row, "person": row.person, "said": said_in(row), "reply": reply_in(row), "form": form,
        "may_write": user.may_write(), "today": timezone.localdate(), "subject": SUBJECTS.get(row.subject, ""),
        "mend": row.subject in {model._meta.model_name for model in EDITABLE},
    }  # fmt: skip
    return render(request, "people/correction.html", context, status=WRONG if form.errors else 200)
