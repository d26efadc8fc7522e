"""Pauses, failed contacts, ways out and follow-ups as lines of the story of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bangfu.cases.choices import Channel, Outcome
from bangfu.cases.course_models import Attempt, FollowUp, Pause, StillThere, WayOut
from bangfu.cases.models import Case
from bangfu.cases.words import leg_name, pause_name
from bangfu.ui.amounts import amount_words
from bangfu.ui.templatetags.ui import day


@dataclass(frozen=True)
class Event:
    """A line of the story of a case."""

    at: datetime
    colour: str
    icon: str
    title: str
    result: str
    detail: str
    by: str


def course_events(case: Case, parts: Mapping[str, Any]) -> list[Event]:
    """The lines of what `bangfu.cases.queries.parts_of` holds of the course of a case, in no order."""
    return [
        *(_pause(case, one) for one in parts["pauses"]),
        *(_attempt(one) for one in parts["attempts"]),
        *(line for one in parts["ways_out"] for line in _way_out(one)),
        *(_follow_up(one) for one in parts["follow_ups"]),
    ]


def _pause(case: Case, one: Pause) -> Event:
    span = _("%(first)s to %(last)s") % {"first": day(one.first_on), "last": day(one.last_on)}
    return Event(
        one.paused_at,
        "",
        "clock",
        _("Clocks paused"),
        pause_name(case, one.reason),
        f"{span} · {one.evidence}",
        one.by.name,
    )


def _attempt(one: Attempt) -> Event:
    by = one.by.name if one.by else ""
    return Event(one.tried_at, "r", "phone", _("Nobody was met"), "", str(Channel(one.channel).label), by)


def _way_out(one: WayOut) -> list[Event]:
    outcome = str(Outcome(one.outcome).label)
    lines = [Event(one.proposed_at, "a", "flag", _("Way out proposed"), outcome, one.reason, one.proposed_by.name)]
    if one.decided_at and one.decided_by:
        said = _("Way out confirmed") if one.confirmed else _("Way out turned down")
        lines.append(
            Event(
                one.decided_at, "g" if one.confirmed else "", "user-check", said, outcome, one.said, one.decided_by.name
            )
        )
    return lines


def _follow_up(one: FollowUp) -> Event:
    colour = {StillThere.AT_WORK: "g", StillThere.OTHER_JOB: "g", StillThere.LOST: "r"}.get(StillThere(one.found), "a")
    wage = f"{amount_words(one.wage_amount)} " + _("yuan a month") if one.wage_amount is not None else ""
    detail = " · ".join(part for part in (str(Channel(one.channel).label), wage, one.words) if part)
    by = one.by.name if one.by else ""
    return Event(one.asked_at, colour, "phone", leg_name(one.stage), str(StillThere(one.found).label), detail, by)
