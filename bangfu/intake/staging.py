"""Staging: rows of a file, or of a selection made on a page, are checked and kept; nothing reaches the register yet."""

import hashlib
import json
import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
from django.conf import settings
from django.db import IntegrityError, transaction

from bangfu.audit.actions import record
from bangfu.core.collecting import collecting_less
from bangfu.core.keys import new_keys
from bangfu.intake import keeping
from bangfu.intake.checked import Checked, keep_inside
from bangfu.intake.failures import BadLedger
from bangfu.intake.flagged import ROW_PLACE, written_rows
from bangfu.intake.kinds import NEW, Kind, all_kinds
from bangfu.intake.mapping import choices_of, remember_choice, twice_filled
from bangfu.intake.models import ACTIVE, Batch, BatchState, FlaggedRow
from bangfu.intake.reading import Choices, Sheet, read_ledger, read_to_choose
from bangfu.intake.tables import Cell, fields_of, labels_key, text_of

Ranges = Sequence[tuple[str, str]]
_CHOOSABLE = ("columns_missing", "header_missing")


def check_file(
    kind: Kind, file_name: str, data: bytes, *, on: date, inside: Ranges | None = None, choices: Choices | None = None
) -> tuple[Sequence[Sheet], Checked]:
    """Read and judge a file without storing anything. Raises reading.BadLedger for a file that cannot be used.

    `inside` are the half-open ranges of division codes that the sender may write to; None is everywhere.
    """
    if kind.columns is None:
        raise BadLedger("wrong_type")
    sheets = read_ledger(data, file_name, kind.columns, choices=choices)
    return sheets, check_sheets(kind, sheets, on=on, inside=inside)


def check_sheets(kind: Kind, sheets: Sequence[Sheet], *, on: date, inside: Ranges | None) -> Checked:
    """Judge the rows of sheets. Rows outside `inside` are rejected; None is everywhere."""
    checked = kind.check(sheets, on)
    if inside is None:
        return checked
    return keep_inside(checked, inside, kind.standing(checked.rows) if kind.standing else None)


@collecting_less()
def stage_file(
    kind: Kind,
    file_name: str,
    data: bytes,
    *,
    on: date,
    by: Any,
    at: datetime,
    inside: Ranges | None = None,
    ask: bool = False,
) -> Batch:
    """Check a file and keep it as a staged batch; a file sent before gives the batch of that time.

    Nothing reaches the register yet. Rows whose village, or whose person, stands outside `inside` are rejected
    (`outside_area`); None is everywhere. Raises reading.BadLedger for a file that cannot be used; with `ask`, a
    file whose columns are not recognised is kept without rows until somebody chooses them (`choose_columns`).
    """
    digest = _digest(data, inside)
    before = _sent_before(kind, digest)
    if before:
        return before
    choices = choices_of(kind, getattr(by, "division", ""))
    try:
        sheets, checked = check_file(kind, file_name, data, on=on, inside=inside, choices=choices)
    except BadLedger as error:
        to_choose = read_to_choose(data, file_name, kind.columns, choices) if ask and _may_ask(kind, error) else []
        if not to_choose:
            raise
        sheets, checked = to_choose, _unchecked()
    batch = Batch(kind=kind.code, file_name=file_name[-200:], file_hash=digest, acted_on=on, by=by, created_at=at)
    try:
        return _store(batch, kind, sheets, checked)
    except IntegrityError:
        found = _sent_before(kind, digest)
        if found is None:
            raise
        return found


def _may_ask(kind: Kind, error: BadLedger) -> bool:
    return kind.columns is not None and error.code in _CHOOSABLE


def stage_rows(
    kind: Kind,
    rows: Sequence[Mapping[str, Cell]],
    *,
    name: str,
    on: date,
    by: Any,
    at: datetime,
    inside: Ranges | None = None,
) -> Batch:
    """Check rows that were chosen on a page and keep them as a staged batch; each call makes one of its own.

    A row has the kind's fields; what a row lacks is an empty cell. `name` is what the list of uploads calls the
    batch. Raises BadLedger (`no_rows`) for no rows.
    """
    if not rows:
        raise BadLedger("no_rows")
    fields = tuple(dict.fromkeys(field for row in rows for field in row))
    columns = tuple([row.get(field, "") for row in rows] for field in fields)
    sheet = Sheet(name, 0, fields, fields, columns, tuple(range(1, len(rows) + 1)))
    return _stage_anew(kind, name, [sheet], on=on, by=by, at=at, inside=inside)


def _stage_anew(
    kind: Kind, name: str, sheets: Sequence[Sheet], *, on: date, by: Any, at: datetime, inside: Ranges | None
) -> Batch:
    checked = check_sheets(kind, sheets, on=on, inside=inside)
    batch = Batch(
        kind=kind.code, file_name=name[-200:], file_hash=secrets.token_hex(32), acted_on=on, by=by, created_at=at
    )
    return _store(batch, kind, sheets, checked)


def _digest(data: bytes, inside: Ranges | None) -> str:
    """What tells a file from others: its bytes and, since rows outside are left out, the area of its sender."""
    area = "" if inside is None else json.dumps(sorted(inside))
    return hashlib.sha256(data + area.encode()).hexdigest()


def _sent_before(kind: Kind, digest: str) -> Batch | None:
    return Batch.objects.filter(kind=kind.code, file_hash=digest, state__in=ACTIVE).first()


def _unchecked() -> Checked:
    nothing = pl.DataFrame({"row": pl.Series([], dtype=pl.String)})
    return Checked(nothing, pl.Series("accepted", [], dtype=pl.Boolean), {}, {}, [])


@transaction.atomic
def _store(batch: Batch, kind: Kind, sheets: Sequence[Sheet], checked: Checked) -> Batch:
    frame = _judged(kind, checked, batch.acted_on)
    batch.division = getattr(batch.by, "division", "")
    _describe(batch, kind, sheets, checked, frame)
    batch.save(force_insert=True)
    keeping.keep_sheets(batch, sheets)
    _keep_rows(batch, sheets, checked, frame)
    _record("intake.staged", batch, by=batch.by, at=batch.created_at)
    return batch


def _record(verb: str, batch: Batch, *, by: Any, at: datetime, count: int | None = None, **facts: Any) -> None:
    record(
        verb, by=by, at=at, count=batch.rows_total if count is None else count, division=batch.division,
        facts={"batch": batch.pk, "kind": batch.kind, **facts},
    )  # fmt: skip


def _judged(kind: Kind, checked: Checked, on: date) -> pl.DataFrame:
    """The accepted rows, each with what it would do to the register."""
    frame = checked.rows.filter(checked.accepted)
    if kind.changes is None:
        return frame
    asked = kind.known if frame.height else None
    known = asked(frame) if asked else pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    states = (
        change.state
        for part in frame.filter(known).iter_slices(keeping.PART_ROWS)
        for change in kind.changes(part.to_dicts(), on)
    )
    said = [next(states) if is_known else NEW for is_known in known.to_list()]
    return frame.with_columns(pl.Series(keeping.CHANGE, said, dtype=pl.String))


def _tally(frame: pl.DataFrame) -> Counter[str]:
    return Counter(frame[keeping.CHANGE].to_list()) if keeping.CHANGE in frame.columns else Counter()


def _describe(batch: Batch, kind: Kind, sheets: Sequence[Sheet], checked: Checked, frame: pl.DataFrame) -> None:
    """Set what a batch says of its rows."""
    report = checked.report()
    batch.report, batch.tally = report, dict(_tally(frame))
    batch.rows_total, batch.rows_accepted = checked.rows.height, report["accepted"]
    batch.rows_rejected = len(report["rejected"])
    batch.rows_repeated = batch.rows_total - batch.rows_accepted - batch.rows_rejected
    batch.columns = keeping.columns_json(sheets)
    batch.lacks = _lacking(kind, sheets)


def _lacking(kind: Kind, sheets: Sequence[Sheet]) -> list[str]:
    required = kind.columns.required if kind.columns else frozenset()
    return sorted({field for sheet in sheets for field in required - set(sheet.fields)})


def _keep_rows(batch: Batch, sheets: Sequence[Sheet], checked: Checked, frame: pl.DataFrame) -> None:
    keeping.seal_parts(batch, list(frame.iter_slices(keeping.PART_ROWS)), first=1)
    names = [name for sheet in sheets for name in sheet.row_names]
    _flag(batch, sheets, checked, {name: at for at, name in enumerate(names)})


def _flag(batch: Batch, sheets: Sequence[Sheet], checked: Checked, positions: Mapping[str, int]) -> None:
    """Keep the rows that need a look, each with its place in the file."""
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
                id=key, batch=batch, position=positions[name], name=name, sealed=hidden,
                rejected=checked.rejected.get(name, []), warned=checked.warned.get(name, []),
            )
            for key, name, hidden in zip(keys, rows, sealed, strict=True)
        ],
        batch_size=500,
    )  # fmt: skip


def _staged(batch: Batch) -> Batch:
    """The batch, locked. Raises Batch.DoesNotExist when it was decided already."""
    return Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk, state=BatchState.STAGED)


@transaction.atomic
def choose_columns(
    batch: Batch,
    choices: Mapping[str, Mapping[str, str | None]],
    *,
    by: Any,
    at: datetime,
    inside: Ranges | None,
) -> Batch:
    """Say what the columns of a staged file fill, check the file again, and remember it for the office.

    `choices` by `labels_key` of a sheet's columns: field of each column key, None for "not imported". Raises
    ValueError with the fields that two columns of a sheet would fill, Batch.DoesNotExist for a decided batch.
    """
    locked = _staged(batch)
    kind = all_kinds()[locked.kind]
    if kind.columns is None:
        raise Batch.DoesNotExist
    for fields in choices.values():
        if doubled := twice_filled(fields):
            raise ValueError(*doubled)
    sheets = []
    for sheet in keeping.kept_sheets(locked):
        said = choices.get(labels_key(sheet.labels))
        if said is not None:
            remember_choice(kind, locked.division, sheet.labels, said, by=by, at=at)
        fields, is_chosen = (
            (sheet.fields, sheet.is_chosen) if said is None else fields_of(sheet.labels, kind.columns, choices)
        )
        sheets.append(replace(sheet, fields=fields, is_chosen=is_chosen))
    _check_anew(locked, kind, sheets, inside)
    _record("intake.columns_chosen", locked, by=by, at=at)
    return locked


@transaction.atomic
def check_again(batch: Batch, *, by: Any, at: datetime, inside: Ranges | None) -> Batch:
    """Check a staged file again, for the register may have changed. Raises Batch.DoesNotExist for a decided one."""
    locked = _staged(batch)
    _check_anew(locked, all_kinds()[locked.kind], keeping.kept_sheets(locked), inside)
    _record("intake.checked_again", locked, by=by, at=at)
    return locked


def _check_anew(batch: Batch, kind: Kind, sheets: Sequence[Sheet], inside: Ranges | None) -> None:
    """Judge all rows of a staged batch once more, in place of what was said of them."""
    checked = _unchecked() if _lacking(kind, sheets) else check_sheets(kind, sheets, on=batch.acted_on, inside=inside)
    frame = _judged(kind, checked, batch.acted_on)
    batch.parts.all().delete()
    batch.flagged.all().delete()
    _describe(batch, kind, sheets, checked, frame)
    batch.save()
    _keep_rows(batch, sheets, checked, frame)


@transaction.atomic
def correct_row(
    batch: Batch, name: str, cells: Mapping[str, str], *, by: Any, at: datetime, inside: Ranges | None
) -> FlaggedRow | None:
    """Correct cells of a flagged row (column key to text) and check it again, with the rows that are tied to it.

    Returns the row as it stands now, None when nothing is left to say of it. Raises Batch.DoesNotExist for a
    decided batch, FlaggedRow.DoesNotExist for a row that is not flagged, KeyError for a column that it lacks.
    """
    locked = _staged(batch)
    kind = all_kinds()[locked.kind]
    row = locked.flagged.get(name=name)
    written = written_rows([row])[0].cells
    changed = {key: (written[key], text) for key, text in cells.items() if written[key] != text}
    if not changed:
        return row
    before = keeping.kept_sheets(locked)
    keeping.note_corrections(locked, name, changed, by=by, at=at)
    after = keeping.corrected(before, {name: {key: text for key, (_, text) in changed.items()}})
    _check_tied(locked, kind, before, after, name, inside)
    _record("intake.row_corrected", locked, by=by, at=at, count=1, cells=len(changed))
    return locked.flagged.filter(name=name).first()


def _check_tied(
    batch: Batch, kind: Kind, before: Sequence[Sheet], after: Sequence[Sheet], name: str, inside: Ranges | None
) -> None:
    """Check one changed row again with the rows tied to it before and now, and say of these what is so now."""
    if not kind.related:
        _check_anew(batch, kind, after, inside)
        return
    texts = [
        text_of(cells[sheet.row_names.index(name)])
        for sheet in (*before, *after)
        if (cells := sheet.column(kind.related)) is not None and name in sheet.row_names
    ]
    tied = keeping.rows_like(after, kind.related, name, texts)
    checked = check_sheets(kind, tied, on=batch.acted_on, inside=inside)
    names = set(checked.rows["row"].to_list())
    frame = _judged(kind, checked, batch.acted_on)
    tally = Counter(batch.tally)
    tally.subtract(_take_out(batch, names))
    tally.update(_tally(frame))
    last = batch.parts.order_by("-number").first()
    if frame.height:
        keeping.seal_parts(batch, [frame], first=last.number + 1 if last else 1)
    batch.flagged.filter(name__in=names).delete()
    positions = {row: at for at, row in enumerate(row for sheet in after for row in sheet.row_names)}
    _flag(batch, tied, checked, positions)
    _count_anew(batch, names, checked, {state: count for state, count in tally.items() if count > 0})


def _take_out(batch: Batch, names: set[str]) -> Counter[str]:
    """Take rows out of the accepted ones; returns what was counted for them."""
    taken: Counter[str] = Counter()
    for part in batch.parts.order_by("number"):
        frame = keeping.open_part(part)
        is_named = frame["row"].is_in(list(names))
        if not is_named.any():
            continue
        taken.update(_tally(frame.filter(is_named)))
        part.delete()
        if not is_named.all():
            keeping.seal_parts(batch, [frame.filter(~is_named)], first=part.number)
    return taken


def _count_anew(batch: Batch, names: set[str], checked: Checked, tally: Mapping[str, int]) -> None:
    said = checked.report()
    places = dict(batch.flagged.values_list("name", "position"))
    report: dict[str, Any] = {}
    for severity, of_rows in (("rejected", said["rejected"]), ("warned", said["warned"])):
        kept = {row: codes for row, codes in batch.report[severity].items() if row not in names}
        report[severity] = dict(sorted({**kept, **of_rows}.items(), key=lambda item: places[item[0]]))
    batch.rows_accepted = sum(batch.parts.values_list("rows", flat=True))
    batch.rows_rejected = len(report["rejected"])
    batch.rows_repeated = batch.rows_total - batch.rows_accepted - batch.rows_rejected
    batch.report, batch.tally = {"accepted": batch.rows_accepted, **report}, dict(tally)
    batch.save()


def retry_failed_rows(batch: Batch, *, on: date, by: Any, at: datetime, inside: Ranges | None) -> Batch:
    """Stage the rejected rows of a decided import once more, for the register may know them now.

    A batch of its own, under the row numbers of the file. Raises BadLedger (`no_rows`) where none was rejected.
    """
    rows = list(batch.flagged.exclude(rejected=[]).order_by("position"))
    written = dict(zip((row.name for row in rows), written_rows(rows), strict=True))
    sheets = []
    for said in batch.columns:
        labels = tuple(label for label, _ in said["columns"])
        mine = {name: one.cells for name, one in written.items() if name.rpartition("!")[0] == said["sheet"]}
        if mine:
            found = Sheet(
                name=said["sheet"], header_row=said.get("header_row", 0), labels=labels,
                fields=tuple(field for _, field in said["columns"]), columns=(),
                numbers=tuple(int(name.rpartition("!")[2]) for name in mine), is_chosen=bool(said.get("chosen")),
            )  # fmt: skip
            columns: tuple[list[Cell], ...] = tuple([cells[key] for cells in mine.values()] for key in found.keys)
            sheets.append(replace(found, columns=columns))
    if not sheets:
        raise BadLedger("no_rows")
    return _stage_anew(all_kinds()[batch.kind], batch.file_name, sheets, on=on, by=by, at=at, inside=inside)
