"""Rotating the keys of sealed columns and blind indexes, over the whole register, without stopping it.

The rows themselves say what is left to do: the first byte of a sealed value names its key. So a run that was killed
goes on where it was, and running it again changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from bangfu.audit.actions import record
from bangfu.core.sealing import CannotOpen, Keyring, SealedColumn
from config.keys import KeyFile, KeysRefused, read_keys, save_keys

_BATCH = 500
Told = Callable[[str], None]


def sealed_columns() -> list[SealedColumn]:
    """All sealed columns, as the rooms named in settings.SEALED_COLUMNS declare them."""
    return [column for name in settings.SEALED_COLUMNS for column in import_string(name)]


def rotate_sealing(path: Path, cipher: str, *, at: datetime, told: Told) -> int:
    """Seal every value under a new key, or finish the rotation that was begun; returns how many values changed."""
    keys = read_keys(path)
    if not keys.rotating:
        keys = keys.with_sealing_key(cipher)
        save_keys(path, keys)
    ring, changed = keys.ring(), 0
    while True:  # what a process sealed under the old key while this ran is met by the next pass
        found = sum(_reseal(column, ring, told) for column in sealed_columns())
        changed += found
        if not found:
            break
    save_keys(path, replace(keys, rotating=False))
    record("keys.rotated", by=None, at=at, count=changed, facts={"key": keys.current})
    return changed


def _reseal(column: SealedColumn, ring: Keyring, told: Told) -> int:
    """Bring one column under the current key; returns how many values were not."""
    changed = 0
    for rows in _batches(column):
        stale = [(key, bound, value) for key, bound, value in rows if value[0] != ring.head]
        if not stale:
            continue
        fresh = ring.reseal(column.place, [(bound, value) for _, bound, value in stale])
        values = [(new, key, old) for new, (key, _, old) in zip(fresh, stale, strict=True)]
        with transaction.atomic():
            _update(column.model, column.column, values, seen=True)
        changed += len(stale)
        told(f"{column.model}.{column.column}: {changed}")
    return changed


def rotate_index(path: Path, cipher: str, *, at: datetime, told: Told) -> int:
    """Move every blind index to a new key in one transaction, or finish a move that was killed; returns how many.

    Readers go on; writers wait until it is done. The key file is switched as the last step before the commit: should
    the machine stop between the two, `index_in_use` tells which key the register has, and the next run ends the move.
    """
    keys = read_keys(path)
    used = index_in_use(keys)
    if used is None:
        raise KeysRefused("no key of the file made the blind indexes of this register")
    if keys.next_index is None and used == keys.current_index:
        keys = keys.with_index_key(cipher)
        save_keys(path, keys)
    target = keys.current_index if keys.next_index is None else keys.next_index
    changed = 0
    with transaction.atomic():
        if used != target:
            ring = keys.ring(target)
            changed = sum(_reindex(column, ring, told) for column in sealed_columns() if column.index)
        record("keys.index_rotated", by=None, at=at, count=changed, facts={"key": target})
        save_keys(path, keys.at_index(target))
    return changed


def _reindex(column: SealedColumn, ring: Keyring, told: Told) -> int:
    changed = 0
    for rows in _batches(column):
        texts = ring.open_many(column.place, [(bound, value) for _, bound, value in rows])
        values = [(new, row[0]) for new, row in zip(ring.blind(column.kind, texts), rows, strict=True)]
        _update(column.model, column.index, values)
        changed += len(rows)
        told(f"{column.model}.{column.index}: {changed}")
    return changed


def index_in_use(keys: KeyFile) -> int | None:
    """The number of the key that made the blind indexes of the register; the current one while it is empty.

    None where no key of the file did. Raises CannotOpen where the file does not open the register at all.
    """
    for column in sealed_columns():
        if not column.index:
            continue
        model = apps.get_model(column.model)
        held = model._base_manager.exclude(**{column.column: b""})  # who was made nobody by the retention rules
        row = held.order_by("-pk").values_list(column.bound, column.column, column.index).first()
        if row is None:
            continue
        bound, sealed, index = row
        text = keys.ring().open(column.place, bound, bytes(sealed))
        made = (number for number in keys.index if keys.ring(number).blind(column.kind, [text]) == [index])
        return next(made, None)
    return keys.current_index


def check_keys(keys: KeyFile) -> None:
    """Raises KeysRefused where the key file does not fit the register."""
    try:
        used = index_in_use(keys)
    except CannotOpen as error:
        raise KeysRefused("the key file does not open this register") from error
    if used is None:
        raise KeysRefused("the key file did not make the indexes of this register")
    if used != keys.current_index:
        raise KeysRefused("a move of the blind indexes was interrupted: run `bangfu keys rotate --index`")


def sealed_under() -> dict[str, Counter[int]]:
    """How many values of each column stand under which key number."""
    ring = read_keys(settings.KEY_FILE).ring()
    heads = ring.heads
    counted: dict[str, Counter[int]] = {}
    for column in sealed_columns():
        found: Counter[int] = Counter()
        for rows in _batches(column):
            found.update(heads.get(value[0], -1) for _, _, value in rows)
        counted[f"{column.model}.{column.column}"] = found
    return counted


def retire_keys(path: Path, *, at: datetime) -> list[int]:
    """Take keys out of the file that seal nothing any more; returns their numbers. Older backups need them still."""
    keys = read_keys(path)
    if keys.rotating or keys.next_index is not None:
        raise KeysRefused("a rotation is not finished: run `bangfu keys rotate` again")
    used = {number for counted in sealed_under().values() for number in counted}
    idle = set(keys.sealing) - used - {keys.current}
    record("keys.retired", by=None, at=at, count=len(idle), facts={"keys": sorted(idle)})
    save_keys(path, keys.without(idle))
    return sorted(idle)


def _batches(column: SealedColumn) -> Iterator[list[tuple[int, int, bytes]]]:
    """(key, number it is bound to, sealed value) of all rows that hold one, a batch at a time in the order of keys."""
    rows = apps.get_model(column.model)._base_manager.order_by("pk").values_list("pk", column.bound, column.column)
    last = None
    while found := list((rows if last is None else rows.filter(pk__gt=last))[:_BATCH]):
        last = found[-1][0]
        yield [(key, bound, bytes(value)) for key, bound, value in found if value]


def _update(label: str, column: str, values: list[tuple[Any, ...]], *, seen: bool = False) -> None:
    """(new value, key of row) written; with `seen`, only where the row still holds the third value."""
    quote, meta = connection.ops.quote_name, apps.get_model(label)._meta
    sql = f"UPDATE {quote(meta.db_table)} SET {quote(column)} = %s WHERE {quote(meta.pk.column)} = %s"  # noqa: S608  names of our own columns
    if seen:
        sql += f" AND {quote(column)} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
