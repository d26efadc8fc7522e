"""Every path of the web application, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("bangfu.home.urls")),
    path("", include("bangfu.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("imports/", include("bangfu.intake.urls")),
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
