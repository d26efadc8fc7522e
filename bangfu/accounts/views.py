"""Signing in and out, the own password, the own sessions."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import user_named
from bangfu.accounts.actions import change_password
from bangfu.accounts.factors import has_factor
from bangfu.accounts.forms import NewPasswordForm, SignInForm
from bangfu.accounts.sessions import close_session, end_session, note_failure, running_sessions


class SignIn(auth_views.LoginView):
    """The entry page; five wrong passwords lock the name and address for a quarter of an hour.

    What comes after the password (the second factor) is django-allauth's; adapters.AccountAdapter ends it.
    """

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """With the way to the provincial sign-on, where there is one."""
        return super().get_context_data(sign_on=bool(settings.SIGN_ON), **more)

    def form_valid(self, form: Any) -> HttpResponse:
        """The password is right; one that was handed out long ago opens nothing."""
        user, now = form.get_user(), timezone.now()
        if user.one_time_until is not None and user.one_time_until <= now:
            form.add_error(None, _("This one-time password has expired: ask your system administrator for a new one."))
            return self.form_invalid(form)
        return perform_password_login(self.request, {}, Login(user=user, redirect_url=self.get_success_url()))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Recorded, without what was typed."""
        note_failure("accounts.sign_in_failed", user_named(form.data.get("username", "")[:60]), at=timezone.now())
        return super().form_invalid(form)


class SignOut(auth_views.LogoutView):
    """Ends the session and returns to the entry page."""

    def post(self, request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        """Recorded."""
        close_session(request.user, request.session.session_key, why="asked", at=timezone.now())
        return super().post(request, *given, **more)


@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself; all other sessions end."""
    user: Any = request.user
    form = NewPasswordForm(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        change_password(
            user, form.cleaned_data["new_password1"], at=timezone.now(), keep=str(request.session.session_key)
        )
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. Your other sessions have ended."))
        return redirect("home:worklist")
    context = {"form": form, "must": user.one_time_until is not None}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and the state of the own password and second factor."""
    user: Any = request.user
    context = {
        "sessions": running_sessions(user), "here": request.session.session_key, "factor": has_factor(user),
        "demanded": user.needs_second_factor(),
    }  # fmt: skip
    return render(request, "accounts/sessions.html", context)


@require_POST
def session_end(request: HttpRequest, key: int) -> HttpResponse:
    """End one of the own sessions."""
    user: Any = request.user
    if not end_session(user, key, at=timezone.now()):
        raise Http404
    messages.success(request, _("The session has ended."))
    return redirect("accounts:sessions")
