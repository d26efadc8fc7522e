"""What officers decided about people whom lists name without a usable ID number, for the lists to come.

The same office sends the same words month after month: who was decided once is not asked about again, as long as the
person is still among those who may be meant.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.core.sealing import SealedColumn
from bangfu.monitoring.line_models import LineMemory
from bangfu.people.bulk import insert_rows
from bangfu.people.named_people import Named

_PLACE, _KIND = "monitoring.linememory.cells", "line"
SEALED = (SealedColumn("monitoring.LineMemory", "sealed", _PLACE, index="mark", kind=_KIND),)
Cells = Mapping[str, str]


def recall(cells: Mapping[int, Cells], named: Named, division: str, *, found: Collection[int], on: date) -> Named:
    """Apply to the unsure lines of a list (their cells by their place in it) what was decided before of the same words
    in lists of the same place: of somebody who may still be meant, it is that person; where nobody else may be meant
    than those who were refused, it is nobody. Whoever the list `found` by number is asked about again."""
    at_mark: dict[str, list[int]] = {}
    for at, mark in zip(cells, _marks(list(cells.values())), strict=True):
        at_mark.setdefault(mark, []).append(at)
    rows = LineMemory.objects.filter(division=division, mark__in=at_mark)
    sure, unsure, served = dict(named.sure), dict(named.unsure), []
    for row in rows:
        for at in at_mark[row.mark]:
            may_be = {one.person for one in unsure[at]}
            if row.person_id in may_be and row.person_id not in found:
                sure[at] = row.person_id
            elif row.person_id is not None or not may_be <= set(row.refused):
                continue
            del unsure[at]
            served.append(row.pk)
    LineMemory.objects.filter(pk__in=served).update(served_on=on)
    return replace(named, sure=sure, unsure=unsure)


def remember(decided: Sequence[tuple[Cells, int | None, Sequence[int]]], division: str, *, on: date, by: Any) -> None:
    """Keep for lists of the place what was decided: the cells of a line, the person (by key) or None, and who it was
    refused to be. Part of the deed that decides."""
    texts = [_text(cells) for cells, _, _ in decided]
    marks = _marks([cells for cells, _, _ in decided])
    _forget(marks, division)
    fresh = {
        mark: (text, person, list(refused))
        for mark, text, (_, person, refused) in zip(marks, texts, decided, strict=True)
    }
    keys = new_keys(len(fresh))
    sealed = settings.KEYRING.seal(
        _PLACE, [(key, text) for key, (text, _, _) in zip(keys, fresh.values(), strict=True)]
    )
    rows = [
        {"id": key, "mark": mark, "sealed": hidden, "person_id": person, "refused": refused}
        for key, hidden, (mark, (_, person, refused)) in zip(keys, sealed, fresh.items(), strict=True)
    ]
    insert_rows(LineMemory, rows, {"division": division, "decided_by_id": by.pk if by else None, "served_on": on})


def forget(cells: Sequence[Cells], division: str) -> None:
    """Forget what was decided of these cells, for the decision is taken back."""
    _forget(_marks(cells), division)


def _forget(marks: Sequence[str], division: str) -> None:
    LineMemory.objects.filter(division=division, mark__in=marks).delete()


def _text(cells: Cells) -> str:
    return json.dumps({name: text.strip() for name, text in cells.items() if text.strip()}, sort_keys=True)


def _marks(cells: Sequence[Cells]) -> list[str]:
    return settings.KEYRING.blind(_KIND, map(_text, cells))


def memories_to_erase(before: date) -> QuerySet[LineMemory]:
    """Decisions that last served before the day, and those about persons who were made nobody."""
    return LineMemory.objects.filter(Q(served_on__lt=before) | Q(person__anonymised_at__isnull=False))


@transaction.atomic
def erase_memories(before: date, *, rule: str, at: datetime) -> int:
    """Erase decisions that served nobody since the day; returns how many."""
    count = memories_to_erase(before).count()
    if count:
        memories_to_erase(before).delete()
        record("monitoring.line_memories_erased", by=None, at=at, count=count, facts={"rule": rule})
    return count
