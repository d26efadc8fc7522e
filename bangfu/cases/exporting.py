"""The list of cases as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.cases.choices import Outcome
from bangfu.cases.listing import ORDER, lines_of, read_list
from bangfu.cases.models import Case
from bangfu.divisions.queries import names_of
from bangfu.exports.lists import DAY, MOMENT, Column, ExportList, Listed, labels_of
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


def _read(user: User, given: Mapping[str, str], _at: datetime) -> Listed:
    listing = read_list(user, given)
    states = {"open": _("Open cases"), "closed": _("Closed cases"), "": _("All")}
    words = [(_("State"), states[listing.state])]
    if listing.outcome:
        words.append((_("Outcome"), str(Outcome(listing.outcome).label)))
    if listing.backlog:
        words.append((_("Backlog"), _("yes")))
    if listing.month:
        words.append((_("Closed in"), f"{listing.month:%Y-%m}"))
    if listing.division:
        words.append((_("Place"), names_of([listing.division]).get(listing.division, listing.division)))
    return Listed(listing.rows, ORDER, words)


def _cells(_user: User, rows: Sequence[Case], wanted: frozenset[str], at: datetime) -> Iterator[Mapping[str, Any]]:
    numbers, day = numbers_of([row.person for row in rows], wanted), timezone.localdate(at)
    sexes, kinds, outcomes = labels_of(Sex), labels_of(CategoryKind), labels_of(Outcome)
    for line in lines_of(rows):
        case, standing = line.case, line.case.person.standing
        yield {
            **person_cells(case.person, day, sexes), **numbers[case.person_id], "village": line.place,
            "division": case.division, "category": kinds[standing.category], "opened_at": case.opened_at,
            "leg": line.leg if not case.outcome else "", "outcome": outcomes[case.outcome], "due_at": line.due_at,
            "closed_on": timezone.localdate(case.closed_at) if case.closed_at else None,
            "helper": case.helper.name if case.helper else "", "backlog": bool(case.backlog),
        }  # fmt: skip


CASES = ExportList(
    code="cases",
    title=gettext_lazy("Cases"),
    page="cases:list",
    parameters=("state", "outcome", "division", "backlog", "month"),
    person="person_id",
    columns=(
        NAME, SEX, AGE, ID_NUMBER, TELEPHONE, VILLAGE, DIVISION, CATEGORY,
        Column("opened_at", gettext_lazy("Opened at"), MOMENT), Column("backlog", gettext_lazy("Backlog"), shown=False),
        Column("leg", gettext_lazy("Leg")), Column("outcome", gettext_lazy("Outcome")),
        Column("due_at", gettext_lazy("Due at"), MOMENT), Column("closed_on", gettext_lazy("Closed on"), DAY),
        Column("helper", gettext_lazy("Helper")),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip
