"""Stating something of one person on a page: the officer sees what is on file and decides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bangfu.accounts.access import require_writer
from bangfu.people.access import get_person
from bangfu.people.actions import record_facts
from bangfu.people.fact_forms import EDITABLE, FactForm
from bangfu.people.fact_words import group_name
from bangfu.people.facts_base import Fact
from bangfu.people.facts_shown import facts_shown, hidden_from, job_shown
from bangfu.people.groups import group_named
from bangfu.people.jobs_held import correct_jobs
from bangfu.people.models import Job
from bangfu.people.queries import open_facts, open_jobs
from bangfu.people.recorded import Recorded

WRONG = 422


@never_cache
@require_http_methods(["GET", "POST"])
def state_fact(request: HttpRequest, key: int, group: str) -> HttpResponse:
    """The form for one group of facts, beside what is on file; a POST records it."""
    user: Any = require_writer(request.user)
    person, model = get_person(user, key), _editable(group)
    now = timezone.now()
    today = timezone.localdate(now)
    form = FactForm(model, request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        under, state = form.state(person.pk)
        said = form.cleaned_data
        how = Recorded(on=said["on"], source=said["source"], by=user, at=now, evidence=said["evidence"], decided=True)
        if model is Job and not open_jobs([person.pk], said["on"]):
            form.add_error("on", _("No job is on file on that day. Begin one in the work round or by a sheet."))
        elif correct_jobs({under: state}, how) if model is Job else record_facts(model, {under: state}, how):
            messages.success(request, _("%s: recorded.") % group_name(model))
        else:
            messages.info(request, _("%s: this is on file already, nothing was changed.") % group_name(model))
        if not form.errors:
            return redirect("home:person", key)
    if model is Job:
        lines = job_shown(person, today)
    else:
        lines = facts_shown(open_facts(person, [model]), without=hidden_from(user))
    context = {
        "person": person, "form": form, "lines": lines, "group": group, "group_name": group_name(model),
        "fields": [form[name] for name in EDITABLE[model]],
    }  # fmt: skip
    return render(request, "people/fact.html", context, status=WRONG if form.errors else 200)


def _editable(group: str) -> type[Fact]:
    try:
        model = group_named(group)
    except KeyError as missing:
        raise Http404 from missing
    if model not in EDITABLE:
        raise Http404
    return model
