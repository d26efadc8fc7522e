"""Deciding about a staged upload: applying it part by part, giving it up, taking it back."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.collecting import collecting_less
from bangfu.intake import keeping
from bangfu.intake.flagged import Written, written_rows
from bangfu.intake.kinds import Applying, Kind, all_kinds
from bangfu.intake.models import ACTIVE, Batch, BatchState, FlaggedRow, Part

KEEP_DAYS = 30
"""A file that nobody decides about is given up after so many days."""


@transaction.atomic
def begin_batch(batch: Batch, *, by: Any, at: datetime) -> None:
    """Decide to import a staged batch: from now on it can be undone, but not given up.

    Raises Batch.DoesNotExist when it was decided already.
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk, state=BatchState.STAGED)
    locked.state = BatchState.APPLYING
    locked.save(update_fields=["state"])
    record(
        "intake.begun", by=by, at=at, count=locked.rows_accepted, division=locked.division, facts={"batch": locked.pk}
    )


@transaction.atomic
def hand_out_failed_rows(batch: Batch, *, by: Any, at: datetime) -> list[tuple[FlaggedRow, Written]]:
    """The rejected rows with their whole cells, for a download that is recorded."""
    rows = list(batch.flagged.exclude(rejected=[]).order_by("position"))
    record("intake.failed_rows_sent", by=by, at=at, count=len(rows), division=batch.division, facts={"batch": batch.pk})
    return list(zip(rows, written_rows(rows), strict=True))


@collecting_less()
def apply_batch(batch: Batch, *, at: datetime) -> Batch:
    """Bring the accepted rows into the register, a part in each transaction; goes on where it was killed.

    Safe to run twice: a part is applied once. Raises ValueError for a batch that was given up or undone.
    """
    kind = all_kinds()[batch.kind]
    if batch.state not in ACTIVE:
        raise ValueError(batch.state)
    for number in batch.parts.filter(applied_at__isnull=True).order_by("number").values_list("number", flat=True):
        _apply_part(kind, batch.pk, number, at=at)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in ACTIVE:
            raise ValueError(batch.state)
        if batch.state != BatchState.DONE:
            if kind.finish:
                kind.finish(Applying(batch.pk, batch.acted_on, batch.by, at, batch.file_name))
            batch.state, batch.finished_at = BatchState.DONE, at
            batch.save(update_fields=["state", "finished_at"])
            keeping.forget_sheets(batch)
            record(
                "intake.applied", by=batch.by, at=at, count=batch.rows_applied, division=batch.division,
                facts={"batch": batch.pk},
            )  # fmt: skip
    return batch


def follow_up(batch: Batch, *, at: datetime) -> None:
    """Derive what rests on the facts of a batch that is in or was taken back; the night does it too."""
    follow = all_kinds()[batch.kind].follow
    if follow:
        follow(batch.pk, at)


@transaction.atomic
def _apply_part(kind: Kind, batch_key: int, number: int, *, at: datetime) -> None:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch_key)
    if batch.state not in ACTIVE:
        raise ValueError(batch.state)
    part = Part.objects.get(batch=batch, number=number)
    if part.applied_at:
        return
    rows = keeping.open_part(part).drop(keeping.CHANGE, strict=False)
    kind.apply(rows.to_dicts(), Applying(batch.pk, batch.acted_on, batch.by, at))
    part.applied_at, part.sealed = at, b""
    part.save(update_fields=["applied_at", "sealed"])
    batch.rows_applied += part.rows
    batch.state = BatchState.APPLYING
    batch.save(update_fields=["rows_applied", "state"])


@transaction.atomic
def drop_batch(batch: Batch, *, by: Any, at: datetime) -> None:
    """Give a staged batch up: its rows are erased, its line in the list stays."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk, state=BatchState.STAGED)
    keeping.forget_sheets(locked)
    locked.parts.all().delete()
    locked.flagged.all().delete()
    locked.state, locked.finished_at = BatchState.DROPPED, at
    locked.save(update_fields=["state", "finished_at"])
    record(
        "intake.dropped", by=by, at=at, count=locked.rows_total, division=locked.division, facts={"batch": locked.pk}
    )


@transaction.atomic
def undo_batch(batch: Batch, *, by: Any, at: datetime) -> dict[str, int]:
    """Take an import back, whole or half applied; what newer facts rest on stays. Returns what stayed, by reason."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk, state__in=(BatchState.APPLYING, BatchState.DONE))
    left = all_kinds()[locked.kind].undo(Applying(locked.pk, locked.acted_on, by, at))
    locked.parts.filter(applied_at__isnull=True).delete()
    keeping.forget_sheets(locked)
    locked.state, locked.finished_at = BatchState.UNDONE, at
    locked.save(update_fields=["state", "finished_at"])
    record(
        "intake.undone", by=by, at=at, count=locked.rows_applied, division=locked.division,
        facts={"batch": locked.pk, "left": left},
    )  # fmt: skip
    return left


def drop_old_batches(*, at: datetime) -> int:
    """Give up what nobody decided about for KEEP_DAYS; returns how many."""
    old = list(Batch.objects.filter(state=BatchState.STAGED, created_at__lt=at - timedelta(days=KEEP_DAYS)))
    for batch in old:
        with suppress(Batch.DoesNotExist):  # decided meanwhile
            drop_batch(batch, by=None, at=at)
    return len(old)
