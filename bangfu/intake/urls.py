"""Paths of the room."""

from django.urls import path

from bangfu.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.page, name="list"),
]
