"""Paths of the room."""

from django.urls import path

from bangfu.employers import views

app_name = "employers"
urlpatterns = [
    path("", views.page, name="list"),
]
