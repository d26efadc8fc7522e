"""The second factor: django-allauth's pages in our look, with each change recorded."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as FactorReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpResponse
from django.utils import timezone

from bangfu.accounts.adapters import FACTOR
from bangfu.accounts.sessions import end_sessions, note_factor, note_failure

__all__ = ["Activate", "Ask", "Codes", "Confirm", "ConfirmByFactor", "Deactivate", "Index", "NewCodes"]


class Ask(AuthenticateView):
    """The code at the entry, after the password."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """A wrong code is recorded."""
        note_failure("accounts.factor_failed", self.stage.login.user, at=timezone.now())
        return super().form_invalid(form)


class Index(IndexView):
    """The state of the own second factor."""


class Activate(ActivateTOTPView):
    """Set it up: scan, type the first code. Sessions that were opened without it end."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Recorded; this session has shown the factor."""
        response = super().form_valid(form)
        user: Any = self.request.user
        note_factor(user, "set_up", at=timezone.now())
        end_sessions(user, keep=str(self.request.session.session_key))
        self.request.session[FACTOR] = True
        return response


class Deactivate(DeactivateTOTPView):
    """Take it away; refused where a duty demands it (adapters.MFAAdapter)."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Recorded."""
        response = super().form_valid(form)
        user: Any = self.request.user
        note_factor(user, "taken_away", at=timezone.now())
        self.request.session.pop(FACTOR, None)
        return response


class Codes(ViewRecoveryCodesView):
    """The recovery codes that are left."""


class NewCodes(GenerateRecoveryCodesView):
    """New recovery codes; the old ones open nothing any more."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Recorded."""
        response = super().form_valid(form)
        user: Any = self.request.user
        note_factor(user, "new_codes", at=timezone.now())
        return response


class Confirm(ReauthenticateView):
    """The password again, before the factor is changed."""


class ConfirmByFactor(FactorReauthenticateView):
    """The code again, before the factor is changed."""
