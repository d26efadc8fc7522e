"""Which column of a file fills what: known names and synonyms, else what the office said of such a file before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bangfu.core.keys import new_key
from bangfu.intake.kinds import Kind
from bangfu.intake.models import ColumnChoice
from bangfu.intake.tables import Choices, labels_key


def choices_of(kind: Kind, division: str) -> Choices:
    """What the office of a division said of the columns of this kind of ledger."""
    rows = ColumnChoice.objects.filter(kind=kind.code, division=division)
    return {row.labels: {key: field or None for key, field in row.fields.items()} for row in rows}


def remember_choice(
    kind: Kind, division: str, labels: Sequence[str], fields: Mapping[str, str | None], *, by: Any, at: datetime
) -> None:
    """Remember what the columns of a file with these names fill, for the next one; part of a deed."""
    ColumnChoice.objects.update_or_create(
        division=division, kind=kind.code, labels=labels_key(labels),
        defaults={"fields": {key: field or "" for key, field in fields.items()}, "by": by, "at": at},
        create_defaults={
            "id": new_key(), "fields": {key: field or "" for key, field in fields.items()}, "by": by, "at": at,
        },
    )  # fmt: skip


def twice_filled(fields: Mapping[str, str | None]) -> list[str]:
    """The fields that more than one column would fill."""
    said = [field for field in fields.values() if field]
    return sorted({field for field in said if said.count(field) > 1})
