"""What holds for every request: nothing is kept by browsers, sessions end, unfinished accounts are finished first."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bangfu.accounts.adapters import BEGAN, FACTOR, SEEN
from bangfu.accounts.sessions import close_session, is_stale, note_seen
from bangfu.accounts.special import readable_persons

Answer = Callable[[HttpRequest], HttpResponse]

SPECIAL = "special"  # set in a session that was given a special access
_ALWAYS = {"accounts:sign-out", "set_language"}
_FOR_PASSWORD = _ALWAYS | {"accounts:password"}
_FOR_FACTOR = _ALWAYS | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
}


class NoStore:
    """Forbids browsers and proxies to keep a copy: nearly every page names people. Static files never come here."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, marked as not to be kept."""
        response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        return response


class SessionLimits:
    """Ends a session that was not used for settings.IDLE_LIMIT, or that is older than settings.SESSION_LIMIT."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to the entry page."""
        began, seen = request.session.get(BEGAN), request.session.get(SEEN)
        if began is None or not request.user.is_authenticated:
            return self.get_response(request)
        now, began_at, seen_at = timezone.now(), _instant(began), _instant(seen)
        if now - began_at >= settings.SESSION_LIMIT:
            return _ended(request, "old", _("You were signed in for the longest time allowed. Please sign in again."))
        if now - seen_at >= settings.IDLE_LIMIT:
            return _ended(request, "idle", _("You were signed out because nothing was done for a while."))
        if is_stale(seen_at, now):
            request.session[SEEN] = int(now.timestamp())
            note_seen(str(request.session.session_key), at=now)
        return self.get_response(request)


class Unfinished:
    """Sends a user with a one-time password to change it, and one who needs a second factor to set it up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_given: Any) -> HttpResponse | None:
        """The way to what is missing, None when nothing is."""
        user: Any = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not user.is_authenticated:
            return None
        if user.one_time_until is not None and name not in _FOR_PASSWORD:
            return _go(request, reverse("accounts:password"))
        if (
            settings.SECOND_FACTOR_DEMANDED
            and name not in _FOR_FACTOR | _FOR_PASSWORD
            and not request.session.get(FACTOR)
            and user.needs_second_factor()
        ):
            return _go(request, reverse("mfa_index"))
        return None


class SpecialSight:
    """Opens what a special access lets the user read, for requests that only read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        if request.method in {"GET", "HEAD"} and request.session.get(SPECIAL) and request.user.is_authenticated:
            user: Any = request.user
            user.special_persons = readable_persons(user, timezone.now())
            if not user.special_persons:
                del request.session[SPECIAL]
        return self.get_response(request)


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds or 0), tz=UTC)


def _ended(request: HttpRequest, why: str, words: str) -> HttpResponse:
    close_session(request.user, request.session.session_key, why=why, at=timezone.now())
    logout(request)
    messages.warning(request, words)
    return _go(request, reverse("accounts:sign-in"))


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """A part that htmx would swap must not become another page: the browser is told to go there."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
