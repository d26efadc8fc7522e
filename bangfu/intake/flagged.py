"""Flagged rows as the file had them: opening what is sealed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

from bangfu.intake.models import FlaggedRow

ROW_PLACE = "intake.flaggedrow.cells"


@dataclass(frozen=True)
class Written:
    """A flagged row: `cells` label to text; `faults` are its findings, `column` being the label of the faulty
    cell ("" for the whole row) and `hint` what the check would offer instead ("" for nothing)."""

    cells: dict[str, str]
    faults: list[dict[str, str]] = field(default_factory=list)


def written_rows(rows: Sequence[FlaggedRow]) -> list[Written]:
    """The cells of flagged rows as the file had them, each with its faults."""
    texts = settings.KEYRING.open_many(ROW_PLACE, [(row.pk, row.sealed) for row in rows])
    return [Written(**json.loads(text)) for text in texts]
