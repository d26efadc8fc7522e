"""What happens to the legs of cases, always as part of a deed: made, done, moved, left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases import clockwork
from bangfu.cases.choices import Result
from bangfu.cases.clockwork import Deadline
from bangfu.cases.models import Case, Leg, Moved, Pause
from bangfu.core import clock as clocks
from bangfu.core.keys import new_keys
from bangfu.core.parts import in_parts
from bangfu.people.actions import mark_legs

Mark = tuple[str, datetime | None]
NO_LEG: Mark = ("", None)


def legs_of_new(cases: Sequence[Case], *, at: datetime) -> list[Leg]:
    """The legs of the clocks of fresh cases, not saved yet; those of the backlog are spread over each town."""
    towns: dict[str, int] = defaultdict(int)
    for case in cases:
        towns[case.division[:9]] += 1
    placed: dict[str, int] = defaultdict(int)
    plain: dict[tuple[str, datetime], list[Deadline]] = {}
    rows = []
    for case in cases:
        town, county = case.division[:9], case.division[:6]
        if case.backlog:
            dues = clockwork.backlog_deadlines(localdate(at), placed[town], towns[town], place=case.division)
            placed[town] += 1
        elif (dues := plain.get((county, case.starts_at), [])) == []:
            dues = plain[county, case.starts_at] = clockwork.deadlines(case.starts_at, place=case.division)
        rows += [_leg(case, clockwork.CLOCK, number, due) for number, due in enumerate(dues, start=1)]
    for key, leg in zip(new_keys(len(rows)), rows, strict=True):
        leg.id = key
    return rows


def _leg(case: Case, clock: str, number: int, due: Deadline) -> Leg:
    return Leg(
        case=case, clock=clock, stage=due.stage, sequence=number, starts_at=due.starts_at, due_at=due.due_at,
        warn_at=due.warn_at, provisional=due.provisional,
    )  # fmt: skip


def add_clock(starts: Mapping[int, datetime], code: str) -> None:
    """Let a further clock run beside what runs already: for each case (by key) from its instant. A case that has this
    clock keeps it as it is."""
    cases = {case.pk: case for case in Case.objects.filter(pk__in=list(starts))}
    rows = [
        _leg(cases[key], code, number, due)
        for key, begins in starts.items()
        for number, due in enumerate(clockwork.deadlines(begins, code=code, place=cases[key].division), start=1)
    ]
    for key, leg in zip(new_keys(len(rows)), rows, strict=True):
        leg.id = key
    Leg.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


def finish_legs(cases: Iterable[int], stage: str, *, at: datetime, by: Any = None) -> None:
    """End the named stage of these cases, on time or late by its deadline; a done stage is left alone. A stage that is
    counted from the end of this one gets its deadline now."""
    legs = list(Leg.objects.filter(case__in=list(cases), stage=stage, done_at__isnull=True).select_related("case"))
    results = {Result.ON_TIME: [leg.pk for leg in legs if at < leg.due_at]}
    results[Result.LATE] = [leg.pk for leg in legs if at >= leg.due_at]
    for result, keys in results.items():
        for some in in_parts(keys, 500):
            Leg.objects.filter(pk__in=some).update(done_at=at, done_by=by, result=result)
    following = [leg for leg in legs if _has_follower(leg)]
    if following:
        _begin_next(following, at)


def _has_follower(leg: Leg) -> bool:
    stages = _rule_of(leg).stages
    return leg.sequence < len(stages) and stages[leg.sequence].origin == clockwork.AFTER_PREVIOUS


def _begin_next(done: Sequence[Leg], at: datetime) -> None:
    """Count the stages after these from now on: they stood as if those had taken all their time."""
    after = {(leg.case_id, leg.clock, leg.sequence + 1) for leg in done}
    rows = Leg.objects.filter(case__in=[leg.case_id for leg in done], done_at__isnull=True).select_related("case")
    legs = [leg for leg in rows if (leg.case_id, leg.clock, leg.sequence) in after]
    for leg in legs:
        leg.starts_at = at
    move_legs(legs, Moved.EARLIER)


def move_legs(legs: Sequence[Leg], why: str) -> list[Leg]:
    """Compute the deadlines of these running legs (with their cases) anew and save what differs; returns those that
    moved. What a deadline was first is kept, and why it moved."""
    pauses: dict[int, list[clocks.Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(case__in={leg.case_id for leg in legs}):
        pauses[pause.case_id].append(clocks.Pause(pause.first_on, pause.last_on))
    moved = []
    for leg in legs:
        rule = _rule_of(leg)
        due = clockwork.deadline(rule.stage(leg.stage), rule, leg.starts_at, leg.case.division, pauses[leg.case_id])
        if due.due_at != leg.due_at:
            leg.first_due_at = leg.first_due_at or leg.due_at
            leg.moved = why
            leg.due_at, leg.warn_at = due.due_at, due.warn_at
            moved.append(leg)
        leg.provisional = due.provisional
    Leg.objects.bulk_update(
        legs, ["starts_at", "due_at", "warn_at", "provisional", "first_due_at", "moved"], batch_size=500
    )
    return moved


def _rule_of(leg: Leg) -> clocks.Clock:
    return clockwork.clock(leg.clock, leg.case.division, localdate(leg.case.starts_at))


@transaction.atomic
def recount_by_calendar(*, at: datetime) -> int:
    """Compute the running legs in working days anew: a holiday notice or a region's own days may have come since;
    returns how many moved. Legs that are done keep what they had. The survey of a backlog stands where it was put.
    """
    counted = {
        (rule.code, stage.code) for rule in clockwork.clocks() for stage in rule.stages if stage.unit == "working_day"
    }
    rows = Leg.objects.filter(
        done_at__isnull=True, clock__in={code for code, _ in counted}, stage__in={stage for _, stage in counted}
    )
    legs = [leg for leg in rows.select_related("case") if (leg.clock, leg.stage) in counted]
    moved = move_legs(legs, Moved.CALENDAR)
    if moved:
        remark_legs(leg.case for leg in moved)
        record("cases.deadlines_moved", by=None, at=at, count=len(moved), persons=[leg.case.person_id for leg in moved])
    return len(moved)


def leave_out(cases: Iterable[int], *, at: datetime) -> None:
    """What still runs of these cases is exempt."""
    Leg.objects.filter(case__in=list(cases), done_at__isnull=True).update(done_at=at, result=Result.EXEMPT)


def remark_legs(cases: Iterable[Case]) -> None:
    """Write the most urgent running leg of the persons of these cases into the projection."""
    persons = {case.person_id for case in cases}
    marks: dict[int, Mark] = dict.fromkeys(persons, NO_LEG)
    running = Leg.objects.filter(case__person__in=list(persons), done_at__isnull=True)
    first: dict[tuple[int, str], tuple[int, str, datetime]] = {}
    rows = running.annotate(person=F("case__person")).order_by("-sequence")
    for person, case, clock, stage, due in rows.values_list("person", "case_id", "clock", "stage", "due_at"):
        first[case, clock] = (person, stage, due)
    for person, stage, due in first.values():
        before = marks[person][1]
        if before is None or due < before:
            marks[person] = (stage, due)
    mark_legs(marks)
