"""Reading differences between sources: the list, and each one side by side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.people import identity, trust
from bangfu.people.choices import DifferenceState
from bangfu.people.differences import kind_text, proposed_values
from bangfu.people.fact_words import FactWords, column_name, group_name, said_columns
from bangfu.people.facts_base import Fact, Source
from bangfu.people.groups import group_named
from bangfu.people.models import Contact, Difference, Job

OPEN, DECIDED = "open", "decided"


@dataclass(frozen=True)
class Cell:
    """One column in dispute: what stands on file with who said it when, and what was said otherwise."""

    name: str
    held: str
    held_source: str
    held_on: date | None
    proposed: str


@dataclass(frozen=True)
class Side:
    """One difference side by side; `cells` is empty where the version on file is gone meanwhile."""

    row: Difference
    village: str
    group: str
    about: str
    cells: Sequence[Cell]


def in_state(rows: QuerySet[Difference], state: str, group: str) -> QuerySet[Difference]:
    """Differences that are open, or decided; of one group of facts or ("") of all."""
    rows = rows.filter(state=DifferenceState.OPEN) if state == OPEN else rows.exclude(state=DifferenceState.OPEN)
    if group:
        rows = rows.filter(group=group)
    return rows.select_related("person__standing", "decided_by")


def side_by_side(rows: Sequence[Difference], hidden: Collection[str] = ()) -> list[Side]:
    """The rows of a page; the number of queries depends on the kinds of facts on it, not on the rows. Of what is
    `hidden` (facts_shown.hidden_from) only the name of the column is told."""
    held = _held(rows)
    proposals = [proposed_values(group_named(row.group), row) for row in rows]
    values = [pair for proposal in proposals for pair in proposal.items()]
    values += [(name, getattr(fact, name)) for fact in held.values() for name in _columns(fact)]
    words = FactWords(values)
    villages = full_names_of([row.person.standing.division for row in rows if _stands(row)], above=COUNTY)
    sides = []
    for row, proposal in zip(rows, proposals, strict=True):
        fact = held.get((row.group, row.person_id, row.kind))
        village = villages.get(row.person.standing.division, "") if _stands(row) else ""
        cells = _cells(fact, proposal, words, hidden) if fact is not None else []
        sides.append(Side(row, village, group_name(row.group), _about(fact), cells))
    return sides


def _stands(row: Difference) -> bool:
    return hasattr(row.person, "standing")


def _held(rows: Sequence[Difference]) -> dict[tuple[str, int, str], Fact]:
    """The believed version that each difference is about."""
    found: dict[tuple[str, int, str], Fact] = {}
    for group in dict.fromkeys(row.group for row in rows):
        model = group_named(group)
        persons = {row.person_id for row in rows if row.group == group}
        versions = model.objects.known() if model is Job else model.objects.open()
        for fact in versions.filter(person__in=persons):
            found[group, fact.person_id, kind_text(fact)] = fact
    return found


def _columns(fact: Fact) -> list[str]:
    return [field.attname for field in fact._meta.concrete_fields]


def _about(fact: Fact | None) -> str:
    """Which of several a difference is about: the job, by its employer and first day."""
    if isinstance(fact, Job):
        return f"{fact.employer or fact.occupation} {fact.valid_from}".strip()
    return ""


def _cells(fact: Fact, proposal: dict[str, Any], words: FactWords, hidden: Collection[str]) -> list[Cell]:
    model = type(fact)
    cells = []
    for name in said_columns(model, proposal):
        source, on = trust.origin_of(fact, name)
        group = str(model._meta.model_name)
        if group in hidden or f"{group}.{name}" in hidden:
            held = said = "••••"
        elif isinstance(fact, Contact):
            held, said = _phones(fact, proposal)
        else:
            held, said = words.say(model, name, getattr(fact, name)), words.say(model, name, proposal[name])
        cells.append(Cell(column_name(name), held, str(Source(source).label), on, said))
    return cells


def _phones(fact: Contact, proposal: dict[str, Any]) -> tuple[str, str]:
    other = Contact(person_id=fact.person_id, phone_sealed=proposal["phone_sealed"])
    return identity.masked_phone(identity.phone_number(fact)), identity.masked_phone(identity.phone_number(other))
