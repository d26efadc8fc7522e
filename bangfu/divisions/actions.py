"""Loading the tree of divisions."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction

from bangfu.divisions.models import Alias, Division

Row = tuple[str, str, int]


@transaction.atomic
def load_divisions(rows: Iterable[Row], aliases: Iterable[tuple[str, str]], *, valid_from: date) -> int:
    """Load (code, name, level) rows and (alias, code) pairs; returns how many codes are new.

    Known codes keep their row and take the new name; codes that are missing from `rows` are left alone, for a
    partial list must never retire a village. Safe to run again.
    """
    incoming = list(rows)
    known = dict(Division.objects.values_list("code", "name"))
    fresh = [row for row in incoming if row[0] not in known]
    _insert(fresh, valid_from)
    renamed = [row for row in incoming if known.get(row[0], row[1]) != row[1]]
    for code, name, _level in renamed:
        Division.objects.filter(pk=code).update(name=name)
    codes = {row[0] for row in incoming} | set(known)
    Alias.objects.bulk_create(
        (Alias(name=name, division_id=code) for name, code in aliases if code in codes), ignore_conflicts=True
    )
    return len(fresh)


def _insert(rows: Sequence[Row], valid_from: date) -> None:
    # Six hundred thousand rows: too many for a model object each.
    sql = "INSERT INTO divisions_division (code, name, level, valid_from, successor) VALUES (%s, %s, %s, %s, '')"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 20_000):
            part = rows[start : start + 20_000]
            cursor.executemany(sql, [(code, name, level, valid_from) for code, name, level in part])
