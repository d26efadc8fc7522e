"""Every path of the web application, by room."""

from allauth.socialaccount.providers.openid_connect import views as provider
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from bangfu.accounts import factor_views, views

# Names that django-allauth itself asks for: only the steps that make sense here are mounted, in our own look.
_ALLAUTH = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", factor_views.Ask.as_view(), name="mfa_authenticate"),
    path("sign-in/<slug:provider_id>/", provider.login, name="openid_connect_login"),
    path("sign-in/<slug:provider_id>/back/", provider.callback, name="openid_connect_callback"),
    path("account/confirm/", factor_views.Confirm.as_view(), name="account_reauthenticate"),
    path("account/confirm/code/", factor_views.ConfirmByFactor.as_view(), name="mfa_reauthenticate"),
    path("account/factor/", factor_views.Index.as_view(), name="mfa_index"),
    path("account/factor/app/", factor_views.Activate.as_view(), name="mfa_activate_totp"),
    path("account/factor/app/remove/", factor_views.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("account/factor/codes/", factor_views.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("account/factor/codes/new/", factor_views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
]

urlpatterns = [
    path("", include("bangfu.home.urls")),
    path("", include("bangfu.accounts.urls")),
    *_ALLAUTH,
    path("i18n/setlang/", login_not_required(require_POST(set_language)), name="set_language"),
    path("imports/", include("bangfu.intake.urls")),
    path("exports/", include("bangfu.exports.urls")),
    path("people/", include("bangfu.people.urls")),
    path("posts/", include("bangfu.employers.urls")),
    path("cases/", include("bangfu.cases.urls")),
    path("matching/", include("bangfu.placements.urls")),
    path("", include("bangfu.monitoring.urls")),
    path("bulletins/", include("bangfu.bulletins.urls")),
]

handler404 = "bangfu.ui.errors.not_found"
handler403 = "bangfu.ui.errors.forbidden"
handler500 = "bangfu.ui.errors.broken"
