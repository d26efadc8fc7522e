"""Paths of the room: pages that join other rooms."""

from django.urls import path

from bangfu.home import audit, board, case, deeds, explained, household, own_copy, person, search, worklist

app_name = "home"
urlpatterns = [
    path("", worklist.worklist, name="worklist"),
    path("board/", board.board, name="board"),
    path("assign/", worklist.assign, name="assign"),
    path("search/", search.search, name="search"),
    path("search/outside/", search.open_outside, name="search-outside"),
    path("request/", search.help_request, name="request"),
    path("request/open/", search.open_request, name="request-open"),
    path("persons/<int:key>/", person.person, name="person"),
    path("rules/<slug:code>/persons/<int:key>/", explained.explained, name="explained"),
    path("persons/<int:key>/identity/", person.reveal, name="person-identity"),
    path("persons/<int:key>/copy/", own_copy.own_copy, name="person-copy"),
    path("persons/<int:key>/looks/", audit.looks, name="person-looks"),
    path("audit/", audit.entry_list, name="audit"),
    path("audit/person/", audit.choose_person, name="audit-person"),
    path("audit/<int:key>/", audit.entry, name="audit-entry"),
    path("households/<int:key>/", household.household, name="household"),
    path("cases/<int:key>/", case.case_page, name="case"),
    path("cases/<int:key>/survey/", deeds.survey, name="survey"),
    path("cases/<int:key>/guidance/", deeds.guidance, name="guidance"),
    path("cases/<int:key>/training/", deeds.training, name="training"),
    path("cases/<int:key>/offers/<int:offer>/answer/", deeds.answer, name="answer"),
    path("cases/<int:key>/offers/<int:offer>/hire/", deeds.start_work, name="hire"),
    path("cases/<int:key>/close/", deeds.close, name="close"),
    path("cases/<int:key>/helper/", deeds.give_helper, name="helper"),
]
