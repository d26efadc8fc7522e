"""Reading nights, signals and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.divisions.ranges import ancestors_of
from bangfu.monitoring.models import EVERYWHERE, Feed, FeedState, Finding, Night, Signal, Waiver, ZeroFamily


@dataclass(frozen=True)
class OpenCount:
    """Signals of one rule that are open, how many of them were opened on the day of the last night, and about how many
    nobody was asked yet because the office can look into no more."""

    all: int = 0
    new: int = 0
    left_out: int = 0


def last_night() -> Night | None:
    """The night that ran last, None before the first."""
    return Night.objects.order_by("-ran_at").first()


def signals_on(code: str, day: date) -> QuerySet[Signal]:
    """The signals of a rule that were open on a day."""
    return Signal.objects.filter(_open_on(day), code=code).order_by("person_id")


def _open_on(day: date) -> Q:
    return Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))


def open_signals(user: Viewer) -> QuerySet[Signal]:
    """The open signals inside the user's duties."""
    return Signal.objects.filter(inside(user), closed_on__isnull=True)


def open_signal_count(user: Viewer) -> int:
    """How many signals are open inside the user's duties."""
    return open_signals(user).count()


def signals_of(persons: Sequence[int]) -> list[Signal]:
    """All signals of these persons (by key), open and closed, newest first."""
    return list(Signal.objects.filter(person__in=persons).order_by("-opened_on", "-id"))


def open_counts(rows: QuerySet[Signal], night: date | None) -> dict[str, OpenCount]:
    """The open ones of these signals by rule; one query."""
    counted = (
        rows.filter(closed_on__isnull=True)
        .values_list("code")
        .annotate(n=Count("pk"), new=Count("pk", filter=Q(opened_on=night)), left=Count("pk", filter=Q(raised_on=None)))
    )
    return {code: OpenCount(*counts) for code, *counts in counted.order_by("code")}


def open_of_rule(rows: QuerySet[Signal], code: str) -> QuerySet[Signal]:
    """The open ones of these signals of a rule, with their persons and what was found about them."""
    return rows.filter(code=code, closed_on__isnull=True).select_related("person", "check_made")


def feeds_in_use() -> QuerySet[Feed]:
    """The outside lists that the night uses: neither held, nor rejected, nor replaced."""
    return Feed.objects.filter(state=FeedState.STANDING, superseded_at__isnull=True)


def feeds_about(division: str) -> QuerySet[Feed]:
    """The lists in use that cover the whole of a place."""
    return feeds_in_use().filter(division__in=[EVERYWHERE, *ancestors_of(division), division])


def held_feeds() -> QuerySet[Feed]:
    """The lists that wait for somebody to release or reject them."""
    return Feed.objects.filter(state=FeedState.HELD, superseded_at__isnull=True)


def last_feeds(division: str) -> list[Feed]:
    """The latest list in use of each kind that covers a place."""
    return list({feed.kind: feed for feed in feeds_about(division).order_by("kind", "period")}.values())


@dataclass(frozen=True)
class FindingCount:
    """Findings of a rule or place that wait to be set right, how many of them are overdue, and how many are waived."""

    open: int = 0
    overdue: int = 0
    waived: int = 0


OPEN, OVERDUE, WAIVED = "open", "overdue", "waived"


def waiting(on: date) -> Q:
    """The open findings that nobody has waived beyond the day."""
    return Q(closed_on__isnull=True) & (Q(waived_until__isnull=True) | Q(waived_until__lte=on))


def findings_in(rows: QuerySet[Finding], state: str, on: date) -> QuerySet[Finding]:
    """Of these findings those in that state on the day: open (waiting), overdue, or waived."""
    if state == WAIVED:
        return rows.filter(closed_on__isnull=True, waived_until__gt=on)
    rows = rows.filter(waiting(on))
    return rows.filter(due_on__lt=on) if state == OVERDUE else rows


def finding_counts(rows: QuerySet[Finding], on: date, by: str = "code") -> dict[str, FindingCount]:
    """The open ones of these findings by a column (or the beginning of one, annotated); one query."""
    counted = (
        rows.filter(closed_on__isnull=True)
        .values_list(by)
        .annotate(
            open=Count("pk", filter=waiting(on)),
            overdue=Count("pk", filter=waiting(on) & Q(due_on__lt=on)),
            waived=Count("pk", filter=Q(waived_until__gt=on)),
        )
    )
    return {key: FindingCount(*counts) for key, *counts in counted.order_by(by)}


def findings_on(code: str, day: date) -> QuerySet[Finding]:
    """The findings of a rule that were open on a day, waived ones too."""
    return Finding.objects.filter(_open_on(day), code=code).order_by("person_id")


def findings_of(persons: Sequence[int]) -> list[Finding]:
    """The open findings of these persons (by key), the most urgent first."""
    return list(Finding.objects.filter(person__in=persons, closed_on__isnull=True).order_by("due_on", "id"))


def waivers_of(findings: Sequence[int]) -> dict[int, str]:
    """The reason of the waiver in force of each of these findings (by key) that has one."""
    rows = Waiver.objects.filter(finding__in=findings, ended_at__isnull=True)
    return dict(rows.values_list("finding_id", "reason"))


def families_of(household: int) -> list[ZeroFamily]:
    """The spells of a household (by key) as a zero-employment family, the latest first."""
    return list(ZeroFamily.objects.filter(household=household).order_by("-recognised_on", "-id"))
