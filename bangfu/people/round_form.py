"""One answer of the work round as it is filled in."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.divisions.naming import Found
from bangfu.divisions.queries import index_of
from bangfu.people.choices import RoundAnswer, WorkStatus

AT_WORK = (RoundAnswer.CONFIRMED, RoundAnswer.CHANGED, RoundAnswer.ENDED)
NOT_AT_WORK = (RoundAnswer.JOBLESS, RoundAnswer.STARTED)
WITH_JOB = (RoundAnswer.CHANGED, RoundAnswer.STARTED)
WITH_DAY = (*WITH_JOB, RoundAnswer.ENDED)


def _line(label: Any, length: int, hint: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, help_text=hint)


class RoundForm(forms.Form):
    """What a person answered for the month; the fields of a job are needed only for a new one."""

    person = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    client_key = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("What has changed?"), choices=RoundAnswer.choices, widget=forms.RadioSelect(attrs={"data-shows": ""})
    )
    on = forms.DateField(
        label=_("Since which day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )
    employer = _line(_("Employer"), 100)
    occupation = _line(_("Kind of work"), 60)
    wage_amount = forms.DecimalField(
        label=_("Monthly wage (yuan)"),
        min_value=1,
        max_digits=9,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}),
    )
    county = _line(_("County of work"), 60, _("Province and county where the county's name alone is not clear"))

    def __init__(self, data: Any = None, *, person: int, at_work: str, today: date, **options: Any) -> None:
        initial = {"person": person, "client_key": uuid4(), "on": today}
        super().__init__(data, initial=initial, auto_id=f"p{person}-%s", **options)
        self.today = today
        fitting = AT_WORK if at_work == WorkStatus.AT_WORK else NOT_AT_WORK
        choices = [(answer.value, answer.label) for answer in fitting]
        self.fields["answer"].choices = choices  # type: ignore[attr-defined]
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    @property
    def shows_job(self) -> str:
        """For which answers the page shows the fields of a job."""
        return " ".join(WITH_JOB)

    @property
    def shows_day(self) -> str:
        """For which answers the page shows the day."""
        return " ".join(WITH_DAY)

    def clean_on(self) -> date | None:
        """Not after today."""
        day: date | None = self.cleaned_data["on"]
        if day and day > self.today:
            raise forms.ValidationError(_("It must not lie after today."))
        return day

    def clean_county(self) -> str:
        """The code of the county named, "" for none."""
        name = self.cleaned_data["county"].strip()
        if not name:
            return ""
        parts = name.replace("，", " ").replace(",", " ").split()
        province, city = (parts[0] if len(parts) > 1 else None), (parts[1] if len(parts) > 2 else None)
        found = index_of().county(province, city, parts[-1])
        if isinstance(found, Found):
            return found.code
        raise forms.ValidationError(_("No single county is known by this name: put the province in front."))

    def clean(self) -> dict[str, Any]:
        """A new job needs its employer or its occupation."""
        said = super().clean() or self.cleaned_data
        if said.get("answer") in WITH_JOB and not (said.get("employer") or said.get("occupation")):
            self.add_error("employer", _("Name the employer or the kind of work."))
        return said

    def job(self) -> dict[str, Any] | None:
        """The columns of the new job, None for an answer without one."""
        said = self.cleaned_data
        if said["answer"] not in WITH_JOB:
            return None
        return {
            "employer": said["employer"], "occupation": said["occupation"], "wage_amount": said["wage_amount"],
            "place": said["county"],
        }  # fmt: skip
