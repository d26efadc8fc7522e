"""Every address of the product: what is asked there of county A, and who may.

A path that is missing here makes `test_every_url` fail: enter it with what a stranger must get.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.urls import URLPattern, get_resolver
from django.utils import timezone

from tests.factories import VILLAGE
from tests.house import given
from tests.house.county_a import COUNTY, LOOKED, RULE, TOWN


class Kind(Enum):
    """Who may come to an address."""

    OPEN = "everybody, signed in or not"
    LIST = "everybody; holds what lies inside the reader's duties"
    OBJECT = "those inside whose duties it lies; missing for all others"
    COUNTY = "those with a duty in the county of the round; holds the cases inside their duties"
    PUBLIC = "everybody with a duty: vacancies"
    OWN = "writers: what they bring themselves"
    EXPORT = "those whose duties let them export: what they ask for themselves"
    TRY = "officers above the village: what they try for themselves"
    ABOVE = "officers above the village; what lies inside their duties"
    FILE = "the asker, a second person of the area, the office that keeps it; missing for all others"


@dataclass(frozen=True)
class Deed:
    """One request: `args` and `data` for county A; what its officer and its supervisor get."""

    name: str
    method: str
    kind: Kind
    officer: int
    supervisor: int
    args: given.Given = field(default=lambda _place: [])
    data: given.Given = field(default=lambda _place: {})

    @property
    def label(self) -> str:
        """The request in short."""
        return f"{self.method} {self.name}"


def _get(name: str, kind: Kind, officer: int = 200, supervisor: int = 200, **more: given.Given) -> Deed:
    return Deed(name, "get", kind, officer, supervisor, **more)


def _post(name: str, kind: Kind, officer: int = 302, supervisor: int = 403, **more: given.Given) -> Deed:
    return Deed(name, "post", kind, officer, supervisor, **more)


_OF_A: given.Given = lambda _place: {"division": COUNTY, "month": f"{timezone.localdate():%Y-%m}"}  # noqa: E731

DEEDS = [
    _get("accounts:sign-in", Kind.OPEN, 302, 302),
    _post("accounts:sign-out", Kind.LIST, supervisor=302),
    _post("set_language", Kind.OPEN, supervisor=302, data=lambda _place: {"language": "en", "next": "/"}),
    # What django-allauth asks for by name: the second factor, confirming it, the provincial sign-on (none is set up).
    _get("account_login", Kind.OPEN, 302, 302),
    _get("mfa_authenticate", Kind.LIST, 302, 302),
    _get("openid_connect_login", Kind.OPEN, 404, 404, args=lambda _place: ["province"]),
    _post("openid_connect_login", Kind.OPEN, 404, 404, args=lambda _place: ["province"]),
    _get("openid_connect_callback", Kind.OPEN, 404, 404, args=lambda _place: ["province"]),
    _get("account_reauthenticate", Kind.LIST),
    _post("account_reauthenticate", Kind.LIST, 200, 200),
    _get("mfa_reauthenticate", Kind.LIST, 302, 302),
    _get("mfa_index", Kind.LIST),
    _get("mfa_activate_totp", Kind.LIST, 302, 302),
    _post("mfa_activate_totp", Kind.LIST, 302, 302),
    _get("mfa_deactivate_totp", Kind.LIST, 404, 404),
    _get("mfa_view_recovery_codes", Kind.LIST, 404, 404),
    _get("mfa_generate_recovery_codes", Kind.LIST, 302, 302),
    _get("accounts:password", Kind.LIST),
    _post("accounts:password", Kind.LIST, 422, 422),
    _get("accounts:sessions", Kind.LIST),
    _post("accounts:session-end", Kind.LIST, 404, 404, args=lambda _place: [1]),
    # Administrators only: what they get is asked in tests/accounts.
    _get("accounts:users", Kind.LIST, 403, 403),
    _get("accounts:user-new", Kind.LIST, 403, 403),
    _post("accounts:user-new", Kind.LIST, 403, 403),
    _get("accounts:user", Kind.LIST, 403, 403, args=given.officer),
    _post("accounts:user", Kind.LIST, 403, 403, args=given.officer),
    _post("accounts:duty-new", Kind.LIST, 403, 403, args=given.officer),
    _post("accounts:duty-end", Kind.LIST, 403, 403, args=lambda place: [place.batch.by_id, 1]),
    _post("accounts:user-deactivate", Kind.LIST, 403, 403, args=given.officer),
    _post("accounts:user-one-time", Kind.LIST, 403, 403, args=given.officer),
    _post("accounts:user-factor-lost", Kind.LIST, 403, 403, args=given.officer),
    _get("accounts:approvals", Kind.LIST, 403, 403),
    _post("accounts:duty-decide", Kind.LIST, 403, 403, args=lambda _place: [1]),
    _post("accounts:factor-decide", Kind.LIST, 403, 403, args=lambda _place: [1]),
    _get("accounts:notices", Kind.PUBLIC),
    _post("accounts:notices-seen", Kind.OWN),
    # Auditors only: tests/audit.
    _get("home:audit", Kind.LIST, 403, 403),
    _post("home:audit-person", Kind.LIST, 403, 403),
    _get("home:audit-entry", Kind.LIST, 403, 403, args=lambda _place: [1]),
    _get("home:person-looks", Kind.OBJECT, args=given.key("person")),
    _post("home:search-outside", Kind.LIST, 404, 404),  # nothing was found outside: tests/accounts/test_special.py
    _get("home:worklist", Kind.LIST),
    _post("home:assign", Kind.OBJECT, data=lambda place: {"case": place.case.pk}),
    _post("home:attempts", Kind.OBJECT, data=given.attempts),
    _get("home:search", Kind.LIST),
    _post("home:search", Kind.LIST, supervisor=302, data=lambda place: {"q": place.person.id_last4}),
    _get("home:request", Kind.OWN, supervisor=403),
    _post("home:request", Kind.OWN, data=lambda place: {"q": place.person.id_last4}),
    _post("home:request-open", Kind.OBJECT, data=lambda place: {"person": place.person.pk, "channel": "phone"}),
    _get("home:person", Kind.OBJECT, args=given.key("person")),
    _post(
        "home:person-identity",
        Kind.OBJECT,
        200,
        200,
        args=given.key("person"),
        data=lambda _place: {"purpose": "visit"},
    ),
    _get("home:household", Kind.OBJECT, args=given.key("household")),
    _get("home:case", Kind.OBJECT, args=given.key("case")),
    _post("home:survey", Kind.OBJECT, args=given.key("case"), data=given.survey),
    _post("home:guidance", Kind.OBJECT, args=given.key("case"), data=given.answer()),
    _post("home:training", Kind.OBJECT, args=given.key("case"), data=given.answer(title="电工")),
    _post("home:answer", Kind.OBJECT, args=given.offer("offer"), data=given.answer()),
    _post(
        "home:hire", Kind.OBJECT, args=given.offer("accepted"), data=lambda _place: {"start_on": timezone.localdate()}
    ),
    _post(
        "home:close", Kind.OBJECT, args=given.key("case"), data=lambda _place: {"outcome": "no_will", "reason": "不愿"}
    ),
    _post("home:attempt", Kind.OBJECT, args=given.key("case"), data=given.attempt),
    _post("home:pause", Kind.OBJECT, args=given.key("case"), data=given.pause),
    _post("home:resume", Kind.OBJECT, args=given.key("paused")),
    _post("home:decide", Kind.OBJECT, args=given.key("case"), data=lambda _place: {"decision": "confirm"}),
    _post("home:follow", Kind.OBJECT, args=given.key("followed"), data=given.follow_up),
    _post("home:refer", Kind.OBJECT, args=given.key("case"), data=given.refer),
    _post("home:way-out", Kind.OBJECT, args=given.key("way_out"), data=lambda _place: {"decision": "confirm"}),
    _get("home:plan", Kind.OBJECT, supervisor=403, args=given.key("case")),
    _post("home:plan", Kind.OBJECT, args=given.key("case"), data=given.plan),
    _get("home:plan-paper", Kind.OBJECT, args=given.key("plan")),
    _post("home:plan-sign", Kind.OBJECT, args=given.key("plan")),
    _get("cases:ways-out", Kind.LIST),
    _get("cases:referrals", Kind.LIST),
    _post(
        "cases:referral-answer", Kind.OBJECT, args=given.key("referral"), data=lambda _place: {"decision": "accepted"}
    ),
    _post("cases:referral-withdraw", Kind.OBJECT, args=given.key("sent")),
    _get("cases:pairing", Kind.LIST),
    _post("cases:pair", Kind.OBJECT, data=given.paired),
    _get("cases:visits", Kind.OBJECT, args=given.key("household")),
    _post("cases:visits", Kind.OBJECT, args=given.key("household"), data=given.visit),
    _get("cases:policy-card", Kind.OBJECT, args=given.key("household")),
    _post("cases:card-given", Kind.OBJECT, args=given.key("household"), data=lambda _place: {"received_by": "head"}),
    _get("cases:forecast", Kind.LIST),
    _get("cases:escalations", Kind.LIST),
    _post("cases:escalations-taken-up", Kind.OBJECT, data=given.taken_up),
    _post("home:helper", Kind.OBJECT, args=given.key("case"), data=lambda place: {"helper": place.batch.by_id}),
    _get("intake:list", Kind.LIST),
    _post("intake:list", Kind.OWN, data=given.file),
    _get("intake:batch", Kind.OBJECT, args=given.key("batch")),
    _post("intake:begin", Kind.OBJECT, args=given.key("batch")),
    _get("intake:progress", Kind.OBJECT, 204, 204, args=given.key("batch")),
    _post("intake:drop", Kind.OBJECT, args=given.key("batch")),
    _post("intake:columns", Kind.OBJECT, args=given.key("batch"), data=given.columns),
    _post(
        "intake:correct",
        Kind.OBJECT,
        args=given.bad_row,
        data=lambda _place: {"column-0": "证件号码", "cell-0": "9905"},
    ),
    _post("intake:again", Kind.OBJECT, args=given.key("batch")),
    _get("intake:template", Kind.OWN, supervisor=403, args=lambda _place: ["roster"]),
    _post("intake:undo", Kind.OBJECT, args=given.key("applied")),
    _get("intake:failed-rows", Kind.OBJECT, supervisor=403, args=given.key("batch")),
    _get("exports:list", Kind.EXPORT),
    _get("exports:ask", Kind.EXPORT, args=lambda _place: ["people"]),
    _post("exports:ask", Kind.EXPORT, supervisor=302, args=lambda _place: ["people"], data=given.export_asked),
    _get("exports:export", Kind.FILE, args=given.key("asked")),
    _get("exports:progress", Kind.FILE, 204, 404, args=given.key("stuck")),
    _post("exports:decide", Kind.FILE, supervisor=302, args=given.key("asked"), data=given.approval),
    _post("exports:again", Kind.FILE, supervisor=404, args=given.key("stuck")),
    _post("exports:file", Kind.FILE, 200, 404, args=given.key("made")),
    _get("exports:templates", Kind.EXPORT),
    _get("exports:new-template", Kind.EXPORT, supervisor=403, args=lambda _place: ["people"]),
    _post("exports:new-template", Kind.EXPORT, args=lambda _place: ["people"], data=given.template),
    _get("exports:template", Kind.FILE, supervisor=403, args=given.key("template")),
    _post("exports:template", Kind.FILE, args=given.key("template"), data=given.template),
    _post("exports:end-template", Kind.FILE, args=given.key("template")),
    _get("people:list", Kind.LIST),
    _get("people:work-round", Kind.LIST),
    _post("people:work-round-answer", Kind.OBJECT, data=given.round_answer),
    _post("people:work-round-confirm", Kind.OBJECT, data=given.confirmed),
    _post("people:edit", Kind.OBJECT, data=given.edited),
    _get("people:fact", Kind.OBJECT, supervisor=403, args=lambda place: [place.person.pk, "condition"]),
    _post("people:fact", Kind.OBJECT, args=lambda place: [place.person.pk, "condition"], data=given.stated),
    _get("people:correction-new", Kind.OBJECT, supervisor=403, args=given.key("person")),
    _post("people:correction-new", Kind.OBJECT, args=given.key("person"), data=given.correction),
    _get("people:corrections", Kind.LIST),
    _get("people:correction", Kind.OBJECT, args=given.key("correction")),
    _post("people:correction", Kind.OBJECT, args=given.key("correction"), data=given.reply),
    _get("people:duplicates", Kind.LIST),
    _get("people:duplicate", Kind.OBJECT, args=given.key("pair")),
    _post("people:duplicate", Kind.OBJECT, args=given.key("pair"), data=given.apart),
    _post("people:unmerge", Kind.OBJECT, args=given.key("merge")),
    _get("people:differences", Kind.LIST),
    _post("people:difference-decide", Kind.OBJECT, data=given.decision),
    _get("home:person-copy", Kind.OBJECT, supervisor=403, args=given.key("person")),
    _post("home:person-copy", Kind.OBJECT, 200, args=given.key("person"), data=lambda _place: {"form": "paper"}),
    _get("employers:list", Kind.PUBLIC),
    _get("employers:post", Kind.PUBLIC, args=lambda place: [place.offer.post_id]),
    _post("employers:close", Kind.OBJECT, args=lambda place: [place.offer.post_id]),
    _post("employers:contact", Kind.PUBLIC, 200, args=lambda place: [place.offer.post_id]),
    _get("home:board", Kind.LIST),
    _get("cases:list", Kind.LIST),
    _get("placements:rounds", Kind.LIST),
    _get("placements:round", Kind.COUNTY, args=given.key("run")),
    _get("placements:post-offers", Kind.PUBLIC, args=lambda place: [place.offer.post_id]),
    _get("monitoring:list", Kind.LIST),
    _get("monitoring:alarms", Kind.LIST),
    _get("monitoring:alarm", Kind.OBJECT, args=given.key("alarm")),
    _post("monitoring:answer-alarm", Kind.OBJECT, args=given.key("alarm"), data=given.done_about),
    _get("monitoring:rule", Kind.LIST, args=lambda _place: [RULE]),
    _post("monitoring:check", Kind.LIST, args=lambda _place: [LOOKED], data=given.check),
    _get("monitoring:precision", Kind.LIST),
    _get("monitoring:answers", Kind.LIST, args=lambda _place: [RULE]),
    _post("monitoring:capacity", Kind.OBJECT, data=lambda _place: {"division": COUNTY, "weekly": "40"}),
    _get("monitoring:try", Kind.TRY, supervisor=403, args=lambda _place: [LOOKED]),
    _post("monitoring:try", Kind.TRY, args=lambda _place: [LOOKED], data=lambda _place: {"days": "120"}),
    _get("monitoring:trial", Kind.FILE, supervisor=404, args=lambda place: [LOOKED, place.trial.pk]),
    _get("home:explained", Kind.OBJECT, args=lambda place: [RULE, place.person.pk]),
    _get("monitoring:rules", Kind.LIST),
    _get("monitoring:rule-text", Kind.LIST, args=lambda _place: [RULE]),
    _get("monitoring:findings", Kind.LIST),
    _get("monitoring:zero-families", Kind.LIST),
    _get("monitoring:screen", Kind.ABOVE),
    _get("monitoring:screen-finding", Kind.OBJECT, args=given.key("screened")),
    _post("monitoring:answer-screen", Kind.OBJECT, supervisor=302, args=given.key("screened"), data=given.looked_into),
    _get("monitoring:inspections", Kind.LIST, 403),
    _post("monitoring:inspections", Kind.LIST, 403, 302, data=given.inspection),
    _post("monitoring:withdraw-inspection", Kind.LIST, 403, 302, args=given.key("inspection")),
    _post("monitoring:fix", Kind.LIST, data=given.finding()),
    _post("monitoring:waive", Kind.ABOVE, data=given.finding(reason="证件已核", until=given.in_a_month)),
    _post("monitoring:end-waiver", Kind.ABOVE, data=given.finding()),
    _get("monitoring:feeds", Kind.LIST),
    _post("monitoring:feeds", Kind.OWN, data=given.feed_list),
    _get("monitoring:feed", Kind.OBJECT, args=given.key("feed")),
    _post("monitoring:decide-feed", Kind.OBJECT, args=given.key("feed"), data=given.release),
    _get("monitoring:list-to-fill", Kind.OWN, supervisor=403, args=lambda _place: ["death"]),
    _get("monitoring:review-feed", Kind.OBJECT, args=given.key("feed")),
    _post("monitoring:decide-line", Kind.OBJECT, args=given.unsure, data=lambda _place: {"choice": "nobody"}),
    _get("monitoring:bad-lines", Kind.OBJECT, supervisor=403, args=given.key("feed")),
    _get("monitoring:coverage", Kind.OBJECT, data=_OF_A),
    _get("monitoring:coverage-rows", Kind.OBJECT, args=lambda _place: ["work", "all"], data=_OF_A),
    _get("monitoring:map", Kind.OBJECT, data=_OF_A),
    _get("monitoring:flow", Kind.OBJECT, data=_OF_A),
    _get("monitoring:flow-rows", Kind.OBJECT, data=_OF_A),
    _get("bulletins:month", Kind.OBJECT, data=_OF_A),
    _get("bulletins:json", Kind.OBJECT, data=_OF_A),
    _get("bulletins:history", Kind.OBJECT, data=_OF_A),
    _get("bulletins:ranking", Kind.OBJECT, data=_OF_A),
    _get("bulletins:rows", Kind.OBJECT, args=lambda _place: ["I1"], data=_OF_A),
]

OTHER_VILLAGE = "150522202210"
# Which parameters of which page name a place: a stranger who names one of county A finds nothing.
PLACES = [
    ("home:worklist", "division"),
    ("home:board", "division"),
    ("cases:list", "division"),
    ("people:list", "town"),
    ("people:list", "village"),
    ("people:differences", "village"),
    ("people:corrections", "town"),
    ("people:work-round", "division"),
    ("people:work-round", "village"),
    ("monitoring:list", "town"),
    ("monitoring:rule", "village"),
    ("monitoring:precision", "town"),
    ("monitoring:answers", "village"),
    ("monitoring:findings", "village"),
    ("monitoring:zero-families", "village"),
    ("monitoring:coverage", "division"),
    ("monitoring:coverage-rows", "division"),
    ("monitoring:map", "division"),
    ("monitoring:flow", "division"),
    ("monitoring:flow-rows", "division"),
    *((f"bulletins:{name}", "division") for name in ("month", "json", "history", "ranking", "rows")),
]
# What an officer gets there is asked over a lake, in tests/bulletins and tests/monitoring/test_coverage_pages.
LAKE = ("bulletins:", "monitoring:coverage", "monitoring:flow-rows")
CODES = {"town": [TOWN], "village": [VILLAGE], "division": [COUNTY, TOWN, VILLAGE]}


def named_paths() -> Iterator[str]:
    """The names of all paths that the product answers, with their room; "" for one without a name."""
    yield from _names(get_resolver().url_patterns, "")


def _names(patterns: Any, room: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield room + (pattern.name or "")
        else:
            yield from _names(pattern.url_patterns, f"{room}{pattern.namespace}:" if pattern.namespace else room)
