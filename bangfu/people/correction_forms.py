"""What is filled in about a request of a person, and its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.people.choices import AskedBy, CorrectionAnswer, CorrectionKind
from bangfu.people.corrections import MATCHING
from bangfu.people.fact_words import GROUPS
from bangfu.ui.fields import UNCHOSEN, KeyedForm, SegmentField, SelectField

SUBJECTS = {**GROUPS, MATCHING: _("Automatic matching with posts")}
_AREA = {"class": "form-control", "rows": 4}


class CorrectionForm(KeyedForm):
    """What the person asks, in the person's words."""

    kind = SegmentField(label=_("What is asked?"), choices=CorrectionKind.choices)
    asked_by = SegmentField(label=_("Who asks?"), choices=AskedBy.choices, initial=AskedBy.PERSON)
    subject = SelectField(label=_("About what?"), choices=[*UNCHOSEN, *SUBJECTS.items()], required=False)
    said_words = forms.CharField(
        label=_("In the person's words"), max_length=1000, widget=forms.Textarea(attrs=_AREA),
        help_text=_("What is wrong, what would be right, and how that can be seen. It is kept encrypted."),
    )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """The columns of a request."""
        values = super().said()
        values["said"] = values.pop("said_words")
        return values


class AnswerForm(forms.Form):
    """What was done, and the words to the person."""

    answer = SegmentField(label=_("What was done?"), choices=CorrectionAnswer.choices)
    reply = forms.CharField(
        label=_("Words to the person"), max_length=1000, widget=forms.Textarea(attrs=_AREA),
        help_text=_("Say what was changed or, if nothing was, why and where one may complain."),
    )  # fmt: skip
