"""Signing in and out."""

from django.contrib.auth import views as auth_views

from bangfu.accounts.forms import SignInForm


class SignIn(auth_views.LoginView):
    """The entry page; five wrong passwords lock the name and address for a quarter of an hour."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    """Ends the session and returns to the entry page."""
