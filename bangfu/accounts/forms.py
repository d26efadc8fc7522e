"""The entry form."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name and password; one message for every kind of failure, so that names cannot be guessed."""

    error_messages = {
        "invalid_login": _("User name or password is not right. Five wrong tries lock the entry for 15 minutes."),
        "inactive": _("User name or password is not right. Five wrong tries lock the entry for 15 minutes."),
    }
