"""What an officer fills in on pages that join rooms."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.models import User
from bangfu.cases.choices import AskedBy, Channel
from bangfu.ui.fields import DayField, SegmentField, SelectField


class HireForm(forms.Form):
    """The day on which the person began to work, from the opening of the case until today."""

    start_on = DayField(label=_("Day on which work began"))

    def __init__(self, data: Any = None, *, first: date, today: date, **options: Any) -> None:
        super().__init__(data, initial={"start_on": today}, **options)
        self.first, self.today = first, today
        self.fields["start_on"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}

    def clean_start_on(self) -> date:
        """Between the opening of the case and today."""
        day: date = self.cleaned_data["start_on"]
        if day > self.today:
            raise forms.ValidationError(_("It lies in the future: confirm the start on the first day of work."))
        if day < self.first:
            raise forms.ValidationError(_("It lies before the case was opened."))
        return day


class HelperForm(forms.Form):
    """Who takes the case."""

    helper = SelectField(label=_("Helper"))

    def __init__(self, data: Any = None, *, helpers: list[User], **options: Any) -> None:
        super().__init__(data, **options)
        self.helpers = {str(helper.pk): helper for helper in helpers}
        self.fields["helper"].choices = [  # type: ignore[attr-defined]
            (key, f"{helper.name} {helper.office}".strip()) for key, helper in self.helpers.items()
        ]

    def chosen(self) -> User:
        """The helper of a valid form."""
        return self.helpers[self.cleaned_data["helper"]]


class RequestForm(forms.Form):
    """A request for help that an officer registers for a person."""

    person = forms.IntegerField(min_value=1)
    channel = SegmentField(label=_("How did the request come?"), choices=Channel.choices)
    asked_by = SegmentField(label=_("Who asks?"), choices=AskedBy.choices, required=False)
    consent = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Who asks for somebody else has that person's consent (policy.md A4)."""
        said = super().clean() or self.cleaned_data
        if said.get("asked_by") not in {None, "", AskedBy.PERSON} and not said.get("consent"):
            self.add_error("consent", _("The person must have agreed to the request."))
        return said
