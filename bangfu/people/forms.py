"""What people type or choose about persons."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bangfu.people.choices import CategoryKind, WorkStatus
from bangfu.ui.fields import SwitchField, TextField

PURPOSES = (
    ("contact", _("To reach the person")),
    ("visit", _("Home visit")),
    ("service", _("To offer a service")),
    ("verify", _("To check the data")),
    ("request", _("At the person's own request")),
    ("supervision", _("Supervision")),
)

_YES_NO = (("yes", _("Yes")), ("no", _("No")))


class RevealForm(forms.Form):
    """Why somebody wants to see a whole ID number; without a purpose nothing is shown."""

    purpose = forms.ChoiceField(
        choices=PURPOSES,
        error_messages={
            "required": _("Choose why you need the number; the person can see it."),
            "invalid_choice": _("Choose why you need the number; the person can see it."),
        },
    )


class PeopleFilter(forms.Form):
    """The filters of the list of people; what is not on a list counts as not chosen."""

    work = forms.ChoiceField(choices=WorkStatus.choices, required=False)
    category = forms.ChoiceField(choices=CategoryKind.choices, required=False)
    able = forms.ChoiceField(choices=_YES_NO, required=False)
    will_work = forms.ChoiceField(choices=_YES_NO, required=False)
    will_train = forms.ChoiceField(choices=_YES_NO, required=False)

    def chosen(self) -> Mapping[str, Any]:
        """The arguments for queries.filter_standings."""
        self.is_valid()
        data = self.cleaned_data
        said = {"yes": True, "no": False}
        flags = {name: said.get(data.get(name, "")) for name in ("able", "will_work", "will_train")}
        return {"work": data.get("work", ""), "category": data.get("category", ""), **flags}


class DecisionForm(forms.Form):
    """A decision between two values, with its reason."""

    decision = forms.ChoiceField(
        choices=(("take", _("Take the new value")), ("keep", _("Keep what is on file"))),
        error_messages={
            "required": _("Choose which value is right."),
            "invalid_choice": _("Choose which value is right."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say how you know: the reason is kept.")}
    )

    def problems(self) -> list[str]:
        """What is wrong, in words."""
        return [str(message) for messages in self.errors.values() for message in messages]


class PairForm(forms.Form):
    """Whether two rows are one person, which of them stays, and how that is known."""

    MERGE, APART = "merge", "apart"
    decision = SwitchField(label=_("One person or two?"), choices=[(MERGE, _("One person")), (APART, _("Two persons"))])
    kept = forms.ChoiceField(
        label=_("Which row stays?"), widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    reason = TextField(label=_("What shows it?"), max_length=200, help_text=_("Such as: both ID cards seen; twins."))

    def __init__(self, data: Any = None, *, persons: tuple[int, int]) -> None:
        super().__init__(data, auto_id="pair-%s")
        words = (_("The first row"), _("The second row"))
        self.fields["kept"].choices = [  # type: ignore[attr-defined]
            (str(key), word) for key, word in zip(persons, words, strict=True)
        ]

    def clean(self) -> dict[str, Any]:
        """To make one of two rows one must say which stays."""
        said = super().clean() or self.cleaned_data
        if said.get("decision") == self.MERGE and not said.get("kept"):
            self.add_error("kept", _("Say which of the two rows stays."))
        return said


def purpose_name(code: str) -> str:
    """The purpose of a look in words; the code itself where it is none of the list."""
    return str(dict(PURPOSES).get(code, code))
