"""What is typed at the entry, about oneself, and by administrators about users."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.access import find_places
from bangfu.accounts.actions import NewDuty
from bangfu.accounts.models import User
from bangfu.accounts.roles import ADMINISTRATORS, OF_ORGANISATIONS, Department, Role, Title
from bangfu.core import uscc

_UNCHOSEN = [("", "—")]
_WRONG = _("User name or password is not right. Five wrong tries lock the entry for 15 minutes.")


class SignInForm(AuthenticationForm):
    """User name and password; one message for every kind of failure, so that names cannot be guessed."""

    error_messages = {"invalid_login": _WRONG, "inactive": _WRONG}

    def confirm_login_allowed(self, user: Any) -> None:
        """A demo's user never enters a production: its password is known to everybody."""
        super().confirm_login_allowed(user)
        if settings.PRODUCTION and user.is_demo:
            raise self.get_invalid_login_error()


def _text(**more: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **more})


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"})


def _secret(hint: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"class": "form-control", "autocomplete": hint, "maxlength": 128})


class NewPasswordForm(PasswordChangeForm):
    """The password of now and a new one, twice."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for name, hint in (("old_password", "current-password"), ("new_password1", "new-password"),
                           ("new_password2", "new-password")):  # fmt: skip
            self.fields[name].widget = _secret(hint)
        self.fields["old_password"].label = _("Password of now")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 12 characters; a few words are easier to remember than signs. It does not expire."
        )
        self.fields["new_password2"].label = _("The new password once more")
        self.fields["new_password2"].help_text = ""


class UserForm(forms.Form):
    """What is known of a user."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=_text())
    office = forms.CharField(label=_("Office"), max_length=100, widget=_text())
    sign_on = forms.CharField(
        label=_("Name at the provincial sign-on"), max_length=200, required=False, widget=_text(),
        help_text=_("Only who is registered here may come in by it."),
    )  # fmt: skip


class DutyForm(forms.Form):
    """A duty: what, where, for whom, for which term."""

    role = forms.ChoiceField(
        label=_("Duty"), widget=_select(),
        choices=[*_UNCHOSEN, *((role.value, role.label) for role in Role if role not in ADMINISTRATORS)],
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place"), max_length=80, widget=_text(list="places"), help_text=_("Name or code of the division.")
    )
    title = forms.ChoiceField(
        label=_("Printed title"), choices=[*_UNCHOSEN, *Title.choices], required=False, widget=_select(),
        help_text=_("For village officers."),
    )  # fmt: skip
    department = forms.ChoiceField(
        label=_("Owning department"), choices=[*_UNCHOSEN, *Department.choices], required=False, widget=_select()
    )
    organisation = forms.CharField(
        label=_("Credit code"), max_length=18, required=False, widget=_text(),
        help_text=_("For training providers and employers."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=_day())
    valid_to = forms.DateField(
        label=_("Until (first day without it)"), required=False, widget=_day(), help_text=_("Empty: open end.")
    )

    def __init__(self, *given: Any, admin: User, today: date, **options: Any) -> None:
        super().__init__(*given, initial={"valid_from": today, **options.pop("initial", {})}, **options)
        self.admin, self.today = admin, today

    def clean_place(self) -> str:
        """The code of one division in the administrator's range."""
        found = find_places(self.admin, self.cleaned_data["place"])
        if not found:
            raise forms.ValidationError(_("No such place in your area: choose one of the list, or type its code."))
        if len(found) > 1:
            named = " · ".join(f"{row.name} {row.code}" for row in found)
            raise forms.ValidationError(_("Several places have this name, type the code: %s") % named)
        return found[0].code

    def clean_organisation(self) -> str:
        """A unified social credit code that can exist, or nothing."""
        code = uscc.mend(self.cleaned_data["organisation"])
        if code and not uscc.is_valid(code):
            raise forms.ValidationError(_("This is no unified social credit code: 18 characters, the last one checks."))
        return code

    def clean(self) -> dict[str, Any]:
        """The term in its order; what a role needs."""
        data = super().clean() or {}
        first, last, role = data.get("valid_from"), data.get("valid_to"), data.get("role")
        if first and last and last <= max(first, self.today):
            self.add_error("valid_to", _("The term must end after it begins, and not in the past."))
        if role in OF_ORGANISATIONS and not data.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Whose? Give the credit code of the organisation."))
        if role == Role.LABOURER:
            self.add_error("role", _("A labourer's access is opened in the labourer's window."))
        return data

    def duty(self) -> NewDuty:
        """The duty of a valid form."""
        data = self.cleaned_data
        return NewDuty(
            role=data["role"], division=data["place"], valid_from=data["valid_from"], valid_to=data["valid_to"],
            title=data["title"] if data["role"] == Role.VILLAGE_OFFICER else "", department=data["department"],
            organisation=data["organisation"] if data["role"] in OF_ORGANISATIONS else "",
        )  # fmt: skip


class NewUserForm(UserForm):
    """A new user."""

    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,59}$", label=_("User name"), widget=_text(autocapitalize="none"),
        error_messages={"invalid": _("Small letters, digits, dot and hyphen, beginning with a letter; no ID number.")},
    )  # fmt: skip

    field_order = ("username", "name", "office", "sign_on")


class SuccessorForm(forms.Form):
    """Who takes open work over; demanded where there is some."""

    successor = forms.ModelChoiceField(
        queryset=User.objects.none(), label=_("Successor"), required=False, empty_label="—", widget=_select(),
        error_messages={"required": _("Open work is left: name who takes it over.")},
    )  # fmt: skip

    def __init__(self, *given: Any, successors: Any, needed: bool, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]
        self.fields["successor"].required = needed
        self.fields["successor"].label_from_instance = lambda user: f"{user.name} {user.office}".strip()  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), min_length=4, max_length=200, widget=_text(),
        error_messages={
            "required": _("Say why: it is recorded and read by others."),
            "min_length": _("Say why in a few words: it is recorded and read by others."),
        },
    )  # fmt: skip
