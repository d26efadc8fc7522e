"""The screen against made-up records: judged every night, looked into by who stands above the recorder.

A finding says that records look unusual together. It proves nothing, closes by itself when the figures are usual
again, and keeps what somebody found when looking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.monitoring.look_models import ScreenAnswer, ScreenFinding
from bangfu.monitoring.looking import keep_found
from bangfu.monitoring.models import Inspection
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import Found, evaluate
from bangfu.rulebook.rules import SCREEN


class NothingToAnswerError(ValueError):
    """The finding is the answerer's own, or closed meanwhile; nothing was written."""


@dataclass(frozen=True)
class Held:
    """An inspection to be entered: the county (12-digit code), its first day, who announced it, a note."""

    division: str
    held_on: date
    announced_by: str
    note: str = ""


def judge_screen(engine: Engine, on: date) -> list[Found]:
    """What the rules of the screen find true in the snapshot shown, for recorders whose place is known."""
    return [one for one in evaluate(engine, rulebook(), on, (SCREEN,)).found if one.division]


@transaction.atomic
def record_screen(found: Sequence[Found], on: date, *, at: datetime) -> int:
    """Open what is newly true, renew the figures of what still is, close the rest; returns how many are open.

    Run twice it changes nothing.
    """
    wanted = {(one.code, one.subject): one for one in found}
    fresh, gone = keep_found(ScreenFinding, "recorder_id", wanted, on)
    if fresh or gone:
        record("monitoring.screen_judged", by=None, at=at, count=fresh, facts={"closed": gone})
    return len(wanted)


@transaction.atomic
def answer_screen(findings: Sequence[int], answer: str, said: str, *, by: Any, at: datetime) -> int:
    """Keep what looking into these findings (by key) gave; a later answer replaces an earlier one. Returns how many.

    Raises ValueError without words or for an unknown answer, NothingToAnswerError where one is closed or the
    answerer's own: then nothing is written.
    """
    if answer not in ScreenAnswer.values or not said.strip():
        raise ValueError("an answer needs its kind and words")
    rows = list(ScreenFinding.objects.select_for_update().filter(pk__in=findings, closed_on__isnull=True))
    if len(rows) != len(set(findings)) or any(row.recorder_id == by.pk for row in rows):
        raise NothingToAnswerError
    for row in rows:
        row.answer, row.said, row.answered_at, row.answered_by = answer, said.strip()[:300], at, by
    ScreenFinding.objects.bulk_update(rows, ["answer", "said", "answered_at", "answered_by"])
    facts = {"answer": answer, "findings": [str(row.pk) for row in rows]}
    record("monitoring.screen_answered", by=by, at=at, count=len(rows), facts=facts)
    return len(rows)


@transaction.atomic
def enter_inspections(held: Sequence[Held], *, by: Any, at: datetime) -> int:
    """Enter inspections; one of the same county and day is there already and stays. Returns how many were new."""
    known = set(
        Inspection.objects.filter(
            division__in=[one.division for one in held], withdrawn_at__isnull=True
        ).values_list("division", "held_on")
    )  # fmt: skip
    fresh = {(one.division, one.held_on): one for one in held if (one.division, one.held_on) not in known}
    Inspection.objects.bulk_create(
        Inspection(
            id=key, division=one.division, held_on=one.held_on, announced_by=one.announced_by, note=one.note,
            entered_at=at, entered_by=by,
        )
        for key, one in zip(new_keys(len(fresh)), fresh.values(), strict=True)
    )  # fmt: skip
    if fresh:
        record("monitoring.inspections_entered", by=by, at=at, count=len(fresh), facts=_places(fresh))
    return len(fresh)


def _places(held: Mapping[tuple[str, date], Held]) -> dict[str, Any]:
    return {"divisions": sorted({division for division, _day in held})}


@transaction.atomic
def withdraw_inspections(inspections: Sequence[int], *, by: Any, at: datetime) -> int:
    """Take inspections (by key) back that were entered by mistake; returns how many stood."""
    rows = Inspection.objects.filter(pk__in=inspections, withdrawn_at__isnull=True)
    withdrawn = rows.update(withdrawn_at=at)
    if withdrawn:
        facts = {"on": localdate(at).isoformat()}
        record("monitoring.inspections_withdrawn", by=by, at=at, count=withdrawn, facts=facts)
    return withdrawn
