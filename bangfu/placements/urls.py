"""Paths of the room."""

from django.urls import path

from bangfu.placements import views

app_name = "placements"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("<int:key>/", views.round_page, name="round"),
    path("posts/<int:key>/", views.post_offers, name="post-offers"),
]
