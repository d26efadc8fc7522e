"""Staging a file, applying it part by part, giving it up, taking it back."""

import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.conf import settings
from django.db import IntegrityError, transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.core.sealing import SealedColumn
from bangfu.intake.checked import Checked, keep_inside
from bangfu.intake.flagged import ROW_PLACE, Written, written_rows
from bangfu.intake.kinds import Applying, Kind, all_kinds
from bangfu.intake.models import ACTIVE, Batch, BatchState, FlaggedRow, Part
from bangfu.intake.reading import Sheet

PART_ROWS = 1000
_PART_PLACE = "intake.part.rows"
SEALED = (
    SealedColumn("intake.Part", "sealed", _PART_PLACE),
    SealedColumn("intake.FlaggedRow", "sealed", ROW_PLACE),
)
Ranges = Sequence[tuple[str, str]]


def check_file(
    kind: Kind, file_name: str, data: bytes, *, on: date, inside: Ranges | None = None
) -> tuple[Sequence[Sheet], Checked]:
    """Read and judge a file without storing anything. Raises reading.BadLedger for a file that cannot be used.

    `inside` are the half-open ranges of division codes that the sender may write to; None is everywhere.
    """
    sheets = kind.read(data, file_name)
    checked = kind.check(sheets, on)
    if inside is None:
        return sheets, checked
    return sheets, keep_inside(checked, inside, kind.standing(checked.rows) if kind.standing else None)


def stage_file(
    kind: Kind, file_name: str, data: bytes, *, on: date, by: Any, at: datetime, inside: Ranges | None = None
) -> Batch:
    """Check a file and keep it as a staged batch; a file sent before gives the batch of that time.

    Nothing reaches the register yet. Rows whose village, or whose person, stands outside `inside` are rejected
    (`outside_area`); None is everywhere. Raises reading.BadLedger for a file that cannot be used.
    """
    digest = _digest(data, inside)
    before = _sent_before(kind, digest)
    if before:
        return before
    sheets, checked = check_file(kind, file_name, data, on=on, inside=inside)
    try:
        return _store(kind, file_name, digest, sheets, checked, on=on, by=by, at=at)
    except IntegrityError:
        batch = _sent_before(kind, digest)
        if batch is None:
            raise
        return batch


def _digest(data: bytes, inside: Ranges | None) -> str:
    """What tells a file from others: its bytes and, since rows outside are left out, the area of its sender."""
    area = "" if inside is None else json.dumps(sorted(inside))
    return hashlib.sha256(data + area.encode()).hexdigest()


def _sent_before(kind: Kind, digest: str) -> Batch | None:
    return Batch.objects.filter(kind=kind.code, file_hash=digest, state__in=ACTIVE).first()


@transaction.atomic
def _store(
    kind: Kind, file_name: str, digest: str, sheets: Sequence[Sheet], checked: Checked, *, on: date, by: Any,
    at: datetime,
) -> Batch:  # fmt: skip
    report = checked.report()
    batch = Batch(
        kind=kind.code, file_name=file_name[-200:], file_hash=digest, acted_on=on, by=by, created_at=at,
        division=getattr(by, "division", ""), rows_total=checked.rows.height, rows_accepted=report["accepted"],
        rows_rejected=len(report["rejected"]),
        rows_repeated=checked.rows.height - report["accepted"] - len(report["rejected"]),
        report=report,
        columns=[
            {"sheet": sheet.name, "columns": [list(pair) for pair in zip(sheet.labels, sheet.fields, strict=True)]}
            for sheet in sheets
        ],
    )  # fmt: skip
    batch.save(force_insert=True)
    accepted = checked.rows.filter(checked.accepted)
    _store_parts(batch, accepted.iter_slices(PART_ROWS))
    _store_flagged(batch, sheets, checked)
    record(
        "intake.staged", by=by, at=at, count=batch.rows_total, division=batch.division,
        facts={"batch": batch.pk, "kind": kind.code},
    )  # fmt: skip
    return batch


def _store_parts(batch: Batch, slices: Iterable[pl.DataFrame]) -> None:
    frames = list(slices)
    keys = new_keys(len(frames))
    sealed = settings.KEYRING.seal_bytes(
        _PART_PLACE, ((key, _packed(frame)) for key, frame in zip(keys, frames, strict=True))
    )
    Part.objects.bulk_create(
        Part(id=key, batch=batch, number=number, rows=frame.height, sealed=hidden)
        for number, (key, frame, hidden) in enumerate(zip(keys, frames, sealed, strict=True), start=1)
    )


def _packed(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def _store_flagged(batch: Batch, sheets: Sequence[Sheet], checked: Checked) -> None:
    names = checked.rejected.keys() | checked.warned.keys()
    faults: dict[str, list[dict[str, str]]] = defaultdict(list)
    for finding in checked.findings:
        faults[finding.row].append(
            {"code": finding.code, "column": finding.column, "hint": str(finding.parameters.get("fix", ""))}
        )
    rows = {name: cells for sheet in sheets for name, cells in sheet.raw_rows(names)}
    keys = new_keys(len(rows))
    texts = (
        (key, json.dumps({"cells": cells, "faults": faults[name]}, ensure_ascii=False))
        for key, (name, cells) in zip(keys, rows.items(), strict=True)
    )
    sealed = settings.KEYRING.seal(ROW_PLACE, texts)
    FlaggedRow.objects.bulk_create(
        [
            FlaggedRow(
                id=key, batch=batch, position=position, name=name, sealed=hidden,
                rejected=checked.rejected.get(name, []), warned=checked.warned.get(name, []),
            )
            for position, (key, name, hidden) in enumerate(zip(keys, rows, sealed, strict=True))
        ],
        batch_size=500,
    )  # fmt: skip


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


def apply_batch(batch: Batch, *, at: datetime) -> Batch:
    """Bring the accepted rows into the register, a thousand in each transaction; goes on where it was killed.

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
            batch.state, batch.finished_at = BatchState.DONE, at
            batch.save(update_fields=["state", "finished_at"])
            record(
                "intake.applied", by=batch.by, at=at, count=batch.rows_applied, division=batch.division,
                facts={"batch": batch.pk},
            )  # fmt: skip
    return batch


@transaction.atomic
def _apply_part(kind: Kind, batch_key: int, number: int, *, at: datetime) -> None:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("by").get(pk=batch_key)
    if batch.state not in ACTIVE:
        raise ValueError(batch.state)
    part = Part.objects.get(batch=batch, number=number)
    if part.applied_at:
        return
    packed = settings.KEYRING.open_bytes(_PART_PLACE, [(part.pk, part.sealed)])[0]
    rows = pl.read_ipc(io.BytesIO(packed)).to_dicts()
    kind.apply(rows, Applying(batch.pk, batch.acted_on, batch.by, at))
    part.applied_at, part.sealed = at, b""
    part.save(update_fields=["applied_at", "sealed"])
    batch.rows_applied += part.rows
    batch.state = BatchState.APPLYING
    batch.save(update_fields=["rows_applied", "state"])


@transaction.atomic
def drop_batch(batch: Batch, *, by: Any, at: datetime) -> None:
    """Give a staged batch up: its rows are erased, its line in the list stays."""
    locked = Batch.objects.select_for_update().get(pk=batch.pk, state=BatchState.STAGED)
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
    locked.state, locked.finished_at = BatchState.UNDONE, at
    locked.save(update_fields=["state", "finished_at"])
    record(
        "intake.undone", by=by, at=at, count=locked.rows_applied, division=locked.division,
        facts={"batch": locked.pk, "left": left},
    )  # fmt: skip
    return left
