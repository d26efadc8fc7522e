"""Why a rule holds of a person today, or does not, and what single change would turn the answer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bangfu.home.person import note_once
from bangfu.monitoring.answers import answer_in_words
from bangfu.monitoring.explaining import NotExplainedError, explain_person
from bangfu.monitoring.finding_lines import hidden_columns
from bangfu.people.access import get_person


@never_cache
@require_GET
def explained(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """The answer as the register stands; opening it counts as a look at the person. Raises Http404."""
    user: Any = request.user
    found = get_person(user, key)
    today = timezone.localdate()
    context: dict[str, Any] = {"person": found, "code": code, "today": today, "missing": ""}
    try:
        answer = explain_person(code, found.pk, today)
    except NotExplainedError as error:
        if error.reason == "no_rule":
            raise Http404 from error
        context["missing"] = error.reason
    else:
        context |= {"answer": answer, "shown": answer_in_words(answer, hidden_columns(user))}
    note_once(request, found)
    return render(request, "home/explained.html", context)
