"""Every path of the web application, by room."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

urlpatterns = [
    path("", include("bangfu.home.urls")),
    path("", include("bangfu.accounts.urls")),
    path("i18n/setlang/", login_not_required(require_POST(set_language)), name="set_language"),
    path("imports/", include("bangfu.intake.urls")),
    path("exports/", include("bangfu.exports.urls")),
    path("people/", include("bangfu.people.urls")),
    path("posts/", include("bangfu.employers.urls")),
    path("cases/", include("bangfu.cases.urls")),
    path("matching/", include("bangfu.placements.urls")),
    path("signals/", include("bangfu.monitoring.urls")),
    path("bulletins/", include("bangfu.bulletins.urls")),
]

handler404 = "bangfu.ui.errors.not_found"
handler403 = "bangfu.ui.errors.forbidden"
handler500 = "bangfu.ui.errors.broken"
