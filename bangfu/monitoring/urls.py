"""Paths of the room."""

from django.urls import path

from bangfu.monitoring import (
    coverage_pages,
    family_pages,
    feed_pages,
    feed_review_pages,
    map_pages,
    precision_pages,
    quality_pages,
    rule_pages,
    screen_pages,
    trial_pages,
    views,
)

app_name = "monitoring"
urlpatterns = [
    path("signals/", views.signal_list, name="list"),
    path("signals/precision/", precision_pages.precision, name="precision"),
    path("signals/precision/<slug:code>/", precision_pages.answers, name="answers"),
    path("signals/capacity/", precision_pages.capacity, name="capacity"),
    path("signals/<slug:code>/", views.rule_page, name="rule"),
    path("signals/<slug:code>/check/", views.check, name="check"),
    path("signals/<slug:code>/try/", trial_pages.begin, name="try"),
    path("signals/<slug:code>/try/<int:key>/", trial_pages.trial, name="trial"),
    path("coverage/", coverage_pages.coverage, name="coverage"),
    path("coverage/<slug:line>/<slug:state>/", coverage_pages.coverage_rows, name="coverage-rows"),
    path("map/", map_pages.tiles, name="map"),
    path("flow/", map_pages.flows, name="flow"),
    path("flow/rows/", map_pages.flow_rows, name="flow-rows"),
    path("quality/", quality_pages.finding_list, name="findings"),
    path("quality/fix/", quality_pages.fix, name="fix"),
    path("quality/waive/", quality_pages.waive, name="waive"),
    path("quality/waive/end/", quality_pages.end_waiver, name="end-waiver"),
    path("feeds/", feed_pages.feed_list, name="feeds"),
    path("feeds/kinds/<slug:code>.xlsx", feed_pages.list_to_fill, name="list-to-fill"),
    path("feeds/<int:key>/", feed_pages.feed, name="feed"),
    path("feeds/<int:key>/decide/", feed_pages.decide, name="decide-feed"),
    path("feeds/<int:key>/review/", feed_review_pages.review, name="review-feed"),
    path("feeds/<int:key>/review/<int:line>/", feed_review_pages.decide_line, name="decide-line"),
    path("feeds/<int:key>/bad-lines.xlsx", feed_pages.bad_lines, name="bad-lines"),
    path("zero-families/", family_pages.family_list, name="zero-families"),
    path("screen/", screen_pages.screen_list, name="screen"),
    path("screen/inspections/", screen_pages.inspections, name="inspections"),
    path("screen/inspections/<int:key>/withdraw/", screen_pages.withdraw_inspection, name="withdraw-inspection"),
    path("screen/<int:key>/", screen_pages.screen_finding, name="screen-finding"),
    path("screen/<int:key>/answer/", screen_pages.answer_finding, name="answer-screen"),
    path("rules/", rule_pages.rule_list, name="rules"),
    path("rules/<slug:code>/", rule_pages.rule_text, name="rule-text"),
]
