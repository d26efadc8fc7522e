"""Paths of the room."""

from django.urls import path

from bangfu.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.page, name="list"),
]
