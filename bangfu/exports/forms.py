"""What an officer says about a file: for whom, what for, which columns, how much of each number."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.exports.lists import Column, ExportList
from bangfu.exports.masks import ENDS, MASKS
from bangfu.exports.models import FileFormat, Template

_LEAST_WORDS = 4
_BOX = {"class": "form-control", "autocomplete": "off"}


def _mask_field(column: Column, chosen: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=column.words, choices=list(MASKS.items()), initial=chosen, required=False,
        widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
    )  # fmt: skip


class AskForm(forms.Form):
    """Asking for a list as a file. With a template its recipient, columns and masks are fixed."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    recipient = forms.CharField(
        label=_("Who receives the file"), max_length=100, widget=forms.TextInput(attrs=_BOX),
        error_messages={"required": _("Say who receives the file: the office, or yourself.")},
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("What it is needed for"), min_length=_LEAST_WORDS, max_length=200,
        widget=forms.Textarea(attrs={**_BOX, "rows": 2}),
        help_text=_("Write no names or numbers of persons here. It stands in the file and in the record."),
        error_messages={
            "required": _("Say what the file is needed for; without a purpose no list leaves the system."),
            "min_length": _("Say in a few words what the file is needed for."),
        },
    )  # fmt: skip
    file_format = forms.ChoiceField(
        label=_("Kind of file"), choices=FileFormat.choices, initial=FileFormat.XLSX, widget=forms.RadioSelect,
        help_text=_("A spreadsheet spoils whole ID numbers when it opens a CSV file: choose Excel for those."),
    )  # fmt: skip
    columns = forms.MultipleChoiceField(
        label=_("Columns"), error_messages={"required": _("Choose at least one column.")}
    )

    def __init__(self, data: Any = None, *, of: ExportList, template: Template | None = None) -> None:
        super().__init__(data, initial={"client_key": uuid4()})
        self.of, self.template = of, template
        fields: Any = self.fields
        if template is not None:
            del fields["recipient"], fields["columns"]
            return
        fields["columns"].choices = [(column.code, column.words) for column in of.columns]
        fields["columns"].initial = [column.code for column in of.columns if column.shown]
        for column in of.columns:
            if column.number:
                fields[f"mask_{column.code}"] = _mask_field(column, ENDS)

    def boxes(self) -> list[tuple[Column, bool, Any]]:
        """For the page: each column, whether it is chosen, and the field of its mask (None for no number)."""
        chosen = set(self["columns"].value() or ())
        return [
            (column, column.code in chosen, self[f"mask_{column.code}"] if column.number else None)
            for column in self.of.columns
        ]

    def chosen_columns(self) -> list[tuple[str, str]]:
        """The columns in the order of the page, or of the template, each with its mask."""
        if self.template is not None:
            return [(code, mask) for code, mask in self.template.columns]
        return [
            (column.code, (self.cleaned_data[f"mask_{column.code}"] or ENDS) if column.number else "")
            for column in self.of.columns
            if column.code in self.cleaned_data["columns"]
        ]


class DecisionForm(forms.Form):
    """A second person's decision; it has no effect without a reason."""

    decision = forms.ChoiceField(choices=[("approve", _("Approve")), ("refuse", _("Refuse"))])
    reason = forms.CharField(
        label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={**_BOX, "rows": 2}),
        error_messages={"required": _("Give your reason; the asker and the record show it.")},
    )  # fmt: skip


class TemplateForm(forms.Form):
    """What a recipient gets: an empty place leaves a column out."""

    recipient = forms.CharField(
        label=_("Office or body that receives the file"), max_length=100, widget=forms.TextInput(attrs=_BOX)
    )
    watermark = forms.CharField(
        label=_("Words printed on every page"), max_length=60, required=False, widget=forms.TextInput(attrs=_BOX),
        help_text=_("User, time and export number are added to them."),
    )  # fmt: skip
    needs_second = forms.BooleanField(
        label=_("A second person must approve every file"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, of: ExportList, template: Template | None = None) -> None:
        kept = {code: (at, mask) for at, (code, mask) in enumerate(template.columns if template else (), start=1)}
        said = ("recipient", "watermark", "needs_second")
        super().__init__(data, initial={name: getattr(template, name) for name in said} if template else {})
        self.of = of
        shown = [column.code for column in of.columns if column.shown]
        for column in of.columns:
            usual = shown.index(column.code) + 1 if column.shown and not kept else None
            at, mask = kept.get(column.code, (usual, ENDS))
            self.fields[f"place_{column.code}"] = forms.IntegerField(
                label=column.words, min_value=1, max_value=99, required=False, initial=at,
                widget=forms.NumberInput(attrs={"class": "form-control form-control-sm num", "min": 1, "max": 99}),
            )  # fmt: skip
            if column.number:
                self.fields[f"mask_{column.code}"] = _mask_field(column, mask)

    def boxes(self) -> list[tuple[Column, Any, Any]]:
        """For the page: each column with the fields of its place and of its mask (None for no number)."""
        return [
            (column, self[f"place_{column.code}"], self[f"mask_{column.code}"] if column.number else None)
            for column in self.of.columns
        ]

    def clean(self) -> dict[str, Any]:
        """A template has at least one column."""
        said = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen_columns():
            self.add_error(None, _("Give at least one column a place."))
        return said

    def chosen_columns(self) -> Sequence[list[str]]:
        """The columns by their places, each with its mask; equal places keep the order of the list."""
        said = self.cleaned_data
        placed = [column for column in self.of.columns if said.get(f"place_{column.code}")]
        placed.sort(key=lambda column: said[f"place_{column.code}"])
        return [[column.code, (said[f"mask_{column.code}"] or ENDS) if column.number else ""] for column in placed]
