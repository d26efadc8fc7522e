"""Forms for what an officer may state of a person, made from the tables of facts themselves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import models as db
from django.utils.translation import gettext_lazy as _

from bangfu.people import identity
from bangfu.people.checking.cells import parse_phone
from bangfu.people.fact_words import COLUMNS
from bangfu.people.facts_base import Fact, Source
from bangfu.people.models import BankAccount, Certificate, Condition, Consent, Contact, Intent, Job, Recognition
from bangfu.ui.fields import UNCHOSEN, DayField, SegmentField, SelectField, TextField, WageField

EDITABLE: Mapping[type[Fact], tuple[str, ...]] = {
    Condition: ("education", "health", "labour_capacity", "school"),
    Intent: (
        "will_work", "will_train", "will_go_out", "will_start_business", "wished_occupation", "wished_trade",
        "service_need", "wage_floor_amount", "reach",
    ),
    Job: ("employer", "industry", "occupation", "wage_amount", "form", "channel", "organised", "contract", "insured"),
    Contact: ("number",),
    BankAccount: ("number", "bank"),
    Certificate: ("kind", "trade", "level", "issuer", "issued_on", "expires_on", "number"),
    Recognition: ("kind", "ground"),
    Consent: ("kind", "given"),
}  # fmt: skip
"""What may be stated on a page; of jobs, what is corrected of the one held longest. The category comes from the
agriculture bureau's list and is never edited here."""

SOURCES = (Source.VISIT, Source.PERSON, Source.OFFICER, Source.EMPLOYER)
_NUMBERS = {Contact: _("Telephone"), BankAccount: _("Account number"), Certificate: _("Certificate number")}
_YES_NO = [*UNCHOSEN, ("yes", _("Yes")), ("no", _("No"))]
_ACCOUNT_DIGITS = range(12, 24)
_NEEDED = {"kind", "number", "given"}


class FactForm(forms.Form):
    """What is stated of one group, since which day, and how it is known. Empty fields leave what is on file."""

    def __init__(self, model: type[Fact], data: Any = None, *, today: date, initial: Any = None) -> None:
        given = {"on": today, "source": Source.PERSON, **(initial or {})}
        super().__init__(data, initial=given, auto_id="fact-%s")
        self.model, self.today = model, today
        for name in EDITABLE[model]:
            self.fields[name] = _field(model, name)
        self.fields["on"] = DayField(label=_("True since"))
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        self.fields["source"] = SegmentField(
            label=_("How do you know?"), choices=[(source.value, source.label) for source in SOURCES]
        )
        self.fields["evidence"] = TextField(
            label=_("Proof"), max_length=200, required=False, help_text=_("Which paper or record shows it; no names.")
        )

    def clean_on(self) -> date:
        """Not after today."""
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("It must not lie after today."))
        return day

    def clean_number(self) -> str:
        """A mobile number of eleven digits, or the digits of an account; the number of a certificate as it is."""
        number = "".join(self.cleaned_data["number"].split())
        if self.model is Contact and parse_phone(number) is None:
            raise forms.ValidationError(_("A mobile number has 11 digits and begins with 1."))
        if self.model is BankAccount and not (number.isdecimal() and len(number) in _ACCOUNT_DIGITS):
            raise forms.ValidationError(_("An account number has 12 to 23 digits."))
        return number

    def clean(self) -> dict[str, Any]:
        """Something must be stated."""
        said = super().clean() or self.cleaned_data
        if not self.errors and all(said.get(name) in (None, "") for name in EDITABLE[self.model]):
            raise forms.ValidationError(_("Nothing is filled in: state at least one thing."))
        return said

    def state(self, person: int) -> tuple[Any, dict[str, Any]]:
        """Under which key the statement is recorded, and its columns."""
        said = {name: self.cleaned_data[name] for name in EDITABLE[self.model]}
        number = said.pop("number", None)
        if number is not None:
            said |= identity.sealed_number(self.model, person, number)
        kind = self.model.KIND
        return ((person, said.pop(kind)) if kind else person), said


def _field(model: type[Fact], name: str) -> forms.Field:
    if name == "number":
        field: forms.Field = TextField(label=_NUMBERS[model], max_length=40)
        field.widget.attrs["inputmode"] = "text" if model is Certificate else "numeric"
        return field
    column = model._meta.get_field(name)
    label, required = COLUMNS[name], name in _NEEDED
    if isinstance(column, db.BooleanField):
        return forms.TypedChoiceField(
            label=label, choices=_YES_NO, required=required, coerce=lambda said: said == "yes", empty_value=None,
            widget=forms.Select(attrs={"class": "form-select"}),
        )  # fmt: skip
    if isinstance(column, db.DateField):
        return DayField(label=label, required=False)
    if isinstance(column, db.DecimalField):
        return WageField(label=label)
    if column.choices:
        return SelectField(label=label, choices=[*UNCHOSEN, *column.choices], required=required)
    return TextField(label=label, max_length=column.max_length, required=required)
