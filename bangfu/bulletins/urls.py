"""Paths of the room."""

from django.urls import path

from bangfu.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.page, name="month"),
]
