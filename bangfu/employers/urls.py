"""Paths of the room."""

from django.urls import path

from bangfu.employers import views

app_name = "employers"
urlpatterns = [
    path("", views.post_list, name="list"),
    path("<int:key>/", views.post_page, name="post"),
    path("<int:key>/close/", views.close, name="close"),
    path("<int:key>/contact/", views.contact, name="contact"),
]
