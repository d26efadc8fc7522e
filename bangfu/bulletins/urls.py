"""Paths of the room."""

from django.urls import path

from bangfu.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.month, name="month"),
    path("json/", views.as_json, name="json"),
    path("history/", views.history, name="history"),
    path("ranking/", views.ranking, name="ranking"),
    path("<slug:code>/", views.rows, name="rows"),
]
