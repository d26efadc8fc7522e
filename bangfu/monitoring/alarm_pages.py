"""Pages of the alarms of towns: the list, and one with those who lost their work and what was done."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.cases.words import spoken
from bangfu.core.keys import read_key
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, level_of
from bangfu.lake.snapshots import SnapshotError
from bangfu.monitoring.access import get_alarm, visible_alarms
from bangfu.monitoring.alarms import AlarmOverError, answer_alarm, persons_behind
from bangfu.monitoring.look_models import AreaAlarm
from bangfu.monitoring.quality_pages import WRONG
from bangfu.monitoring.rule_words import rule_in_words
from bangfu.monitoring.rules import rule_behind
from bangfu.people.access import visible_standings
from bangfu.ui.fields import TextField
from bangfu.ui.pages import keyset_page, page_of_keys

ORDER = ("-opened_on", "-id")
_SIZE = 50


class DoneForm(forms.Form):
    """What was done about an alarm."""

    said = TextField(
        label=gettext_lazy("What was found, and what is done"), max_length=300,
        help_text=gettext_lazy("No names or numbers of labourers."),
    )  # fmt: skip


def alarm_lines(user: Any, alarms: Sequence[AreaAlarm]) -> list[tuple[AreaAlarm, str, str]]:
    """Alarms with their place and the name of their rule; one query."""
    above = COUNTY if level_of(user.division) >= COUNTY else PREFECTURE
    places = full_names_of([row.division for row in alarms], above=above)
    rules = [rule_behind(row.code, row.version) for row in alarms]
    return [
        (row, places.get(row.division, row.division), spoken(rule.name) if rule else row.code)
        for row, rule in zip(alarms, rules, strict=True)
    ]


def open_alarms(user: Any) -> list[tuple[AreaAlarm, str, str]]:
    """The newest open alarms of the user's duties, five at most."""
    return alarm_lines(user, list(visible_alarms(user).filter(closed_on__isnull=True).order_by(*ORDER)[:5]))


@never_cache
@require_GET
def alarm_list(request: HttpRequest) -> HttpResponse:
    """All alarms of the user's duties, the newest first."""
    user: Any = request.user
    rows = visible_alarms(user).select_related("answered_by")
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""))
    context = {"page": page, "lines": alarm_lines(user, page.rows), "total": rows.count()}
    return render(request, "monitoring/alarms.html", context)


@never_cache
@require_GET
def alarm(request: HttpRequest, key: int) -> HttpResponse:
    """One alarm: its figures, the persons behind it, what was done."""
    return _shown(request, key, DoneForm(), 200)


def _shown(request: HttpRequest, key: int, form: DoneForm, status: int) -> HttpResponse:
    user: Any = request.user
    found = get_alarm(user, key)
    ((row, place, name),) = alarm_lines(user, [found])
    after, is_kept = read_key(request.GET.get("after", "")) or 0, True
    try:
        keys = persons_behind(row, after=after, most=_SIZE + 1)
    except SnapshotError:
        keys, is_kept = [], False
    page = page_of_keys(keys, _SIZE, after)
    standings = visible_standings(user).filter(pk__in=page.rows).select_related("person").order_by("person_id")
    places = full_names_of([one.division for one in standings], above=COUNTY)
    rule = rule_behind(row.code, row.version)
    context = {
        "alarm": row, "place": place, "name": name, "form": form, "page": page, "is_kept": is_kept,
        "rows": [(one, places.get(one.division, "")) for one in standings], "may_answer": user.may_write(),
        "advice": spoken(rule.advice) if rule and rule.advice else "",
        "shown": rule_in_words(rule) if rule else None,
    }  # fmt: skip
    return render(request, "monitoring/alarm.html", context, status=status)


@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Keep what was done about an alarm."""
    user = require_writer(request.user)
    found = get_alarm(user, key)
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _shown(request, key, form, WRONG)
    try:
        answer_alarm(found.pk, form.cleaned_data["said"], by=user, at=timezone.now())
    except AlarmOverError:
        messages.error(request, _("Nothing was changed: the alarm is over since."))
    else:
        messages.success(request, _("The answer is kept."))
    return redirect("monitoring:alarm", key)
