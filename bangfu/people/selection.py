"""Changing many persons who were chosen on the list: the form, then the preview of the import machinery."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.colleagues import helpers_for
from bangfu.intake.staging import stage_rows
from bangfu.people import queries
from bangfu.people.access import get_persons, visible_standings
from bangfu.people.area import read_area
from bangfu.people.checking.edits import DEEDS, END, HELPER, START, WAGE, WISHES
from bangfu.people.forms import PeopleFilter
from bangfu.people.identity import id_number
from bangfu.people.importing import EDITS
from bangfu.people.models import Person
from bangfu.ui.fields import UNCHOSEN, DayField, SelectField, SwitchField, TextField, WageField

MOST = 5000
_YES_NO = [*UNCHOSEN, ("是", gettext_lazy("Yes")), ("否", gettext_lazy("No"))]
_WORDS = {code: words for words, code in reversed(DEEDS.items())}
_CHOICES = (
    (END, gettext_lazy("End the job")),
    (START, gettext_lazy("Begin a job")),
    (WAGE, gettext_lazy("Change the wage")),
    (WISHES, gettext_lazy("Change the wishes")),
    (HELPER, gettext_lazy("Give a helper")),
)


class EditForm(forms.Form):
    """One change for all who were chosen. Telephones differ from person to person and are changed by a sheet."""

    deed = SwitchField(label=gettext_lazy("What shall be changed?"), choices=_CHOICES)
    day = DayField(label=gettext_lazy("Since which day"))
    employer = TextField(label=gettext_lazy("Employer"), max_length=100, required=False)
    occupation = TextField(label=gettext_lazy("Kind of work"), max_length=60, required=False)
    wage = WageField(label=gettext_lazy("Monthly wage (yuan)"))
    work_county = TextField(label=gettext_lazy("County of work"), max_length=60, required=False)
    reason = TextField(label=gettext_lazy("Why without work"), max_length=60, required=False)
    will_work = SelectField(label=gettext_lazy("Will to work"), choices=_YES_NO, required=False)
    will_train = SelectField(label=gettext_lazy("Will to train"), choices=_YES_NO, required=False)
    helper = SelectField(label=gettext_lazy("Helper"), required=False)

    def __init__(self, data: Any = None, *, helpers: Sequence[Any], today: Any) -> None:
        super().__init__(data, initial={"day": today}, auto_id="edit-%s")
        named = [(one.username, f"{one.name} {one.office}".strip()) for one in helpers]
        self.fields["helper"].choices = [*UNCHOSEN, *named]  # type: ignore[attr-defined]

    def cells(self) -> Mapping[str, Any]:
        """The cells that each chosen person's row gets; the check of the sheet judges them."""
        said = self.cleaned_data
        names = ("employer", "occupation", "work_county", "reason", "will_work", "will_train", "helper")
        wage = said["wage"]
        return {
            "deed": _WORDS[said["deed"]], "day": said["day"].isoformat(), "wage": "" if wage is None else str(wage),
            **{name: said[name] for name in names},
        }  # fmt: skip


@never_cache
@require_POST
def edit_selection(request: HttpRequest) -> HttpResponse:
    """The form for the persons chosen; sent with a deed, a preview of what would change."""
    user = require_writer(request.user)
    persons = _chosen(request)
    if not persons:
        messages.error(request, _("Nobody is chosen: tick at least one person."))
        return redirect("people:list")
    if len(persons) > MOST:
        messages.error(request, _("More than %d persons: narrow the list, or send a sheet.") % MOST)
        return redirect("people:list")
    now = timezone.now()
    today = timezone.localdate(now)
    form = EditForm(request.POST if "deed" in request.POST else None, helpers=helpers_for(user), today=today)
    if form.is_valid():
        rows = [{"id_number": id_number(one), "name": one.name, **form.cells()} for one in persons]
        name = _("Chosen on the list, %d persons") % len(rows)
        batch = stage_rows(EDITS, rows, name=name, on=today, by=user, at=now, inside=user.ranges())
        return redirect("intake:batch", batch.pk)
    context = {"form": form, "persons": persons, "shown": persons[:10]}
    return render(request, "people/edit_selection.html", context, status=422 if form.errors else 200)


def _chosen(request: HttpRequest) -> Sequence[Person]:
    """Those who were ticked or, with `all`, everybody whom the filters of the list let through."""
    user = require_writer(request.user)
    if "all" not in request.POST:
        return get_persons(user, request.POST.getlist("person"))
    area, form = read_area(user, request.POST), PeopleFilter(request.POST)
    rows = queries.filter_standings(visible_standings(user), division=area.range, **form.chosen())
    return [row.person for row in rows.order_by("division", "person_id")[: MOST + 1]]
