"""The worklist as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.cases import queries
from bangfu.cases.words import leg_name
from bangfu.divisions.queries import names_of
from bangfu.exports.lists import MOMENT, Column, ExportList, Listed, labels_of
from bangfu.home.causes import cause_name
from bangfu.home.worklist_rows import ORDER, Choice, lines_of, narrow_rows, wide_rows
from bangfu.people.choices import CategoryKind, Sex
from bangfu.people.exporting import (
    AGE,
    CATEGORY,
    DIVISION,
    ID_NUMBER,
    NAME,
    SEX,
    TELEPHONE,
    VILLAGE,
    numbers_of,
    person_cells,
)
from bangfu.people.models import Standing


def _read(user: User, given: Mapping[str, str], at: datetime) -> Listed:
    choice = Choice.read(user, given)
    rows = narrow_rows(wide_rows(user, choice, at), user, choice, at)
    dues = {
        queries.OVERDUE: _("overdue"), queries.TODAY: _("Overdue and due today"), queries.WEEK: _("Due this week"),
    }  # fmt: skip
    words = [
        (_("Leg"), leg_name(choice.leg) if choice.leg else ""),
        (_("Clock"), dues.get(choice.due, "")),
        (_("Cause"), cause_name(choice.cause) if choice.cause else ""),
        (_("Place"), names_of([choice.division]).get(choice.division, "") if choice.division else ""),
        (_("Helper"), user.name if choice.mine else ""),
    ]
    return Listed(rows, ORDER, [pair for pair in words if pair[1]])


def _cells(_user: User, rows: Sequence[Standing], wanted: frozenset[str], at: datetime) -> Iterator[Mapping[str, Any]]:
    numbers, day = numbers_of([row.person for row in rows], wanted), timezone.localdate(at)
    sexes, kinds = labels_of(Sex), labels_of(CategoryKind)
    for line in lines_of(rows):
        standing, case = line.standing, line.row.case
        causes = [cause_name(cause.code) for cause in line.row.causes]
        yield {
            **person_cells(standing.person, day, sexes), **numbers[standing.person_id], "village": line.place,
            "division": standing.division, "category": kinds[standing.category], "cause": " · ".join(causes),
            "opened_at": case.opened_at, "leg": line.leg, "due_at": standing.due_at,
            "helper": case.helper.name if case.helper else "", "step": str(line.step.words) if line.step else "",
        }  # fmt: skip


WORKLIST = ExportList(
    code="worklist",
    title=gettext_lazy("Worklist"),
    page="home:worklist",
    parameters=("leg", "due", "cause", "division", "helper"),
    person="person_id",
    columns=(
        NAME, SEX, AGE, ID_NUMBER, TELEPHONE, VILLAGE, DIVISION, CATEGORY, Column("cause", gettext_lazy("Cause")),
        Column("opened_at", gettext_lazy("Opened at"), MOMENT), Column("leg", gettext_lazy("Leg")),
        Column("due_at", gettext_lazy("Due at"), MOMENT), Column("helper", gettext_lazy("Helper")),
        Column("step", gettext_lazy("Next step")),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip
