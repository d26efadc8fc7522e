"""The only door through which pages get outside lists, signals and findings."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside, require_writer
from bangfu.accounts.models import User
from bangfu.accounts.roles import Role
from bangfu.core.keys import read_key
from bangfu.divisions.queries import counties_in, within
from bangfu.monitoring.models import (
    AreaAlarm,
    Feed,
    Finding,
    Inspection,
    ScreenFinding,
    Signal,
    Trial,
    UnsureLine,
    ZeroFamily,
)

WAIVERS = frozenset({Role.TOWN_OFFICER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
"""Who may waive a finding: not the village that would have to set it right."""
INSPECTORS = frozenset({Role.SUPERVISOR, Role.CITY_OFFICER, Role.PROVINCE_OFFICER})
"""Who may enter the day of an inspection."""
SCREENERS = INSPECTORS | {Role.COUNTY_OFFICER, Role.AUDITOR}
"""Who may look into what recorders did: those above the towns and villages that record."""


def visible_signals(user: Viewer) -> QuerySet[Signal]:
    """Signals of persons inside the user's duties of today, open and closed; none without a duty."""
    return Signal.objects.filter(inside(user))


def visible_findings(user: Viewer) -> QuerySet[Finding]:
    """Findings of persons inside the user's duties of today, open and closed; none without a duty."""
    return Finding.objects.filter(inside(user))


def get_signals(user: Viewer, code: str, keys: Sequence[str]) -> list[Signal]:
    """The open signals of a rule with these keys (as a page sends them) inside the duties of a user who may write;
    others are passed over. Raises PermissionDenied."""
    require_writer(user)
    named = [key for key in map(read_key, keys) if key is not None]
    return list(visible_signals(user).filter(pk__in=named, code=code, closed_on__isnull=True).order_by("pk"))


def get_trial(user: Viewer, code: str, key: int) -> Trial:
    """A trial that the user asked for. Raises Http404."""
    trial = Trial.objects.filter(pk=key, code=code, by=user.pk).first() if isinstance(user, User) else None
    if trial is None:
        raise Http404
    return trial


def get_findings(user: Viewer, keys: Sequence[str]) -> list[Finding]:
    """The open ones of these findings (keys as a page sends them) inside the duties of a user who may write; others
    are passed over. Raises PermissionDenied."""
    require_writer(user)
    named = map(read_key, keys)
    return list(
        visible_findings(user)
        .filter(pk__in=[key for key in named if key is not None], closed_on__isnull=True)
        .order_by("pk")
    )


def may_waive(user: Viewer) -> bool:
    """Whether some duty of today lets the user waive findings, state what the office can look into, and try rules."""
    return isinstance(user, User) and user.may_write() and user.holds(WAIVERS)


def require_waiver(user: Viewer) -> User:
    """The user, when they may waive findings. Raises PermissionDenied."""
    if not isinstance(user, User) or not may_waive(user):
        raise PermissionDenied
    return user


def visible_feeds(user: Viewer) -> QuerySet[Feed]:
    """Outside lists of places inside the user's duties of today, whatever became of them; none without a duty."""
    return Feed.objects.filter(inside(user)).select_related("by", "decided_by")


def get_feed(user: Viewer, key: int) -> Feed:
    """The list with that key. Raises Http404 where the user may not see it."""
    return get_object_or_404(visible_feeds(user), pk=key)


def unsure_lines(feed: Feed) -> QuerySet[UnsureLine]:
    """The lines of a list (that the user may see) about which somebody decides or decided."""
    return UnsureLine.objects.filter(feed=feed)


def get_unsure_line(feed: Feed, key: int) -> UnsureLine:
    """The unsure line of that list with that key. Raises Http404."""
    return get_object_or_404(unsure_lines(feed), pk=key)


def visible_families(user: Viewer) -> QuerySet[ZeroFamily]:
    """Zero-employment families inside the user's duties of today, open and cleared; none without a duty."""
    return ZeroFamily.objects.filter(inside(user))


def visible_alarms(user: Viewer) -> QuerySet[AreaAlarm]:
    """Alarms of towns inside the user's duties of today, open and over; none for a village, which is part of a town."""
    return AreaAlarm.objects.filter(inside(user))


def get_alarm(user: Viewer, key: int) -> AreaAlarm:
    """An alarm, open or over. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_alarms(user).select_related("answered_by"), pk=key)


def may_screen(user: Viewer) -> bool:
    """Whether some duty of today lets the user look into what recorders did."""
    return isinstance(user, User) and user.holds(SCREENERS)


def require_screener(user: Viewer) -> User:
    """The user, when they may look into the screen. Raises PermissionDenied."""
    if not isinstance(user, User) or not may_screen(user):
        raise PermissionDenied
    return user


def visible_screen(user: User) -> QuerySet[ScreenFinding]:
    """Findings of the screen inside the duties that may look into it, without those about the user."""
    return ScreenFinding.objects.filter(within(user.ranges_as(SCREENERS))).exclude(recorder=user)


def get_screen_finding(user: User, key: int) -> ScreenFinding:
    """A finding of the screen, open or closed. Raises Http404 outside the user's duties."""
    return get_object_or_404(visible_screen(user).select_related("recorder", "answered_by"), pk=key)


def may_enter_inspections(user: Viewer) -> bool:
    """Whether some duty of today lets the user enter inspections: not the county that is inspected."""
    return isinstance(user, User) and user.holds(INSPECTORS)


def require_inspector(user: Viewer) -> User:
    """The user, when they may enter inspections. Raises PermissionDenied."""
    if not isinstance(user, User) or not may_enter_inspections(user):
        raise PermissionDenied
    return user


def visible_inspections(user: User) -> QuerySet[Inspection]:
    """The inspections that stand inside the duties of who may enter them."""
    return Inspection.objects.filter(within(user.ranges_as(INSPECTORS)), withdrawn_at__isnull=True)


def get_inspection(user: User, key: int) -> Inspection:
    """An inspection that stands. Raises Http404."""
    return get_object_or_404(visible_inspections(user), pk=key)


def counties_to_inspect(user: User) -> list[tuple[str, str]]:
    """The counties inside the duties of who may enter inspections, as (code, name)."""
    return counties_in(user.ranges_as(INSPECTORS))
