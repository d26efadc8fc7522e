"""Asking for a list as a file, deciding, making, fetching and erasing it; keeping templates of recipients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.db.models.functions import Now

from bangfu.accounts.models import User
from bangfu.audit.actions import record
from bangfu.core.collecting import collecting_less
from bangfu.exports.access import area_of, may_export_area
from bangfu.exports.lists import all_lists
from bangfu.exports.making import ListChanged, Made, write_file
from bangfu.exports.masks import WHOLE
from bangfu.exports.models import READY, Export, ExportState, FileFormat, Template
from bangfu.exports.sealed import erase, file_of, opened
from bangfu.exports.workbooks import MOST_ROWS

NUMBERS, MANY, MANY_TODAY, RECIPIENT = "numbers", "many", "many_today", "recipient"  # why a second person is needed
CHANGED, DUTY, FAILED = "changed", "duty", "failed"  # why a file could not be made
_TRIES = 3
_DAY = timedelta(hours=24)


class NotAllowedNow(Exception):
    """The export stands elsewhere meanwhile: decided, erased, or its file is not there."""


class TooManyRows(Exception):
    """More rows than a sheet of a workbook holds."""


@dataclass(frozen=True)
class Asking:
    """What is asked for: `columns` as (code, mask) in their order; `client_key` makes a repeated sending harmless."""

    list: str
    parameters: Mapping[str, str]
    columns: Sequence[tuple[str, str]]
    purpose: str
    recipient: str
    client_key: str
    language: str
    file_format: str = FileFormat.XLSX
    template: Template | None = None


def ask_export(asking: Asking, *, by: User, at: datetime) -> Export:
    """Ask for a file; sent again with the same key it gives the export of that time.

    It is approved at once where no second person is needed. Raises PermissionDenied where a part of the user's area
    rests on a duty that does not export, TooManyRows for a workbook that cannot hold the list.
    """
    if not may_export_area(by, area_of(by)):
        raise PermissionDenied
    before = Export.objects.filter(client_key=asking.client_key, by=by).first()
    if before:
        return before
    try:
        return _ask(asking, by=by, at=at)
    except IntegrityError:
        return Export.objects.get(client_key=asking.client_key, by=by)


@transaction.atomic
def _ask(asking: Asking, *, by: User, at: datetime) -> Export:
    one = all_lists()[asking.list]
    parameters = one.chosen(asking.parameters)
    listed = one.read(by, parameters, at)
    rows = listed.rows.count()
    persons = listed.rows.order_by().values(one.person).distinct().count() if one.person else 0
    if asking.file_format == FileFormat.XLSX and rows > MOST_ROWS:
        raise TooManyRows
    User.objects.select_for_update().get(pk=by.pk)  # two small files at once count together
    needs = _needs(asking, persons, by, at)
    state = ExportState.ASKED if needs else ExportState.APPROVED
    export = Export(
        client_key=asking.client_key, list=one.code, parameters=parameters,
        filter_words=[list(pair) for pair in listed.filter],
        columns=[list(pair) for pair in asking.columns], recipient=asking.recipient, purpose=asking.purpose,
        watermark=asking.template.watermark if asking.template else "", file_format=asking.file_format,
        language=asking.language, division=by.division, area=area_of(by), needs=needs, by=by, asked_at=at,
        rows_asked=rows, persons_asked=persons, state=state, moved_at=at,
    )  # fmt: skip
    export.save(force_insert=True)
    _record("export.asked", export, by=by, at=at, count=rows)
    return export


def _needs(asking: Asking, persons: int, by: User, at: datetime) -> list[str]:
    """Why a second person must approve: whole numbers, many persons in one file or in a day's files, the recipient."""
    limit = settings.EXPORT_ALONE_PERSONS
    alone = Export.objects.filter(by=by, needs=[], asked_at__gt=at - _DAY).aggregate(n=Sum("persons_asked"))["n"] or 0
    reasons = {
        NUMBERS: any(mask == WHOLE for _code, mask in asking.columns),
        MANY: persons > limit,
        MANY_TODAY: 0 < persons <= limit < alone + persons,
        RECIPIENT: asking.template is not None and asking.template.needs_second,
    }
    return [code for code, holds in reasons.items() if holds]


@transaction.atomic
def decide_export(export: Export, *, approve: bool, reason: str, by: User, at: datetime) -> Export:
    """A second person approves or refuses. Raises PermissionDenied for the asker or somebody without the area,
    NotAllowedNow when it was decided already, ValueError without a reason."""
    locked = Export.objects.select_for_update().get(pk=export.pk)
    if by.pk == locked.by_id or not may_export_area(by, locked.area):
        raise PermissionDenied
    if locked.state != ExportState.ASKED:
        raise NotAllowedNow
    if not reason.strip():
        raise ValueError("reason")
    locked.state = ExportState.APPROVED if approve else ExportState.REFUSED
    locked.decided_by, locked.decided_at, locked.decision_reason, locked.moved_at = by, at, reason.strip(), at
    locked.save(update_fields=["state", "decided_by", "decided_at", "decision_reason", "moved_at"])
    verb = "export.approved" if approve else "export.refused"
    _record(verb, locked, by=by, at=at, count=locked.rows_asked)
    return locked


@collecting_less(after=10_000)  # rows and their persons refer to each other: some megabytes wait to be collected
def make_export(key: int, *, at: datetime) -> Export:
    """Make the file of an approved export, from the beginning; one that is made already stays as it is.

    Safe to run twice and to be killed: the file appears whole or not at all. What keeps it from being made is kept
    as `trouble`, so that the page can say it.
    """
    export = Export.objects.select_related("by", "decided_by").get(pk=key)
    if export.state != ExportState.APPROVED:
        return export
    user: Any = export.by
    if not user.is_active or area_of(user) != export.area or not may_export_area(user, export.area):
        return _stop(export, DUTY, at=at)
    for _try in range(_TRIES):
        try:
            made = write_file(export, user, at, lambda done: _move(key, done))
        except ListChanged:
            continue
        except ValueError:
            return _stop(export, FAILED, at=at)
        return _finish(export, made, at=at)
    return _stop(export, CHANGED, at=at)


def _move(key: int, done: int) -> None:
    """Progress is no deed: it is not audited, bears the database's own time, and losing it does no harm."""
    Export.objects.filter(pk=key, state=ExportState.APPROVED).update(rows_done=done, moved_at=Now(), trouble="")


def _stop(export: Export, trouble: str, *, at: datetime) -> Export:
    Export.objects.filter(pk=export.pk, state=ExportState.APPROVED).update(trouble=trouble, moved_at=at)
    export.refresh_from_db()
    return export


@transaction.atomic
def _finish(export: Export, made: Made, *, at: datetime) -> Export:
    locked = Export.objects.select_for_update().get(pk=export.pk)
    if locked.state != ExportState.APPROVED:  # another worker was quicker
        made.file.drop()
        return locked
    made.file.publish()
    locked.state, locked.rows_made, locked.rows_done = ExportState.MADE, made.rows, made.rows
    locked.file_bytes = made.file.bytes_written
    locked.made_at, locked.moved_at, locked.trouble = at, at, ""
    locked.ends_at = at + timedelta(days=settings.EXPORT_KEPT_DAYS)
    locked.save()
    _record("export.made", locked, by=export.by, at=at, count=made.rows, persons=made.persons)
    return locked


@transaction.atomic
def fetch_export(export: Export, *, by: User, at: datetime) -> Export:
    """Hand the file to its asker; every download is recorded, and the file stays the same.

    Raises NotAllowedNow without a file, PermissionDenied for anybody else, or when the area is no longer the asker's.
    """
    locked = Export.objects.select_for_update().get(pk=export.pk)
    if by.pk != locked.by_id or not may_export_area(by, locked.area):
        raise PermissionDenied
    over = locked.ends_at is not None and locked.ends_at <= at
    if locked.state not in READY or over or not file_of(locked.pk).exists():
        raise NotAllowedNow
    if locked.state == ExportState.MADE:
        locked.state, locked.fetched_at = ExportState.FETCHED, at
        locked.save(update_fields=["state", "fetched_at"])
    _record("export.fetched", locked, by=by, at=at, count=locked.rows_made or 0)
    return locked


def file_pieces(export: Export) -> Any:
    """The bytes of a file that was handed out, piece by piece."""
    return opened(export.pk)


@transaction.atomic
def erase_ended(*, at: datetime) -> int:
    """Erase files whose days are over, and give up what nobody decided in that time; returns how many."""
    kept = timedelta(days=settings.EXPORT_KEPT_DAYS)
    ended = Export.objects.select_for_update().filter(state__in=READY, ends_at__lte=at)
    forgotten = Export.objects.select_for_update().filter(state=ExportState.ASKED, asked_at__lte=at - kept)
    rows = [*ended, *forgotten]
    for export in rows:
        erase(export.pk)
        export.state = ExportState.EXPIRED
        _record("export.erased", export, by=None, at=at, count=export.rows_made or 0)
    Export.objects.bulk_update(rows, ["state"])
    return len(rows)


def _record(
    verb: str, export: Export, *, by: User | None, at: datetime, count: int, persons: Sequence[int] = ()
) -> None:
    record(
        verb, by=by, at=at, count=count, persons=persons, division=export.division,
        facts={
            "export": export.pk, "list": export.list, "columns": export.columns, "format": export.file_format,
            "needs": export.needs,
        },
    )  # fmt: skip


@transaction.atomic
def save_template(template: Template, *, by: User, at: datetime) -> Template:
    """Keep what a recipient gets; a change ends the old template and begins a new one, so that no file loses its own.

    Raises IntegrityError where the office has another template of this list for the recipient.
    """
    if not template._state.adding:
        Template.objects.filter(pk=template.pk, ended_at__isnull=True).update(ended_at=at)
        template = _copy(template)
    template.by, template.changed_at = by, at
    template.save(force_insert=True)
    _record_template("export.template_saved", template, by=by, at=at)
    return template


def _copy(template: Template) -> Template:
    fields = ("division", "recipient", "list", "columns", "needs_second", "watermark")
    return Template(**{name: getattr(template, name) for name in fields})


@transaction.atomic
def end_template(template: Template, *, by: User, at: datetime) -> bool:
    """Take a template out of use; False for one that was out of use already."""
    changed = Template.objects.filter(pk=template.pk, ended_at__isnull=True).update(ended_at=at)
    if changed:
        _record_template("export.template_ended", template, by=by, at=at)
    return bool(changed)


def _record_template(verb: str, template: Template, *, by: User, at: datetime) -> None:
    facts = {"template": template.pk, "list": template.list, "columns": template.columns}
    record(verb, by=by, at=at, count=1, division=template.division, facts=facts)


@transaction.atomic
def take_up_left(*, at: datetime, still: timedelta) -> list[int]:
    """The keys of approved exports on which nothing has moved for so long: their worker was killed. Each is given
    out once in that time, to be made again from the start."""
    rows = Export.objects.select_for_update().filter(state=ExportState.APPROVED, trouble="", moved_at__lte=at - still)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    Export.objects.filter(pk__in=keys).update(moved_at=at)
    return keys


@transaction.atomic
def begin_again(export: Export, *, by: User, at: datetime) -> bool:
    """Let an export that could not be made, or whose worker was killed, be made once more; False for any other."""
    changed = Export.objects.filter(pk=export.pk, by=by, state=ExportState.APPROVED).update(
        trouble="", rows_done=0, moved_at=at
    )
    if changed:
        _record("export.begun_again", export, by=by, at=at, count=export.rows_asked)
    return bool(changed)
