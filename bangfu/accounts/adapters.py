"""How django-allauth serves this house: no sign-up, no e-mail, and every way in ends in `open_session`."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_login_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bangfu.accounts.factors import has_factor, open_secret, seal_secret
from bangfu.accounts.models import User
from bangfu.accounts.sessions import note_failure, open_session

BACKEND = "django.contrib.auth.backends.ModelBackend"
BEGAN, SEEN, FACTOR = "began", "seen", "factor"  # what a session keeps: two instants (seconds), and a mark


class AccountAdapter(DefaultAccountAdapter):
    """Users are made by administrators, and have no e-mail address here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *_given: Any, **_more: Any) -> None:
        """What allauth would say about its deeds; the pages say it themselves."""

    def send_notification_mail(self, *_given: Any, **_more: Any) -> None:
        """No e-mail leaves the system; the record of deeds has it."""

    def send_mail(self, *_given: Any, **_more: Any) -> None:
        """None either."""

    def login(self, request: HttpRequest, user: Any) -> None:
        """By Django's own backend, whichever way the user came."""
        login(request, user, backend=BACKEND)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponseRedirect:
        """Somebody whose user was deactivated, by the provincial sign-on."""
        return refused(request, user)

    def post_login(self, request: HttpRequest, user: Any, *, redirect_url: str | None = None, **more: Any) -> Any:
        """All steps are done: the session begins, and is recorded."""
        now = timezone.now()
        how = "sign_on" if (more.get("signal_kwargs") or {}).get("sociallogin") else "password"
        agent = request.META.get("HTTP_USER_AGENT", "")
        if not request.session.session_key:
            request.session.save()
        key = str(request.session.session_key)
        open_session(user, key, address=request.META.get("REMOTE_ADDR") or None, agent=agent, how=how, at=now)
        request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
        if has_factor(user):
            request.session[FACTOR] = True
        return HttpResponseRedirect(get_login_redirect_url(request, redirect_url))


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of factors are sealed; who must have one cannot take it away alone."""

    def get_totp_issuer(self) -> str:
        """What the user's app shows above the code."""
        return "Bangfu"

    def encrypt(self, text: str) -> str:
        """Sealed, as it is stored."""
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        return open_secret(encrypted_text)

    def send_notification_mail(self, *_given: Any, **_more: Any) -> None:
        """No e-mail leaves the system."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not where a duty of today asks for it."""
        user = User.objects.get(pk=authenticator.user_id)
        return not (settings.SECOND_FACTOR_DEMANDED and user.needs_second_factor())


class SignOnAdapter(DefaultSocialAccountAdapter):
    """The provincial sign-on lets in whom an administrator has registered by the name it gives, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the registered user. Raises ImmediateHttpResponse for everybody else; nothing of theirs is kept."""
        sociallogin.account.extra_data = {}
        name = sociallogin.account.uid
        user = User.objects.filter(sign_on=name, is_active=True).first() if name else None
        if user is None or (settings.PRODUCTION and user.is_demo):
            raise ImmediateHttpResponse(refused(request, user))
        if sociallogin.is_existing and sociallogin.user.pk != user.pk:  # the name was given to somebody else since
            sociallogin.account.delete()
            raise ImmediateHttpResponse(refused(request, user))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, *_given: Any, **_more: Any) -> None:
        """Cancelled, or the provider did not answer as it should: back to the entry page."""
        raise ImmediateHttpResponse(refused(request, None))


def refused(request: HttpRequest, user: Any) -> HttpResponseRedirect:
    """Back to the entry page, saying so; recorded."""
    note_failure("accounts.sign_in_failed", user, at=timezone.now())
    messages.error(
        request, _("The provincial sign-on did not open an account here. Ask your system administrator to register it.")
    )
    return HttpResponseRedirect(reverse("accounts:sign-in"))
