"""What an officer fills in on the page of a case. A hidden key makes a form that is sent twice count once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.cases.choices import Answer, Channel, Finding, Obstacle
from bangfu.cases.refusals import Refusal
from bangfu.people.choices import Reach
from bangfu.ui.fields import (
    UNCHOSEN,
    KeyedForm,
    MinutesField,
    SegmentField,
    SelectField,
    SeveralField,
    SwitchField,
    TextField,
    WageField,
)

TITLE_LENGTH = 100


class SurveyForm(KeyedForm):
    """The need of a person: what the alarm was worth, what the person wants, what stands in the way."""

    finding = SwitchField(label=_("What did you find?"), choices=Finding.choices)
    channel = SegmentField(label=_("How did you meet?"), choices=Channel.choices, initial=Channel.PHONE)
    wished_occupation = TextField(label=_("Wished trade"), max_length=60, required=False)
    wage_floor_amount = WageField(label=_("Lowest monthly wage (yuan)"))
    reach = SelectField(label=_("How far from home"), choices=[*UNCHOSEN, *Reach.choices], required=False)
    wants_training = SwitchField(
        label=_("Training wanted?"), choices=[("", _("Not asked")), ("yes", _("Yes")), ("no", _("No"))], required=False
    )
    wished_trade = TextField(label=_("Training wished"), max_length=60, required=False)
    wished_place = TextField(label=_("Wished place"), max_length=60, required=False)
    obstacles = SeveralField(label=_("What stands in the way"), choices=Obstacle.choices, required=False)
    health_words = TextField(label=_("What health allows"), max_length=200, required=False)
    family_words = TextField(label=_("Who must be cared for"), max_length=200, required=False)
    barriers = forms.CharField(
        label=_("Anything else"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    minutes = MinutesField()

    def clean_wants_training(self) -> bool | None:
        """True, False, or None where it was not asked."""
        return {"yes": True, "no": False}.get(self.cleaned_data["wants_training"])


class AnswerForm(KeyedForm):
    """What the person said to one item of the package."""

    answer = SwitchField(label=_("The person's answer"), choices=Answer.choices)
    channel = SegmentField(label=_("How did you meet?"), choices=Channel.choices, initial=Channel.PHONE)
    refusal = SelectField(
        label=_("Why refused"),
        choices=[*UNCHOSEN, *Refusal.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select", "data-shows": ""}),
    )
    words = TextField(label=_("In the person's words"), max_length=TITLE_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        """A refusal needs its reason, and another reason its words."""
        said = super().clean() or self.cleaned_data
        refused = said.get("answer") == Answer.REFUSED
        if refused and not said.get("refusal"):
            self.add_error("refusal", _("Choose why the person refused."))
        if refused and said.get("refusal") == Refusal.OTHER and not said.get("words"):
            self.add_error("words", _("Say what the other reason is."))
        return said

    def said(self) -> dict[str, Any]:
        """Answer, channel, key, and the reason of a refusal: its code, or the words of another reason."""
        values = super().said()
        refusal, words = values.pop("refusal"), values.pop("words")
        chosen = words if refusal == Refusal.OTHER else refusal
        values["reason"] = chosen if values["answer"] == Answer.REFUSED else ""
        return values


class GuidanceForm(AnswerForm):
    """One talk of career guidance."""

    title = TextField(label=_("What was advised"), max_length=TITLE_LENGTH, required=False)


class TrainingForm(AnswerForm):
    """One training course put to the person."""

    title = TextField(label=_("Which course"), max_length=TITLE_LENGTH)
