"""Paths of the room."""

from django.urls import path

from bangfu.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
]
