"""Zero-employment families: recognised and cleared by rule every night, with the clock of a quarter.

The signal of the same code recognises: what it finds stands open in signals as long as it is true. A spell begins with
it and lasts until a clearing rule holds, so that a job of three days ends the signal and not the clock. Nothing here
is ever typed by hand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from django.db import transaction

from bangfu.audit.actions import record
from bangfu.cases.actions import Opening, open_cases
from bangfu.cases.clockwork import calendar, clock
from bangfu.cases.models import Case, Cause
from bangfu.core.clock import ZONE, last_day_of
from bangfu.core.keys import new_keys
from bangfu.core.parts import in_parts
from bangfu.monitoring.actions import served_lately
from bangfu.monitoring.models import Night, ZeroFamily
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import Found, evaluate
from bangfu.rulebook.rules import CLEARING, SIGNAL
from bangfu.rulebook.views import compute

RULE = "zero_employment_family"
STAGE = "cleared"
_PART = 2_000  # families of one transaction


@dataclass(frozen=True)
class Seeker:
    """A member of a family who is able, willing and without work: whom a case helps."""

    household: int
    person: int
    division: str


@dataclass(frozen=True)
class FamiliesFound:
    """What a snapshot says: households (by key) that the rule recognises, those that clearing rules hold of (the
    first by code), where each registered household lies, and the seekers of those recognised or still open."""

    recognised: Mapping[int, Found]
    cleared: Mapping[int, Found]
    places: Mapping[int, str]
    seekers: Sequence[Seeker]


def judge_families(engine: Engine, on: date) -> FamiliesFound:
    """What the rules say of households in the snapshot shown; writes nothing."""
    book = rulebook()
    open_now = set(_open().values_list("household_id", flat=True))
    judged = evaluate(engine, book, on, (SIGNAL, CLEARING), about="household_day").found
    recognised = {one.subject: one for one in judged if one.code == RULE}
    ways = {rule.code for rule in book.clearing()}
    cleared: dict[int, Found] = {}
    for one in sorted(judged, key=lambda one: one.code):
        if one.code in ways and one.subject in open_now:
            cleared.setdefault(one.subject, one)
    wanted = open_now | recognised.keys()
    return FamiliesFound(recognised, cleared, _places(engine, wanted, on), tuple(_seekers(engine, wanted, on)))


def _named(engine: Engine, households: set[int]) -> None:
    keys = pa.table({"household": pa.array(sorted(households), pa.int64())})
    engine.show("wanted_families", keys)


def _places(engine: Engine, households: set[int], on: date) -> dict[int, str]:
    _named(engine, households)
    table = compute(engine, rulebook().views, "household_day", on)
    rows = engine.rows(
        f"SELECT household, division FROM {table} JOIN wanted_families USING (household)"  # noqa: S608 - our name
    )
    return dict(rows)


def _seekers(engine: Engine, households: set[int], on: date) -> Iterator[Seeker]:
    _named(engine, households)
    table = compute(engine, rulebook().views, "person_day", on)
    rows = engine.rows(
        f"SELECT household, person, division FROM {table} JOIN wanted_families USING (household) "  # noqa: S608
        "WHERE able AND will_work AND at_school IS NOT TRUE AND work_status = 'jobless' ORDER BY household, person"
    )
    return (Seeker(*row) for row in rows)


def record_families(found: FamiliesFound, on: date, *, at: datetime) -> int:
    """Recognise what is newly true, clear what a clearing rule holds of, help the members; returns how many are open.

    The difference to what stands is written in parts, each whole by itself: a night that was killed goes on when it
    is run again, and one that is run twice changes nothing.
    """
    standing = {row.household_id: row for row in _open()}
    fresh = sorted(found.recognised.keys() - standing.keys())
    ended = sorted(household for household in standing if household in found.cleared or household not in found.places)
    for part in in_parts(fresh, _PART):
        _recognise(part, found, on, at=at)
    for part in in_parts(ended, _PART):
        _clear([standing[household] for household in part], found, on)
    _renew([row for household, row in standing.items() if household not in set(ended)], found.places)
    _help(found, on, at=at)
    if fresh or ended:
        record("monitoring.families_judged", by=None, at=at, count=len(fresh), facts={"cleared": len(ended)})
    return _open().count()


def _open() -> Any:
    return ZeroFamily.objects.filter(cleared_on__isnull=True)


def due_on(recognised_on: date) -> date:
    """The last day for clearing a family that was recognised on a day."""
    return last_day_of(clock(RULE).stage(STAGE), datetime.combine(recognised_on, time(), ZONE), calendar())


@transaction.atomic
def _recognise(households: Sequence[int], found: FamiliesFound, on: date, *, at: datetime) -> None:
    due = due_on(on)
    ZeroFamily.objects.bulk_create(
        ZeroFamily(
            id=key, household_id=household, division=found.places[household], recognised_on=on, due_on=due,
            version=found.recognised[household].version, reasons=found.recognised[household].values,
        )
        for key, household in zip(new_keys(len(households)), households, strict=True)
    )  # fmt: skip


@transaction.atomic
def _clear(rows: Sequence[ZeroFamily], found: FamiliesFound, on: date) -> None:
    for row in rows:
        row.cleared_on = max(on, row.recognised_on)
        rule = found.cleared.get(row.household_id)
        row.way = rule.code if rule else ZeroFamily.DISSOLVED
        row.cleared_version, row.cleared_reasons = (rule.version, rule.values) if rule else ("", {})
    ZeroFamily.objects.bulk_update(rows, ["cleared_on", "way", "cleared_version", "cleared_reasons"], batch_size=500)


@transaction.atomic
def _renew(rows: Sequence[ZeroFamily], places: Mapping[int, str]) -> None:
    """A family that moved lies where its head is registered now."""
    moved = [row for row in rows if places[row.household_id] != row.division]
    for row in moved:
        row.division = places[row.household_id]
    ZeroFamily.objects.bulk_update(moved, ["division"], batch_size=500)


def _help(found: FamiliesFound, on: date, *, at: datetime) -> None:
    """Each seeker of an open family has a case with this cause; who was counted apart lately is not asked again."""
    rows = {row.household_id: row for row in _open().filter(household__in={one.household for one in found.seekers})}
    seekers = [one for one in found.seekers if one.household in rows]
    backlog = not Night.objects.exists()
    for part in in_parts(seekers, _PART):
        _help_part(part, rows, backlog, at=at)


@transaction.atomic
def _help_part(seekers: Sequence[Seeker], rows: Mapping[int, ZeroFamily], backlog: bool, *, at: datetime) -> None:
    persons = [one.person for one in seekers]
    running = set(Case.objects.filter(person__in=persons, closed_at__isnull=True).values_list("person_id", flat=True))
    told = set(
        Cause.objects.filter(code=RULE, case__person__in=persons, case__closed_at__isnull=True).values_list(
            "case__person_id", flat=True
        )
    )
    served = served_lately(persons, at)
    openings = [
        Opening(one.person, one.division, RULE, rows[one.household].reasons)
        for one in seekers
        if one.person not in told and (one.person in running or one.person not in served)
    ]
    if openings:
        open_cases(openings, by=None, at=at, backlog=backlog)
