"""Paths of the room."""

from django.urls import path

from bangfu.people import views, work_round

app_name = "people"
urlpatterns = [
    path("", views.person_list, name="list"),
    path("work-round/", work_round.work_round, name="work-round"),
    path("work-round/answer/", work_round.answer, name="work-round-answer"),
    path("work-round/confirm/", work_round.confirm_all, name="work-round-confirm"),
]
