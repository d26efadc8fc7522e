"""Reading cases: the worklist and its queues, the rows of a page, the story of a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from bangfu.accounts.access import Viewer, inside
from bangfu.cases.choices import ServiceKind
from bangfu.cases.clockwork import FOLLOW_UP, clock
from bangfu.cases.models import Case, Cause, Leg, Service
from bangfu.cases.progress import progress_of
from bangfu.core.clock import ZONE
from bangfu.core.package import Progress
from bangfu.core.retirement import add_months
from bangfu.people.models import Standing

OVERDUE, TODAY, WEEK, WARNED = "overdue", "today", "week", "warned"
_PARTS = (
    "causes", "legs", "surveys__by", "services__post__employer", "services__by", "pauses__by", "attempts__by",
    "ways_out__proposed_by", "ways_out__decided_by", "follow_ups__by", "referrals", "plans",
)  # fmt: skip


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
    """What a list shows of one case besides the person; `answers` are those to its job offers, `leaving` says that a
    way out waits for a second person."""

    case: Case
    causes: Sequence[Cause]
    leg: Leg | None
    progress: Sequence[Progress]
    answers: frozenset[str] = frozenset()
    leaving: bool = False


@dataclass(frozen=True)
class Counts:
    """How many rows of a worklist there are, by the choices of its chips; `warned` have used up most of their time."""

    all: int
    today: int
    week: int
    mine: int
    warned: int


def end_of_today(now: datetime) -> datetime:
    """Midnight that ends the day of `now` in Asia/Shanghai."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), timezone.get_default_timezone())


def in_worklist(user: Viewer) -> QuerySet[Standing]:
    """Persons inside the user's duties with a running leg, with the most urgent one and its deadline."""
    return Standing.objects.filter(inside(user), due_at__isnull=False)


def overdue_count(user: Viewer) -> int:
    """How many running legs inside the user's duties are past their deadline now."""
    return in_worklist(user).filter(due_at__lte=timezone.now()).count()


def queues(rows: QuerySet[Standing], now: datetime) -> list[Queue]:
    """The queues by leg of the clock of help, in its order, and all follow-ups after placement as one."""
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
    after = clock(FOLLOW_UP)
    named = [(stage.code, stage.names, [stage.code]) for stage in clock().stages]
    named.append((after.code, after.names, [stage.code for stage in after.stages]))
    found = []
    for code, names, stages in named:
        some = [counts.get(stage, empty) for stage in stages]
        found.append(Queue(code, dict(names), *(sum(row[key] for row in some) for key in empty)))
    return found


def stages_of(leg: str) -> list[str]:
    """The stages that a choice of leg names: itself, or all of the clock of that code."""
    return [stage.code for stage in clock(leg).stages] if leg == FOLLOW_UP else [leg]


def filter_worklist(
    rows: QuerySet[Standing],
    now: datetime,
    *,
    leg: str = "",
    due: str = "",
    cause: str = "",
    helper: int | None = None,
    division: tuple[str, str] | None = None,
) -> QuerySet[Standing]:
    """The worklist narrowed by leg, urgency (overdue, today: overdue too, week: all due in 7 days, warned: most of the
    clock used up and not overdue), cause, helper (key) and a range of divisions."""
    if leg:
        rows = rows.filter(leg__in=stages_of(leg))
    limit = _limits(now).get(due)
    if due == WARNED:
        warned = Leg.objects.filter(done_at__isnull=True, warn_at__lte=now, due_at__gt=now)
        rows = rows.filter(due_at__gt=now, person__in=warned.values("case__person"))
    elif limit:
        rows = rows.filter(due_at__lte=limit)
    if division:
        rows = rows.filter(division__gte=division[0], division__lt=division[1])
    cases = Case.objects.filter(legs__done_at__isnull=True)
    if cause:
        rows = rows.filter(person__in=cases.filter(causes__code=cause).values("person"))
    if helper is not None:
        rows = rows.filter(person__in=cases.filter(helper=helper).values("person"))
    return rows.select_related("person", "household")


def _limits(now: datetime) -> dict[str, datetime]:
    midnight = end_of_today(now)
    return {OVERDUE: now, TODAY: midnight, WEEK: midnight + timedelta(days=6)}


def worklist_counts(rows: QuerySet[Standing], now: datetime, *, helper: int | None) -> Counts:
    """How many of these rows are overdue or due today, due this week, and the helper's own."""
    limits = _limits(now)
    found = rows.order_by().aggregate(
        all=Count("person"),
        today=Count("person", filter=Q(due_at__lte=limits[TODAY])),
        week=Count("person", filter=Q(due_at__lte=limits[WEEK])),
    )
    own = Case.objects.filter(helper=helper, legs__done_at__isnull=True).values("person")
    warned = filter_worklist(rows.order_by(), now, due=WARNED).count()
    return Counts(**found, mine=rows.filter(person__in=own).count(), warned=warned)


def open_causes(user: Viewer) -> list[str]:
    """The codes of all causes of open cases inside the user's duties, in order."""
    rows = Cause.objects.filter(inside(user, "case__division"), case__closed_at__isnull=True)
    return list(rows.order_by("code").values_list("code", flat=True).distinct())


def filter_cases(
    rows: QuerySet[Case],
    *,
    state: str = "",
    outcome: str = "",
    division: tuple[str, str] | None = None,
    backlog: bool = False,
    month: date | None = None,
) -> QuerySet[Case]:
    """The list of cases narrowed by state (open, closed, "" for both), outcome, a range of divisions, to the backlog of
    going live, to those closed in a month (its first day)."""
    if state:
        rows = rows.filter(closed_at__isnull=state == "open")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if division:
        rows = rows.filter(division__gte=division[0], division__lt=division[1])
    if backlog:
        rows = rows.filter(backlog=True)
    if month is not None:
        first, after = (datetime.combine(day, time(), ZONE) for day in (month, add_months(month, 1)))
        rows = rows.filter(closed_at__gte=first, closed_at__lt=after)
    return rows.select_related("person__standing", "helper")


def open_rows(persons: Sequence[int]) -> dict[int, Row]:
    """For each person (by key) the case in which something runs, open or followed up, with what a list shows of it; a
    fixed number of queries."""
    running = Case.objects.filter(person__in=persons, legs__done_at__isnull=True).distinct()
    cases = list(
        running.order_by(F("closed_at").desc(nulls_last=True))
        .select_related("helper")
        .prefetch_related("causes", "legs", "services", "ways_out")
    )
    return {case.person_id: row_of(case) for case in cases}


def row_of(case: Case) -> Row:
    """The same for one case, open or closed; what of it is read already is not read again."""
    running = [leg for leg in case.legs.all() if leg.done_at is None]
    return Row(
        case,
        sorted(case.causes.all(), key=lambda cause: cause.noted_at),
        min(running, key=lambda leg: leg.sequence, default=None),
        progress_of(case),
        frozenset(service.answer for service in case.services.all() if service.kind == ServiceKind.JOB_OFFER),
        any(way.confirmed is None for way in case.ways_out.all()),
    )


def story_of(person: int) -> list[Case]:
    """All cases of a person, newest first, with their causes, legs, surveys and services."""
    return list(
        Case.objects.filter(person=person).select_related("helper").prefetch_related(*_PARTS).order_by("-opened_at")
    )


def parts_of(case: Case) -> dict[str, Any]:
    """What the page of one case shows: causes and legs, the newest surveys and services first."""
    prefetch_related_objects([case], *_PARTS)
    return {
        "causes": sorted(case.causes.all(), key=lambda cause: cause.noted_at),
        "legs": sorted(case.legs.all(), key=lambda leg: (leg.clock != case.clock, leg.sequence)),
        "surveys": sorted(case.surveys.all(), key=lambda survey: survey.surveyed_at, reverse=True),
        "services": sorted(case.services.all(), key=lambda service: service.given_at, reverse=True),
        "pauses": list(case.pauses.all()),
        "attempts": list(case.attempts.all()),
        "ways_out": list(case.ways_out.all()),
        "follow_ups": list(case.follow_ups.all()),
        "referrals": list(case.referrals.all()),
        "plans": list(case.plans.all()),
    }


def known_services(client_keys: Iterable[str]) -> set[str]:
    """Those of the keys under which a service is recorded already."""
    return set(Service.objects.filter(client_key__in=list(client_keys)).values_list("client_key", flat=True))
