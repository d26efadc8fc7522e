"""Who said the values that a rule looks at, and when: from the lake's columns back to the facts of the register."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from bangfu.monitoring.facts import ALL_SOURCES
from bangfu.monitoring.feed_words import kind_name
from bangfu.monitoring.models import EVERYWHERE, SOCIAL_INSURANCE
from bangfu.monitoring.queries import feeds_about
from bangfu.people import trust
from bangfu.people.facts_base import Fact, Source
from bangfu.people.groups import FACTS
from bangfu.people.models import Standing, WorkAnswer
from bangfu.rulebook.views import ViewColumn

WORK_ROUND = "work_round"
_OF_THE_FACT = re.compile(r"\bf\.(\w+)")
_TABLES = {f"people_{model._meta.model_name}": model for model in FACTS}
_SOURCES = {source.table.name: source for source in ALL_SOURCES}


_LISTS = {
    "feeds": SOCIAL_INSURANCE, "insurance_months": SOCIAL_INSURANCE, "tax_wages": "tax_wage",
    "medical_costs": "medical_expense", "employers_closed": "business_registration",
}  # fmt: skip
"""Tables of the lake that come from outside lists, and the kind of list."""
_LINES = "feed_lines"
_LISTS_OF_COLUMNS = {
    "on_death_list": "death", "died_on": "death", "roll_status": "school", "roll_left_on": "school",
    "roll_month": "school", "disability_certified": "disability", "allowance_now": "living_allowance",
    "allowance_before": "living_allowance", "on_roster": "workshop_roster",
    "registered_as": "employment_registration",
}  # fmt: skip
"""Columns of fact views over the lake's table of lines of several kinds, and the kind of list."""


def _origin_of(kind: str) -> str:
    return Source.INSURANCE.value if kind == SOCIAL_INSURANCE else kind


@dataclass(frozen=True, order=True)
class Origin:
    """A source (of `people.facts_base.Source`, "work_round", or a kind of outside list), and the day on which it said
    so."""

    source: str
    on: date

    @property
    def words(self) -> str:
        """Source and day in the reader's language."""
        if self.source == WORK_ROUND:
            name = _("Work round")
        else:
            name = str(Source(self.source).label) if self.source in Source.values else kind_name(self.source)
        return f"{name} {self.on.isoformat()}"


def origins_of(person: int, columns: Mapping[str, ViewColumn], on: date) -> dict[str, tuple[Origin, ...]]:
    """For each column of a fact view the origins of what is on file of the person for the day, each once; columns
    whose facts are not on file, or that come from no statement (cases), are left out."""
    tables = {source.partition(".")[0] for column in columns.values() for source in column.comes_from}
    rows = {table: row for table in sorted(tables) if (row := _fact(table, person, on)) is not None}
    outside = _outside(person, on, tables, columns)
    found = {}
    for name, column in columns.items():
        asked = [source.partition(".") for source in column.comes_from]
        told = [
            outside[place] if place in outside else _said(rows[table], table, inner)
            for place, table, inner in ((name if table == _LINES else table, table, inner) for table, _, inner in asked)
            if place in outside or table in rows
        ]
        if told:
            found[name] = tuple(sorted(set(told)))
    return found


def _fact(table: str, person: int, on: date) -> Fact | None:
    """The version on which the view rests: of those that hold on the day the oldest, else the one that ended last."""
    source = _SOURCES.get(table)
    model = _TABLES.get(source.rows.split()[0]) if source else None
    if model is None:
        return None
    begun = list(model.objects.known().filter(person=person, valid_from__lte=on))
    holding = [row for row in begun if row.valid_to is None or row.valid_to > on]
    if holding:
        return min(holding, key=lambda row: (row.valid_from, row.pk))
    return max(begun, key=lambda row: (row.valid_to or on, row.pk), default=None)


def _said(row: Fact, table: str, column: str) -> Origin:
    named = _OF_THE_FACT.search(_SOURCES[table].columns[column])
    source, day = trust.origin_of(row, named.group(1) if named else column)
    return Origin(source, day)


def _outside(person: int, on: date, tables: Collection[str], columns: Collection[str]) -> dict[str, Origin]:
    """Origins of what is no fact with a source of its own: extracts, answers in the work round. By table, and by
    column where a table holds lines of several kinds of list."""
    found = {}
    asked = {table: kind for table, kind in _LISTS.items() if table in tables}
    asked |= {name: kind for name, kind in _LISTS_OF_COLUMNS.items() if name in columns}
    if asked:
        home = Standing.objects.filter(person=person).values_list("division", flat=True).first()
        lists = feeds_about(home or EVERYWHERE).filter(kind__in=set(asked.values()), period__lte=on)
        last = {one.kind: one.received_on for one in lists.order_by("period")}
        found = {table: Origin(_origin_of(kind), last[kind]) for table, kind in asked.items() if kind in last}
    if "work_answers" in tables:
        answers = WorkAnswer.objects.filter(person=person, superseded_at__isnull=True, answered_on__lte=on)
        last = answers.aggregate(last=Max("answered_on"))["last"]
        if last is not None:
            found["work_answers"] = Origin(WORK_ROUND, last)
    return found
