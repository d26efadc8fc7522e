"""Paths of the room."""

from django.urls import path

from bangfu.people import views

app_name = "people"
urlpatterns = [
    path("", views.page, name="list"),
    path("work-round/", views.page, name="work-round"),
]
