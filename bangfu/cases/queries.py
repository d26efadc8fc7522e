"""Reading cases: the worklist and its queues, the rows of a page, the story of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.clockwork import clock
from bangfu.cases.models import Case, Cause, Leg, Service, Survey
from bangfu.cases.progress import package_progress
from bangfu.core.package import Progress
from bangfu.people.models import Standing

OVERDUE, TODAY, WEEK = "overdue", "today", "week"


@dataclass(frozen=True)
class Queue:
    """How many cases stand at one leg of the clock, and how urgent they are."""

    stage: str
    words: dict[str, str]
    overdue: int
    today: int
    later: int

    @property
    def total(self) -> int:
        """All of the queue."""
        return self.overdue + self.today + self.later


@dataclass(frozen=True)
class Row:
    """What a list shows of one case besides the person."""

    case: Case
    causes: Sequence[Cause]
    leg: Leg | None
    progress: Sequence[Progress]


def end_of_today(now: datetime) -> datetime:
    """Midnight that ends the day of `now` in Asia/Shanghai."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), timezone.get_default_timezone())


def in_worklist(user: Viewer) -> QuerySet[Standing]:
    """Persons inside the user's duties whose case has a running leg, with that leg and its deadline."""
    return Standing.objects.filter(inside(user), due_at__isnull=False)


def overdue_count(user: Viewer) -> int:
    """How many running legs inside the user's duties are past their deadline now."""
    return in_worklist(user).filter(due_at__lte=timezone.now()).count()


def queues(rows: QuerySet[Standing], now: datetime) -> list[Queue]:
    """The queues by leg of the clock, in its order."""
    midnight = end_of_today(now)
    counts = {
        row["leg"]: row
        for row in rows.values("leg")
        .annotate(
            overdue=Count("person", filter=Q(due_at__lte=now)),
            today=Count("person", filter=Q(due_at__gt=now, due_at__lte=midnight)),
            later=Count("person", filter=Q(due_at__gt=midnight)),
        )
        .order_by("leg")
    }
    empty = {"overdue": 0, "today": 0, "later": 0}
    found = []
    for stage in clock().stages:
        row = counts.get(stage.code, empty)
        found.append(Queue(stage.code, dict(stage.names), row["overdue"], row["today"], row["later"]))
    return found


def filter_worklist(
    rows: QuerySet[Standing], now: datetime, *, leg: str = "", due: str = "", cause: str = "", helper: int | None = None
) -> QuerySet[Standing]:
    """The worklist narrowed by leg, urgency (overdue, today: overdue too, week: all due in 7 days), cause, helper."""
    if leg:
        rows = rows.filter(leg=leg)
    limits = {OVERDUE: now, TODAY: end_of_today(now), WEEK: end_of_today(now) + timedelta(days=6)}
    if due in limits:
        rows = rows.filter(due_at__lte=limits[due])
    cases = Case.objects.filter(closed_at__isnull=True)
    if cause:
        rows = rows.filter(person__in=cases.filter(causes__code=cause).values("person"))
    if helper is not None:
        rows = rows.filter(person__in=cases.filter(helper=helper).values("person"))
    return rows.select_related("person", "household")


def open_rows(persons: Sequence[int]) -> dict[int, Row]:
    """For each person (by key) the open case with what a list shows of it; a fixed number of queries."""
    cases = list(
        Case.objects.filter(person__in=persons, closed_at__isnull=True)
        .select_related("helper")
        .prefetch_related("causes", "legs")
    )
    progress = package_progress(cases)
    rows = {}
    for case in cases:
        running = sorted((leg for leg in case.legs.all() if leg.done_at is None), key=lambda leg: leg.sequence)
        causes = sorted(case.causes.all(), key=lambda cause: cause.noted_at)
        rows[case.person_id] = Row(case, causes, running[0] if running else None, progress[case.pk])
    return rows


def story_of(person: int) -> list[Case]:
    """All cases of a person, newest first, with their causes, legs, surveys and services."""
    return list(
        Case.objects.filter(person=person)
        .select_related("helper")
        .prefetch_related("causes", "legs", "surveys__by", "services__post__employer", "services__by")
        .order_by("-opened_at")
    )


def parts_of(case: Case) -> dict[str, object]:
    """What the page of one case shows: causes, legs, surveys, services, progress."""
    return {
        "causes": list(Cause.objects.filter(case=case).order_by("noted_at")),
        "legs": list(Leg.objects.filter(case=case).order_by("sequence")),
        "surveys": list(Survey.objects.filter(case=case).select_related("by").order_by("-surveyed_at")),
        "services": list(
            Service.objects.filter(case=case).select_related("post__employer", "by").order_by("-given_at")
        ),
        "progress": package_progress([case])[case.pk],
    }
