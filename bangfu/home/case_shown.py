"""What the page of a case shows of its clocks, its package and its story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bangfu.cases.choices import Answer, Channel, Finding, Obstacle, Outcome, Result
from bangfu.cases.models import Case, Leg, Service, Survey
from bangfu.cases.refusals import reason_words
from bangfu.cases.words import leg_name
from bangfu.core.package import Progress
from bangfu.home.causes import cause_name
from bangfu.home.course_shown import Event, course_events
from bangfu.home.figures import service_names
from bangfu.people.choices import Reach
from bangfu.ui.amounts import amount_words
from bangfu.ui.templatetags.ui import clock, moment, span

_COLOURS = {Answer.ACCEPTED: "g", Answer.THINKING: "a", Answer.REFUSED: "", Answer.UNREACHABLE: "r"}
_ICONS = {
    Answer.ACCEPTED: "check", Answer.THINKING: "message-circle", Answer.REFUSED: "x",
    Answer.UNREACHABLE: "phone",
}  # fmt: skip


@dataclass(frozen=True)
class LegShown:
    """A leg as a clock chip: its state (a class of the chip), icon, words, share of the time used, deadline."""

    state: str
    symbol: str
    words: str
    used: int
    due_at: datetime
    provisional: bool


@dataclass(frozen=True)
class ItemShown:
    """An item of the package: its name, how many were counted of how many."""

    code: str
    words: str
    counted: int
    of: int
    complete: bool
    shortage: bool


def legs_shown(case: Case, legs: Sequence[Leg], now: datetime) -> list[LegShown]:
    """All legs in their order."""
    return [_leg(case, leg, now) for leg in legs]


def _leg(case: Case, leg: Leg, now: datetime) -> LegShown:
    name = leg_name(leg.stage)
    if leg.done_at is None:
        running = clock(leg.due_at, leg.starts_at, now)
        words = f"{name} {running['words']}"
        return LegShown(running["state"], running["symbol"], words, running["used"], leg.due_at, leg.provisional)
    if leg.result == Result.EXEMPT:
        return LegShown("exempt", "circle-dashed", f"{name} {_('exempt')}", 0, leg.due_at, False)
    if leg.result == Result.LATE:
        words = _("%(leg)s done %(span)s late") % {"leg": name, "span": span(leg.done_at - leg.due_at)}
        return LegShown("late", "check", words, 100, leg.due_at, False)
    took = max(leg.done_at - leg.starts_at, timedelta(0))
    words = _("%(leg)s done in %(span)s") % {"leg": name, "span": span(took)}
    whole = max((leg.due_at - leg.starts_at).total_seconds(), 1)
    return LegShown("done", "check", words, min(100, round(took.total_seconds() / whole * 100)), leg.due_at, False)


def moved_shown(legs: Sequence[Leg]) -> list[str]:
    """A line for each deadline that is not the first one: from when to when it moved, and why."""
    return [
        _("%(leg)s: due %(due)s instead of %(first)s, because of %(why)s")
        % {
            "leg": leg_name(leg.stage), "due": moment(leg.due_at), "first": moment(leg.first_due_at),
            "why": str(leg.get_moved_display()),
        }
        for leg in legs
        if leg.first_due_at is not None
    ]  # fmt: skip


def package_shown(progress: Sequence[Progress], case: Case) -> list[ItemShown]:
    """The items of the package in their order."""
    names = service_names()
    return [
        ItemShown(
            item.service_type, names[item.service_type], min(item.counted, item.min_count), item.min_count,
            item.complete, item.service_type == "job_offer" and case.posts_found is not None,
        )
        for item in progress
    ]  # fmt: skip


def events_of(case: Case, parts: Mapping[str, Any]) -> list[Event]:
    """The story of the case, newest first: opened, surveyed, served, paused, closed, followed up."""
    opened = "; ".join(cause_name(cause.code) for cause in parts["causes"])
    events = []  # the later deed first: what happened at the same moment keeps this order
    if case.closed_at:
        outcome = str(Outcome(case.outcome).label)
        events.append(Event(case.closed_at, "g", "check", _("Case closed"), outcome, "", ""))
    events += course_events(case, parts)
    events += [_service(service) for service in parts["services"]]
    events += [_survey(survey) for survey in parts["surveys"]]
    events.append(Event(case.opened_at, "r", "flag", _("Case opened"), "", opened, ""))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _service(service: Service) -> Event:
    answer = Answer(service.answer)
    about = service.title
    if service.post:
        about = f"{service.post.title} · {service.post.employer.name}"
    title = " · ".join(part for part in (service_names()[service.kind], about) if part)
    detail = _joined(str(Channel(service.channel).label), reason_words(service.reason))
    by = service.by.name if service.by else ""
    return Event(service.given_at, _COLOURS[answer], _ICONS[answer], title, str(answer.label), detail, by)


def _survey(survey: Survey) -> Event:
    wage = survey.wage_floor_amount
    detail = _joined(
        str(Channel(survey.channel).label),
        survey.wished_occupation,
        _("from %s yuan a month") % amount_words(wage) if wage is not None else "",
        str(Reach(survey.reach).label) if survey.reach else "",
        _("wants training") if survey.wants_training else "",
        survey.wished_trade,
        survey.wished_place,
        *(str(Obstacle(code).label) for code in survey.obstacles if code in Obstacle.values),
        survey.health_words,
        survey.family_words,
        survey.barriers,
    )
    by = survey.by.name if survey.by else ""
    found = str(Finding(survey.finding).label)
    return Event(survey.surveyed_at, "g", "clipboard-check", _("Need surveyed"), found, detail, by)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
