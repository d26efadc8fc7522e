"""Paths of signing in and out, the own account, and the administrators."""

from django.urls import path

from bangfu.accounts import administration, approvals, views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/password/", views.password, name="password"),
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/<int:key>/end/", views.session_end, name="session-end"),
    path("users/", administration.user_list, name="users"),
    path("users/new/", administration.user_new, name="user-new"),
    path("users/<int:key>/", administration.user, name="user"),
    path("users/<int:key>/duties/", administration.duty_new, name="duty-new"),
    path("users/<int:key>/duties/<int:duty>/end/", administration.duty_end, name="duty-end"),
    path("users/<int:key>/deactivate/", administration.deactivate, name="user-deactivate"),
    path("users/<int:key>/one-time/", administration.reset, name="user-one-time"),
    path("users/<int:key>/factor-lost/", administration.factor_lost, name="user-factor-lost"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/duties/<int:key>/", approvals.duty_decide, name="duty-decide"),
    path("approvals/factors/<int:key>/", approvals.factor_decide, name="factor-decide"),
    path("notices/", approvals.notices, name="notices"),
    path("notices/seen/", approvals.notices_seen, name="notices-seen"),
]
