"""What accepted rows of a ledger would change on the register, in words, for the preview of an import."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PREFECTURE
from bangfu.intake.kinds import CellChange, RowChange, Rows, Who
from bangfu.people import choices
from bangfu.people.checking.jobs import WorkForm
from bangfu.people.checking.roster import COMPARED as ROSTER_FIELDS
from bangfu.people.identity import masked_id, masked_phone
from bangfu.people.models import Person, Standing
from bangfu.people.register_lookup import RegisterLookup

_CHOICES: Mapping[str, type[TextChoices]] = {
    "education": choices.Education,
    "health": choices.Health,
    "labour_capacity": choices.LabourCapacity,
    "category": choices.CategoryKind,
    "certificate": choices.CertificateKind,
    "level": choices.SkillLevel,
}
_PLACES = ("division", "place", "wished_place")
_SOURCES = {"division": "village", "place": "work_county", "wished_place": "plan_county"}
"""The column of the ledger that a mended value is read from."""
_UNSAID = {"identified_on", "identified_precision", "start_precision", "age"}
"""Values that are compared to find repeats, but that no one would call a change."""
Cells = list[tuple[str, Any, Any]]


def roster_changes(rows: Rows, on: date) -> list[RowChange]:
    """Whom each roster row fits, and what it would change."""
    lookup = RegisterLookup()
    numbers = sorted({row["id_number"] for row in rows})
    keys = lookup.keys_of(numbers)
    if not keys:
        return [RowChange(None)] * len(rows)
    known = lookup.persons(list(keys))
    found: list[tuple[int | None, Cells]] = []
    for row in rows:
        number = row["id_number"]
        person = keys[number][0] if number in keys else None
        values = known[number].values if number in known else {}
        found.append((person, _differing(row, values, ROSTER_FIELDS) if person else []))
    return said_changes(found)


def work_changes(form: WorkForm) -> Callable[[Rows, date], list[RowChange]]:
    """Whose job each row of that form states, and what of the job or the wishes it would change."""
    fields = ("working", *form.compared)
    return lambda rows, _on: _work_changes(rows, fields)


def _work_changes(rows: Rows, fields: Sequence[str]) -> list[RowChange]:
    lookup = RegisterLookup()
    numbers = sorted({row["id_number"] for row in rows})
    keys = lookup.keys_of(numbers)
    known = lookup.jobs(list(keys))
    found: list[tuple[int | None, Cells]] = []
    for row in rows:
        number = row["id_number"]
        held = known.get((number, row["start"] if row["working"] else None))
        cells = _differing(row, held.values if held else {}, fields)
        found.append((keys[number][0] if number in keys else None, cells))
    return said_changes(found)


def _differing(row: Mapping[str, Any], known: Mapping[str, Any], fields: Iterable[str]) -> Cells:
    """Field, old and new value where the row says something else; an empty cell says nothing."""
    return [
        (name, known.get(name), row[name])
        for name in dict.fromkeys(fields)
        if name not in _UNSAID and row.get(name) not in (None, "") and row[name] != known.get(name)
    ]


def said_changes(found: Sequence[tuple[int | None, Cells]]) -> list[RowChange]:
    """The changes with their values in words, the names of all places asked for at once."""
    codes = {
        value for _, cells in found for name, *pair in cells if name in _PLACES for value in pair if value is not None
    }
    names = full_names_of(codes, above=PREFECTURE)
    return [
        RowChange(
            person,
            tuple(
                CellChange(_SOURCES.get(name, name), _said(name, old, names), _said(name, new, names))
                for name, old, new in cells
            ),
        )
        for person, cells in found
    ]


def _said(name: str, value: Any, places: Mapping[str, str]) -> str:
    if value is None or value == "":
        return ""
    if name == "phone":
        return masked_phone(value)
    if name in _PLACES:
        return places.get(value, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


def who_is_meant(rows: Rows, changes: Sequence[RowChange]) -> list[Who]:
    """Name, masked ID number and village of the register; for somebody new, those of the row."""
    keys = [change.person for change in changes if change.person]
    names = dict(Person.objects.filter(pk__in=keys).values_list("id", "name"))
    homes = dict(Standing.objects.filter(person__in=keys).values_list("person_id", "division"))
    codes = [
        homes.get(change.person, "") if change.person else row.get("division") or ""
        for row, change in zip(rows, changes, strict=True)
    ]
    places = full_names_of(codes, above=PREFECTURE)
    return [
        Who(
            name=(names.get(change.person) if change.person else None) or row.get("name") or "",
            number=masked_id(row["id_number"]),
            place=places.get(code, ""),
        )
        for row, change, code in zip(rows, changes, codes, strict=True)
    ]
