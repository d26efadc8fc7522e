"""Paths of the room."""

from django.urls import path

from bangfu.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.export_list, name="list"),
    path("new/<slug:code>/", views.ask, name="ask"),
    path("<int:key>/", views.export, name="export"),
    path("<int:key>/progress/", views.progress, name="progress"),
    path("<int:key>/decide/", views.decide, name="decide"),
    path("<int:key>/again/", views.again, name="again"),
    path("<int:key>/file/", views.fetch, name="file"),
    path("templates/", views.template_list, name="templates"),
    path("templates/new/<slug:code>/", views.new_template, name="new-template"),
    path("templates/<int:key>/", views.template, name="template"),
    path("templates/<int:key>/end/", views.end_template, name="end-template"),
]
