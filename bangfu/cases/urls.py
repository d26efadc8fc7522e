"""Paths of the room."""

from django.urls import path

from bangfu.cases import course_pages, forecast_pages, referral_pages, views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("ways-out/", course_pages.ways_out, name="ways-out"),
    path("referrals/", referral_pages.referrals, name="referrals"),
    path("referrals/<int:key>/answer/", referral_pages.answer, name="referral-answer"),
    path("referrals/<int:key>/withdraw/", referral_pages.withdraw, name="referral-withdraw"),
    path("forecast/", forecast_pages.forecasts, name="forecast"),
    path("escalations/", course_pages.escalations, name="escalations"),
    path("escalations/taken-up/", course_pages.escalations_taken_up, name="escalations-taken-up"),
]
