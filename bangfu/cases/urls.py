"""Paths of the room."""

from django.urls import path

from bangfu.cases import course_pages, forecast_pages, pairing_pages, referral_pages, views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("ways-out/", course_pages.ways_out, name="ways-out"),
    path("referrals/", referral_pages.referrals, name="referrals"),
    path("referrals/<int:key>/answer/", referral_pages.answer, name="referral-answer"),
    path("referrals/<int:key>/withdraw/", referral_pages.withdraw, name="referral-withdraw"),
    path("forecast/", forecast_pages.forecasts, name="forecast"),
    path("pairing/", pairing_pages.board, name="pairing"),
    path("pairing/give/", pairing_pages.pair, name="pair"),
    path("households/<int:key>/visits/", pairing_pages.visits, name="visits"),
    path("households/<int:key>/card/", pairing_pages.card_paper, name="policy-card"),
    path("households/<int:key>/card/given/", pairing_pages.card, name="card-given"),
    path("escalations/", course_pages.escalations, name="escalations"),
    path("escalations/taken-up/", course_pages.escalations_taken_up, name="escalations-taken-up"),
]
