"""Forms that take a file."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bangfu.intake.failures import BadLedger
from bangfu.intake.kinds import Kind, all_kinds, file_kinds
from bangfu.intake.words import explain_failure


class FileOnlyForm(forms.Form):
    """A file of the size that one import takes."""

    file = forms.FileField(
        allow_empty_file=True, max_length=200, error_messages={"required": _("Choose a file first.")}
    )

    def clean_file(self) -> UploadedFile:
        """Refuses a file larger than one import takes, before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            raise forms.ValidationError(explain_failure(BadLedger("too_large")))
        return file

    def content(self) -> bytes:
        """The bytes of the file."""
        data: bytes = self.cleaned_data["file"].read()
        return data


class UploadForm(FileOnlyForm):
    """A ledger and what kind it is."""

    kind = forms.ChoiceField(error_messages={"required": _("Choose the kind of ledger.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["kind"]
        choices.choices = [(kind.code, kind.title) for kind in file_kinds()]

    def kind_chosen(self) -> Kind:
        """The kind of ledger."""
        return all_kinds()[self.cleaned_data["kind"]]
