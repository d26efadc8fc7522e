"""Which facts the cells of a ledger state: what a row would change, and which of it a more trusted source holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from bangfu.intake.kinds import RowChange, Rows
from bangfu.people import identity, trust
from bangfu.people.comparing import Cells, said_changes
from bangfu.people.facts_base import Fact, Source
from bangfu.people.jobs_held import guarded_columns
from bangfu.people.models import BankAccount, Job
from bangfu.people.recording import open_versions
from bangfu.people.register_lookup import RegisterLookup

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stated:
    """The table that some fields of a ledger fill: field to column, and the kinds of which a person may have one
    each, for many rows at once; None where a person has one version of the table."""

    model: type[Fact]
    columns: Mapping[str, str]
    kinds: Callable[[Rows], Sequence[Any]] | None = None

    def held(self, rows: Rows, persons: Sequence[int | None]) -> list[Any]:
        """The version on file that each row speaks of, None where there is none."""
        known = {person for person in persons if person is not None}
        if self.model is Job:
            jobs = {(job.person_id, job.valid_from): job for job in Job.objects.known().filter(person__in=known)}
            return [jobs.get((person, row.get("start"))) for row, person in zip(rows, persons, strict=True)]
        opened = open_versions(self.model, known)
        if self.kinds is None:
            return [opened.get(person) for person in persons]
        return [opened.get((person, kind)) for person, kind in zip(persons, self.kinds(rows), strict=True)]

    def guarded(self, held: Fact, on: date) -> set[str]:
        """The fields whose value in that version comes from a more trusted source than a ledger."""
        columns = list(self.columns.values())
        if isinstance(held, Job):
            stays = set(guarded_columns(held, columns, Source.LEDGER, on))
        else:
            stays = set(trust.guarded(held, columns, Source.LEDGER, on))
        return {field for field, column in self.columns.items() if column in stays}


def certificate_numbers(rows: Rows) -> list[str]:
    """The blind index of the number in each row, which tells certificates apart; that of no number is nobody's."""
    return settings.KEYRING.blind("certificate", [row["number"] or "" for row in rows])


def changes_of(*tables: Stated) -> Callable[[Rows, date], list[RowChange]]:
    """What each row of a ledger of statements would change of these tables: a hook of a `Kind`."""

    def changes(rows: Rows, _on: date) -> list[RowChange]:
        keys = RegisterLookup().keys_of(sorted({row["id_number"] for row in rows}))
        persons = [keys[row["id_number"]][0] if row["id_number"] in keys else None for row in rows]
        cells: list[Cells] = [[] for _ in rows]
        for table in tables:
            for at, (row, held) in enumerate(zip(rows, table.held(rows, persons), strict=True)):
                cells[at] += _differing(table, row, held)
        return said_changes(list(zip(persons, cells, strict=True)))

    return changes


def _differing(table: Stated, row: Row, held: Fact | None) -> Cells:
    found: Cells = []
    for field, column in table.columns.items():
        news = row.get(field)
        old = getattr(held, column, None)
        if news in (None, "") or news == old:
            continue
        if column == "number_index":
            found += _number(field, news, held)
        else:
            found.append((field, old, news))
    return found


def _number(field: str, said: str, held: Fact | None) -> Cells:
    """A sealed number, masked: of an account the old one is shown beside; a certificate is known by its number."""
    news, old = "".join(said.split()), None
    if isinstance(held, BankAccount):
        old = identity.account_number(held)
    if old == news or (held is not None and old is None):
        return []
    return [(field, identity.masked_account(old) if old else None, identity.masked_account(news))]


def guarded_by(*tables: Stated) -> Callable[[Rows, Sequence[RowChange], date], list[frozenset[str]]]:
    """The fields of each row whose value on file comes from a more trusted source than a ledger: they stay, and a
    difference is opened. A hook of a `Kind`."""

    def guarded(rows: Rows, changes: Sequence[RowChange], on: date) -> list[frozenset[str]]:
        persons = [change.person for change in changes]
        found: list[set[str]] = [set() for _ in rows]
        for table in tables:
            for at, held in enumerate(table.held(rows, persons)):
                if held is not None:
                    found[at] |= table.guarded(held, on)
        return [frozenset(fields) for fields in found]

    return guarded
