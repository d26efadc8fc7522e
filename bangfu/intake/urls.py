"""Paths of the room."""

from django.urls import path

from bangfu.intake import mending_pages, views

app_name = "intake"
urlpatterns = [
    path("", views.batch_list, name="list"),
    path("<int:key>/", views.batch, name="batch"),
    path("<int:key>/begin/", views.begin, name="begin"),
    path("<int:key>/progress/", views.progress, name="progress"),
    path("<int:key>/drop/", views.drop, name="drop"),
    path("<int:key>/undo/", views.undo, name="undo"),
    path("<int:key>/columns/", mending_pages.choose_columns, name="columns"),
    path("<int:key>/rows/<int:row>/", mending_pages.correct, name="correct"),
    path("<int:key>/again/", mending_pages.check_again, name="again"),
    path("templates/<slug:kind>.xlsx", mending_pages.template, name="template"),
    path("<int:key>/failed-rows.xlsx", views.failed_rows, name="failed-rows"),
]
