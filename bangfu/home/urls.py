"""Paths of the room."""

from django.urls import path

from bangfu.home import views

app_name = "home"
urlpatterns = [
    path("", views.page, name="worklist"),
    path("search/", views.page, name="search"),
]
