"""What an officer fills in about the course of a case: a pause, a failed contact, a way out, a follow-up."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bangfu.cases.choices import NEED_SECOND, Channel, Outcome
from bangfu.cases.course_models import Measure, StillThere
from bangfu.cases.words import spoken
from bangfu.core.clock import Clock
from bangfu.ui.fields import UNCHOSEN, DayField, KeyedForm, SegmentField, SelectField, SwitchField, TextField, WageField

WORDS = 300
OUTCOMES_TO_RECORD = [
    (choice.value, choice.label) for choice in Outcome if choice not in {Outcome.EMPLOYED, Outcome.FALSE_ALARM}
]


class CloseForm(forms.Form):
    """How a case ends otherwise than by a hire or a false alarm; a way out that is not work needs its reason."""

    outcome = SelectField(
        label=_("Outcome"),
        choices=[*UNCHOSEN, *OUTCOMES_TO_RECORD],
        widget=forms.Select(attrs={"class": "form-select", "data-shows": ""}),
    )
    reason = TextField(label=_("What founds it"), max_length=WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        """A way out is founded in words: a second person decides on them."""
        said = super().clean() or self.cleaned_data
        if said.get("outcome") in NEED_SECOND and not said.get("reason"):
            self.add_error("reason", _("Say what founds it: a second person decides on these words."))
        return said


class DecideForm(forms.Form):
    """What the second person says to a way out."""

    decision = SwitchField(
        label=_("Your decision"),
        choices=[("confirm", _("End the case")), ("reject", _("Go on with the case"))],
    )
    said = TextField(label=_("Why not"), max_length=WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        """Who turns a way out down says why: the helper goes on from there."""
        said = super().clean() or self.cleaned_data
        if said.get("decision") == "reject" and not said.get("said"):
            self.add_error("said", _("Say why not: the helper goes on from your words."))
        return said


class PauseForm(KeyedForm):
    """A pause of the clocks with its evidence; `clock` names the reasons that its rule allows."""

    reason = SelectField(label=_("Why the clocks stand still"))
    evidence = TextField(
        label=_("Evidence"), max_length=WORDS, help_text=_("A certificate and its number, or who told you and when.")
    )
    last_on = DayField(label=_("Until, that day included"))

    def __init__(self, data: Any = None, *, clock: Clock, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today, self.days = today, {reason.code: reason.longest_days for reason in clock.pause_reasons}
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            *UNCHOSEN,
            *(
                (reason.code, f"{spoken(reason.names)} · {_at_most(reason.longest_days)}")
                for reason in clock.pause_reasons
            ),
        ]
        longest = max(self.days.values(), default=1)
        self.fields["last_on"].widget.attrs |= {
            "min": today.isoformat(), "max": (today + timedelta(days=longest - 1)).isoformat(),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Not before today, and no longer than the reason allows at once."""
        said = super().clean() or self.cleaned_data
        day, reason = said.get("last_on"), said.get("reason")
        if day and day < self.today:
            self.add_error("last_on", _("This day is over: a pause does not reach back."))
        elif day and reason and day >= self.today + timedelta(days=self.days[reason]):
            self.add_error("last_on", _at_most(self.days[reason]))
        return said


def _at_most(days: int) -> str:
    return ngettext("at most %d day at once", "at most %d days at once", days) % days


class AttemptForm(KeyedForm):
    """A contact that failed."""

    channel = SegmentField(
        label=_("How did you try?"),
        choices=[(choice.value, choice.label) for choice in Channel if choice != Channel.HALL],
        initial=Channel.PHONE,
    )


class FollowForm(KeyedForm):
    """How the job goes some days after it began."""

    found = SwitchField(label=_("What did you find?"), choices=StillThere.choices)
    channel = SegmentField(label=_("How did you meet?"), choices=Channel.choices, initial=Channel.PHONE)
    wage_amount = WageField(label=_("Monthly wage now (yuan)"))
    words = TextField(label=_("What else was said"), max_length=WORDS, required=False)


class ReferForm(KeyedForm):
    """Which county is asked to help."""

    county = TextField(
        label=_("County"), max_length=60, help_text=_("Its name, with the province where names repeat, or its code.")
    )
    reason = TextField(label=_("Why"), max_length=WORDS)


class ReferralForm(forms.Form):
    """What the county that was asked says."""

    decision = SwitchField(label=_("Your decision"), choices=[("accepted", _("We help")), ("rejected", _("We cannot"))])
    said = TextField(label=_("Why not"), max_length=WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        """Who rejects says why."""
        said = super().clean() or self.cleaned_data
        if said.get("decision") == "rejected" and not said.get("said"):
            self.add_error("said", _("Say why not: the other county goes on from your words."))
        return said


class TakeUpForm(forms.Form):
    """What the county does about legs that ran out."""

    measure = SelectField(label=_("What the county does"), choices=[*UNCHOSEN, *Measure.choices])
    words = TextField(label=_("Remark"), max_length=WORDS, required=False)
