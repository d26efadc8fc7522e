"""The fields that forms of all rooms are made of, and a form that sent twice counts once."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

UNCHOSEN = [("", "—")]


class TextField(forms.CharField):
    """A line of text."""

    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})


class SelectField(forms.ChoiceField):
    """One of a list."""

    widget = forms.Select(attrs={"class": "form-select"})


class SegmentField(forms.ChoiceField):
    """One of a few, all in sight."""

    widget = forms.RadioSelect


class SwitchField(forms.ChoiceField):
    """One of a few, all in sight, where some answers need further fields."""

    widget = forms.RadioSelect(attrs={"data-shows": ""})


class SeveralField(forms.MultipleChoiceField):
    """Any of a few, all in sight."""

    widget = forms.CheckboxSelectMultiple
    several = True
    """How the template of a field tells it from a single box."""


class DayField(forms.DateField):
    """A day, picked from the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"})


class WageField(forms.DecimalField):
    """Yuan a month."""

    widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_digits": 9, "decimal_places": 2, "required": False, **options})


class MinutesField(forms.IntegerField):
    """The time a piece of work took; it may be left out. A working day is the most."""

    widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        told = {"label": _("Minutes it took"), "min_value": 1, "max_value": 480, "required": False}
        super().__init__(**{**told, **options})


class KeyedForm(forms.Form):
    """A form with a key made when it is shown."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        given = options.pop("initial", {}) or {}
        super().__init__(data, initial={"client_key": uuid4(), **given}, **options)

    def said(self) -> dict[str, Any]:
        """The checked values; the key as text."""
        return {**self.cleaned_data, "client_key": str(self.cleaned_data["client_key"])}
