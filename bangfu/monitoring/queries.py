"""Reading nights and signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.monitoring.models import Feed, Night, Signal


@dataclass(frozen=True)
class OpenCount:
    """Signals of one rule that are open, and how many of them were opened on the day of the last night."""

    all: int = 0
    new: int = 0


def last_night() -> Night | None:
    """The night that ran last, None before the first."""
    return Night.objects.order_by("-ran_at").first()


def signals_on(code: str, day: date) -> QuerySet[Signal]:
    """The signals of a rule that were open on a day."""
    return Signal.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=day), code=code, opened_on__lte=day
    ).order_by("person_id")


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
        .annotate(n=Count("pk"), new=Count("pk", filter=Q(opened_on=night)))
    )
    return {code: OpenCount(n, new) for code, n, new in counted.order_by("code")}


def open_of_rule(rows: QuerySet[Signal], code: str, division: tuple[str, str] | None = None) -> QuerySet[Signal]:
    """The open ones of these signals of a rule, inside a range of divisions, with their persons.

    `turn` rises from the newest to the oldest, for paging.
    """
    rows = rows.filter(code=code, closed_on__isnull=True)
    if division:
        rows = rows.filter(division__gte=division[0], division__lt=division[1])
    return rows.select_related("person").annotate(turn=F("id") * -1)


def last_feeds() -> list[Feed]:
    """The latest standing extract of each kind of outside list."""
    feeds = Feed.objects.filter(superseded_at__isnull=True).order_by("kind", "month")
    return list({feed.kind: feed for feed in feeds}.values())
