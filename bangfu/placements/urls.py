"""Paths of the room."""

from django.urls import path

from bangfu.placements import views

app_name = "placements"
urlpatterns = [
    path("", views.page, name="rounds"),
]
