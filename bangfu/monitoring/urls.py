"""Paths of the room."""

from django.urls import path

from bangfu.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.signal_list, name="list"),
    path("<slug:code>/", views.rule_page, name="rule"),
]
