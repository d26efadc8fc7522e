"""Findings of the screen in words: who, where, which figure against what is usual, and the records behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from bangfu.accounts.models import User
from bangfu.cases.words import spoken
from bangfu.core.clock import ZONE
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY, PREFECTURE, level_of
from bangfu.monitoring.access import visible_screen
from bangfu.monitoring.finding_lines import severity_words
from bangfu.monitoring.models import Inspection, ScreenFinding
from bangfu.monitoring.rules import rule_behind, rulebook
from bangfu.people.area import Area, read_area
from bangfu.people.models import Job, Membership
from bangfu.rulebook.rules import Rule

ORDER = ("-opened_on", "-id")
FEW = 20  # design choice: below so many records a share says little, and the page says so
WAITING, ANSWERED, CLOSED = "waiting", "answered", "closed"
STATES: Mapping[str, Promise] = {
    WAITING: _("Not yet looked into"), ANSWERED: _("Looked into"), CLOSED: _("Usual again"),
}  # fmt: skip
WAGE, SHORT, MONTH_END, INSPECTION = "wage_share", "short_share", "month_end_share", "inspection_share"
PARTS: Mapping[str, tuple[str, str, Promise]] = {
    WAGE: ("same_wage", "waged", _("open jobs with the same wage")),
    SHORT: ("short_jobs", "ended_jobs", _("ended jobs that were short and held a month’s end")),
    MONTH_END: ("month_end_edits", "edits", _("records by hand on the last three days of a month")),
    INSPECTION: ("inspection_edits", "edits", _("records by hand in the week before an inspection")),
}
"""What each share of recorder_day is: its numerator, its denominator, the words for the numerator."""


@dataclass(frozen=True)
class Choice:
    """Which findings are wanted: of a place, a rule ("" for all), in a state."""

    area: Area
    rule: str
    state: str

    @property
    def parameters(self) -> dict[str, str]:
        """The choice as parameters of an address."""
        state = self.state if self.state != WAITING else ""
        named = (("rule", self.rule), ("state", state))
        return {**self.area.parameters, **{name: value for name, value in named if value}}


def read_choice(user: User, given: Mapping[str, str]) -> Choice:
    """The choice that parameters name; what is not known counts as not chosen. Raises Http404 for a foreign place."""
    rule, state = given.get("rule", ""), given.get("state", "")
    known = {one.code for one in rulebook().screen()}
    return Choice(read_area(user, given), rule if rule in known else "", state if state in STATES else WAITING)


def in_state(state: str) -> Q:
    """The findings in that state."""
    if state == CLOSED:
        return Q(closed_on__isnull=False)
    return Q(closed_on__isnull=True) & (Q(answer="") if state == WAITING else ~Q(answer=""))


def chosen_screen(user: User, choice: Choice) -> QuerySet[ScreenFinding]:
    """The findings that the list shows, with their recorders."""
    rows = choice.area.narrow(visible_screen(user)).filter(in_state(choice.state))
    return (rows.filter(code=choice.rule) if choice.rule else rows).select_related("recorder", "answered_by")


@dataclass(frozen=True)
class ScreenLine:
    """A finding in the reader's words. `share` and `usual` are percentages; `usual` None where there are fewer than
    three recorders to compare with; `few` where the share rests on few records."""

    finding: ScreenFinding
    rule: Rule | None
    name: str
    severity: str
    colour: str
    place: str
    advice: str
    share: Decimal | None
    usual: Decimal | None
    part: int
    whole: int
    told: str
    few: bool


def screen_lines(user: User, findings: Sequence[ScreenFinding]) -> list[ScreenLine]:
    """The findings with what the pages show beside them; one query."""
    above = COUNTY if level_of(user.division) >= COUNTY else PREFECTURE
    places = full_names_of([row.division for row in findings], above=above)
    return [_line(row, places.get(row.division, "")) for row in findings]


def _line(row: ScreenFinding, place: str) -> ScreenLine:
    rule = rule_behind(row.code, row.version)
    share = share_of(row)
    part, whole, told = PARTS.get(share, ("", "", ""))
    counted = int(row.reasons.get(whole) or 0)
    return ScreenLine(
        row, rule, spoken(rule.name) if rule else row.code, *severity_words(rule), place,
        spoken(rule.advice) if rule and rule.advice else "", _decimal(row.reasons.get(share)),
        _decimal(row.reasons.get(f"usual_{share}")), int(row.reasons.get(part) or 0), counted, str(told),
        counted < FEW,
    )  # fmt: skip


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def share_of(row: ScreenFinding) -> str:
    """The share of recorder_day on which a finding rests; "" for a rule that reads none of them."""
    return next((name for name in PARTS if name in row.reasons), "")


def rows_behind(row: ScreenFinding) -> list[int]:
    """The keys of the job versions that the finding's figure counts, the latest first, as the register stands now."""
    day = row.judged_on
    end = datetime.combine(day + timedelta(days=1), time(), ZONE)
    mine = Job.objects.filter(
        recorded_by=row.recorder_id, recorded_at__lt=end, person__withdrawn_at__isnull=True
    ).order_by("-recorded_at", "-id")
    picks = {WAGE: _same_wage, SHORT: _short, MONTH_END: _month_end, INSPECTION: _before_inspection}
    pick = picks.get(share_of(row))
    return pick(mine, row, day) if pick else []


def _same_wage(mine: QuerySet[Job], row: ScreenFinding, day: date) -> list[int]:
    public = Q(form__regex="公益.*岗") | Q(channel__regex="公益.*岗")
    held = mine.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, superseded_at__isnull=True)
    return list(held.filter(wage_amount=row.reasons["common_wage"]).exclude(public).values_list("id", flat=True))


def _short(mine: QuerySet[Job], _row: ScreenFinding, day: date) -> list[int]:
    ended = mine.filter(superseded_at__isnull=True, valid_to__lte=day, valid_to__gt=day - timedelta(days=365))
    return [
        key
        for key, start, end in ended.values_list("id", "valid_from", "valid_to")
        if (end - start).days < 15 and _last_day(start) < end
    ]


def _by_hand(mine: QuerySet[Job], day: date) -> list[tuple[int, int, date]]:
    since = datetime.combine(day - timedelta(days=89), time(), ZONE)
    rows = mine.filter(batch__isnull=True, recorded_at__gte=since).values_list("id", "person_id", "recorded_at")
    return [(key, person, localdate(at, ZONE)) for key, person, at in rows]


def _month_end(mine: QuerySet[Job], _row: ScreenFinding, day: date) -> list[int]:
    return [key for key, _person, on in _by_hand(mine, day) if on > _last_day(on) - timedelta(days=3)]


def _before_inspection(mine: QuerySet[Job], _row: ScreenFinding, day: date) -> list[int]:
    edits = _by_hand(mine, day)
    homes = dict(
        Membership.objects.true_on(day)
        .filter(person__in={person for _key, person, _on in edits})
        .values_list("person_id", "division")
    )
    held: dict[str, list[date]] = {}
    for division, on in Inspection.objects.filter(
        withdrawn_at__isnull=True, held_on__lte=day, held_on__gt=day - timedelta(days=90)
    ).values_list("division", "held_on"):
        held.setdefault(division[:6], []).append(on)
    return [
        key
        for key, person, on in edits
        if any(0 < (held_on - on).days <= 7 for held_on in held.get(homes.get(person, "")[:6], ()))
    ]


def _last_day(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
