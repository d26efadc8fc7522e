"""Zero-employment families as a file; households are named by their numbers, nobody by name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.exports.lists import DAY, Column, ExportList, Listed
from bangfu.monitoring import family_lines as lines
from bangfu.monitoring.models import ZeroFamily
from bangfu.people.exporting import DIVISION, PLACES, VILLAGE, area_words


def _read(user: User, given: Mapping[str, str], at: datetime) -> Listed:
    choice = lines.read_choice(user, given)
    rows = lines.chosen_families(user, choice, timezone.localdate(at))
    return Listed(rows, lines.ORDER, [(_("State"), str(lines.STATES[choice.state])), *area_words(choice.area)])


def _cells(
    user: User, rows: Sequence[ZeroFamily], _wanted: frozenset[str], at: datetime
) -> Iterator[Mapping[str, Any]]:
    for line in lines.family_lines(user, rows, timezone.localdate(at)):
        row = line.family
        yield {
            "household": row.household.number, "village": line.place, "division": row.division, "state": line.state,
            "recognised_on": row.recognised_on, "due_on": row.due_on, "cleared_on": row.cleared_on, "way": line.way,
            "has_case": line.case is not None,
        }  # fmt: skip


ZERO_FAMILIES = ExportList(
    code="zero_families",
    title=gettext_lazy("Zero-employment families"),
    page="monitoring:zero-families",
    parameters=(*PLACES, "state"),
    columns=(
        Column("household", gettext_lazy("Household")), VILLAGE, DIVISION, Column("state", gettext_lazy("State")),
        Column("recognised_on", gettext_lazy("Recognised on"), DAY),
        Column("due_on", gettext_lazy("To be cleared by"), DAY), Column("cleared_on", gettext_lazy("Cleared"), DAY),
        Column("way", gettext_lazy("How it was cleared")), Column("has_case", gettext_lazy("Case")),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip
