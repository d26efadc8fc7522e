"""Making the file of an export: what the list holds at one moment, in its order, whole or not at all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from bangfu.accounts.models import User
from bangfu.exports.lists import ExportList, Listed, all_lists
from bangfu.exports.masks import masked
from bangfu.exports.models import Export, FileFormat
from bangfu.exports.sealed import SealedWriter
from bangfu.exports.workbooks import Sheet, plain, write_csv, write_workbook

CHUNK_ROWS = 1000
Moved = Callable[[int], None]


@dataclass(frozen=True)
class Made:
    """A file that is whole but not yet published, how many rows it has, and the keys of the persons in it."""

    file: SealedWriter
    rows: int
    persons: Sequence[int]


class ListChanged(Exception):
    """A row left the list while the file was being written: it must be made again."""


def listed_for(export: Export, user: User, at: datetime) -> tuple[ExportList, Listed]:
    """The list of an export, and what it shows to the user at that time."""
    one = all_lists()[export.list]
    return one, one.read(user, export.parameters, at)


def write_file(export: Export, user: User, at: datetime, moved: Moved) -> Made:
    """Write the sealed file as the list stands now.

    One statement fixes which rows there are and their order, so that none is missed or doubled; the rows are then
    read in chunks by their keys. `moved` hears how many rows are done. Raises ListChanged where one of the rows is
    no longer on the list when its turn comes.
    """
    with translation.override(export.language):
        one, listed = listed_for(export, user, at)
        fields = ["pk", one.person] if one.person else ["pk"]
        found = list(listed.rows.order_by(*listed.order).values_list(*fields))
        sheet = _sheet(export, one, listed, user, at, len(found))
        rows = _rows(export, one, listed.rows, [row[0] for row in found], user, at, moved)
        with SealedWriter(export.pk) as target:
            if export.file_format == FileFormat.XLSX:
                count = write_workbook(target, sheet, rows)
            else:
                count = write_csv(target, sheet, rows, gb18030=export.file_format == FileFormat.CSV_GB)
            if count != len(found):
                raise ListChanged
    return Made(target, count, sorted({row[1] for row in found}) if one.person else [])


def _rows(
    export: Export, one: ExportList, rows: QuerySet[Any], keys: Sequence[int], user: User, at: datetime, moved: Moved
) -> Iterator[list[Any]]:
    chosen = [(code, mask, one.column(code).number) for code, mask in export.masks]
    wanted = frozenset(code for code, _mask, _number in chosen)
    for begin in range(0, len(keys), CHUNK_ROWS):
        part = keys[begin : begin + CHUNK_ROWS]
        there = rows.filter(pk__in=part)
        by_key = {row.pk: row for row in (there.values_list("pk", *one.fields, named=True) if one.fields else there)}
        if len(by_key) != len(part):
            raise ListChanged
        for cells in one.cells(user, [by_key[key] for key in part], wanted, at):
            yield [
                masked(cells[code] or "", number, mask) if number else plain(cells[code])
                for code, mask, number in chosen
            ]
        moved(begin + len(part))


def _sheet(export: Export, one: ExportList, listed: Listed, user: User, at: datetime, rows: int) -> Sheet:
    when = f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
    who = f"{user.name} ({user.username})"
    narrowed = "; ".join(f"{name}: {value}" for name, value in listed.filter) or _("none: the whole list")
    columns = [one.column(code) for code, _mask in export.masks]
    about = [
        (_("List"), str(one.title)),
        (_("Filter"), narrowed),
        (_("Rows"), number_format(rows, force_grouping=True)),
        (_("As of"), when),
        (_("Export number"), export.number),
        (_("Made for"), f"{who}, {user.office}" if user.office else who),
        (_("Recipient"), export.recipient),
        (_("Purpose"), export.purpose),
        (_("Approved by"), export.decided_by.name if export.decided_by else _("no second person was needed")),
        (_("Columns"), ", ".join(str(column.words) for column in columns)),
        (_("Handle with care"), _("Use it for this purpose only, pass it on to nobody, and erase it after.")),
    ]  # fmt: skip
    mark = " · ".join(part for part in (export.watermark, who, when, export.number) if part)
    return Sheet(str(one.title), about, [(str(column.words), column.kind) for column in columns], mark, rows)
