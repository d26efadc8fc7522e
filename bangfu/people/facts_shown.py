"""What is on file of one person, as lines for a page: every group of facts alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bangfu.accounts.access import Viewer, visible_fields
from bangfu.accounts.roles import Field
from bangfu.people import identity, trust
from bangfu.people.fact_words import FactWords, column_name, group_name, said_columns
from bangfu.people.facts_base import Fact, Source
from bangfu.people.groups import FACTS
from bangfu.people.models import BankAccount, Certificate, Contact, Job, Joblessness, Membership, Person
from bangfu.people.recording import value_fields

_GUARDED: dict[Field, tuple[str, ...]] = {
    Field.PHONE: ("contact",), Field.BANK_ACCOUNT: ("bankaccount",), Field.INCOME: ("income", "yearincome"),
    Field.HEALTH: ("condition.health",),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One column: its name, its value, and who said it when where that is not who said the rest (else "", None)."""

    name: str
    value: str
    source: str
    on: date | None


@dataclass(frozen=True)
class Line:
    """One version on file. `first` marks the first line of its group."""

    group: str
    code: str
    said: Sequence[Said]
    valid_from: date
    valid_to: date | None
    source: str
    recorded_at: datetime
    first: bool


def hidden_from(user: Viewer) -> list[str]:
    """The groups and columns of facts that the user's duties do not show (accounts.roles.FIELDS)."""
    sees = visible_fields(user)
    return [name for field, names in _GUARDED.items() if field not in sees for name in names]


ON_FILE = tuple(model for model in FACTS if model not in (Membership, Job, Joblessness))
"""The groups of what is on file; the page of a person shows the others in places of their own."""


def facts_shown(found: Mapping[type[Fact], Sequence[Fact]], *, without: Iterable[str] = ()) -> list[Line]:
    """What was read of each group, in words; left out are groups named by their code, and columns named as
    "condition.health"."""
    hidden = set(without)
    return _lines({model: rows for model, rows in found.items() if model._meta.model_name not in hidden}, hidden)


def job_shown(person: Person, on: date) -> list[Line]:
    """The jobs that the person holds on the day, the longest first."""
    return _lines({Job: Job.objects.true_on(on).filter(person=person).order_by("valid_from", "id")})


def facts_held(person: Person, *, without: Iterable[str] = ()) -> list[Line]:
    """Every version that is believed, of every group, past ones too: what a person is given as a copy. `without` as in
    facts_shown."""
    hidden = set(without)
    models = [model for model in FACTS if model._meta.model_name not in hidden]
    known = {model: model.objects.known().filter(person=person).order_by("valid_from", "id") for model in models}
    return _lines(known, hidden)


def _lines(found: Mapping[type[Fact], Iterable[Fact]], hidden: Collection[str] = ()) -> list[Line]:
    rows = {model: list(versions) for model, versions in found.items()}
    values = [(name, getattr(row, name)) for model in rows for row in rows[model] for name in value_fields(model)]
    words = FactWords(values)
    lines = []
    for model, versions in rows.items():
        for at, row in enumerate(versions):
            lines.append(_line(model, row, words, hidden, first=at == 0))
    return lines


def _line(model: type[Fact], row: Fact, words: FactWords, hidden: Collection[str], *, first: bool) -> Line:
    said = []
    for name in said_columns(model, value_fields(model)):
        value = getattr(row, name)
        if value is None or value == "" or f"{model._meta.model_name}.{name}" in hidden:
            continue
        source, on = trust.origin_of(row, name) if name in row.origins else ("", None)
        told = _masked(row) if name.endswith("_index") else words.say(model, name, value)
        said.append(Said(column_name(name), told, str(Source(source).label) if source else "", on))
    group = group_name(model)
    code = str(model._meta.model_name)
    return Line(group, code, said, row.valid_from, row.valid_to, str(Source(row.source).label), row.recorded_at, first)


def _masked(row: Fact) -> str:
    """A sealed number as officers see it."""
    if isinstance(row, Contact):
        return identity.masked_phone(identity.phone_number(row))
    if isinstance(row, BankAccount):
        return identity.masked_account(identity.account_number(row))
    if isinstance(row, Certificate):
        return identity.masked_account(identity.certificate_number(row))
    return "••••"
