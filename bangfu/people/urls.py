"""Paths of the room."""

from django.urls import path

from bangfu.people import correction_pages, dispute_pages, duplicate_pages, fact_pages, selection, views, work_round

app_name = "people"
urlpatterns = [
    path("", views.person_list, name="list"),
    path("work-round/", work_round.work_round, name="work-round"),
    path("work-round/answer/", work_round.answer, name="work-round-answer"),
    path("work-round/confirm/", work_round.confirm_all, name="work-round-confirm"),
    path("edit/", selection.edit_selection, name="edit"),
    path("<int:key>/facts/<slug:group>/", fact_pages.state_fact, name="fact"),
    path("<int:key>/correction/", correction_pages.ask, name="correction-new"),
    path("corrections/", correction_pages.correction_list, name="corrections"),
    path("corrections/<int:key>/", correction_pages.correction, name="correction"),
    path("duplicates/", duplicate_pages.duplicate_list, name="duplicates"),
    path("duplicates/<int:key>/", duplicate_pages.duplicate, name="duplicate"),
    path("merges/<int:key>/undo/", duplicate_pages.unmerge, name="unmerge"),
    path("differences/", dispute_pages.difference_list, name="differences"),
    path("differences/decide/", dispute_pages.decide, name="difference-decide"),
]
