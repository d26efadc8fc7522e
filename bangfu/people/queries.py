"""Reading people: lists, the facts of one person, a household, what is found by a search."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from bangfu.core.identity import id_number, problem
from bangfu.people import identity
from bangfu.people.choices import ConsentKind
from bangfu.people.facts_base import Fact
from bangfu.people.models import (
    Category,
    Condition,
    Consent,
    Contact,
    Correction,
    Income,
    Job,
    Joblessness,
    Membership,
    Pairing,
    Person,
    Standing,
    WorkAnswer,
)

_PHONE_DIGITS = 11
_LAST_FOUR = 4
FOUND_LIMIT = 50
_CANDIDATES = 2000


def filter_standings(
    rows: QuerySet[Standing],
    *,
    work: str = "",
    category: str = "",
    division: tuple[str, str] | None = None,
    able: bool | None = None,
    will_work: bool | None = None,
    will_train: bool | None = None,
) -> QuerySet[Standing]:
    """The list of people, narrowed by work status, category, a range of divisions, and what is known of them."""
    if work:
        rows = rows.filter(work_status=work)
    if category:
        rows = rows.filter(category=category)
    known = {"able": able, "will_work": will_work, "will_train": will_train}
    rows = rows.filter(**{name: value for name, value in known.items() if value is not None})
    if division:
        rows = rows.filter(division__gte=division[0], division__lt=division[1])
    return rows.select_related("person", "household")


def search_standings(rows: QuerySet[Standing], text: str) -> list[Standing]:
    """People by whole ID, whole phone, last four of the ID, name, pinyin or initials; at most 50, "" finds none.

    The register is asked first, by its indexes, and of what it names the rows that may be seen are kept. Only a
    surname of thousands, of whom few may be seen, is looked for among the rows themselves.
    """
    words = "".join(text.split())
    if not words:
        return []
    wanted = rows.select_related("person", "household").order_by("person_id")
    candidates = [key for found in map(_candidates, _meanings(words)) for key in found]
    seen = list(wanted.filter(person__in=candidates[:_CANDIDATES])[:FOUND_LIMIT])
    if len(candidates) <= _CANDIDATES or len(seen) == FOUND_LIMIT:
        return seen
    any_of = Q()
    for meaning in _meanings(words, "person__"):
        any_of |= meaning
    return list(wanted.filter(any_of)[:FOUND_LIMIT])


def _candidates(meaning: Q) -> list[int]:
    """The first persons of the register whom one index knows by that meaning; one more than is looked at."""
    return list(Person.objects.filter(meaning).values_list("pk", flat=True)[: _CANDIDATES + 1])


def is_whole_number(text: str) -> bool:
    """Whether the text is a whole ID number or a whole telephone number."""
    words = "".join(text.split())
    return _is_id(id_number(words)) or _is_phone(words)


def _is_id(number: str) -> bool:
    return len(number) == 18 and problem(number, date.max) is None


def _is_phone(words: str) -> bool:
    return words.isdigit() and len(words) == _PHONE_DIGITS


def _meanings(words: str, at: str = "") -> list[Q]:
    """What the words may mean, one condition an index of the register; `at` leads from the rows to the person."""
    number = id_number(words)
    if _is_id(number):
        return [Q(**{f"{at}id_index": identity.id_indexes([number])[0]})]
    if _is_phone(words):
        contacts = Contact.objects.open().filter(phone_index=identity.phone_indexes([words])[0])
        return [Q(**{f"{at}pk__in": contacts.values("person")})]
    if len(words) == _LAST_FOUR and words[:3].isdigit():
        return [Q(**{f"{at}id_last4": words.upper()})]
    if words.isascii():
        sound = words.lower()
        return [_begins(f"{at}name_pinyin", sound), Q(**{f"{at}name_initials": sound})]
    return [_begins(f"{at}name", words)]


def _begins(column: str, words: str) -> Q:
    """A column that begins with the words. SQLite uses an index for a range only; PostgreSQL for its pattern."""
    if connection.vendor != "sqlite":
        return Q(**{f"{column}__startswith": words})
    after = words[:-1] + chr(min(ord(words[-1]) + 1, sys.maxunicode))
    return Q(**{f"{column}__gte": words, f"{column}__lt": after})


def open_facts(person: Person, groups: Iterable[type[Fact]]) -> dict[type[Fact], list[Fact]]:
    """The believed open facts of one person by group, each in the order in which they began; one query a group."""
    return {group: list(group.objects.open().filter(person=person).order_by("valid_from", "id")) for group in groups}


def members_of(household: int, on: date) -> list[Membership]:
    """The members of a household on the day, the head first, then by age."""
    rows = Membership.objects.true_on(on).filter(household=household).select_related("person__standing")
    return sorted(rows, key=lambda row: (row.relation != "户主", row.person.born_on))


def open_jobs(persons: Sequence[int], on: date) -> dict[int, Job]:
    """The job that each person holds on the day; of several the one that began last."""
    jobs = Job.objects.true_on(on).filter(person__in=persons).order_by("valid_from")
    return {job.person_id: job for job in jobs}


@dataclass(frozen=True)
class History:
    """What is believed of one person's past and present, for the timeline."""

    jobs: list[Job]
    jobless: list[Joblessness]
    categories: list[Category]
    answers: list[WorkAnswer]


def history_of(person: Person) -> History:
    """The believed jobs, statements of joblessness, categories and standing answers of the work round, newest first."""
    return History(
        jobs=list(Job.objects.known().filter(person=person).order_by("-valid_from", "-id")),
        jobless=list(Joblessness.objects.known().filter(person=person).order_by("-valid_from")),
        categories=list(Category.objects.known().filter(person=person).order_by("-valid_from")),
        answers=list(
            WorkAnswer.objects.filter(person=person, superseded_at__isnull=True).select_related("by").order_by("-month")
        ),
    )


def conditions_of(persons: Sequence[int]) -> dict[int, Condition]:
    """The believed open condition (education, health, labour capacity) of each person who has one."""
    return {row.person_id: row for row in Condition.objects.open().filter(person__in=persons)}


def incomes_of(persons: Sequence[int]) -> dict[int, Income]:
    """The believed open income of each person who has one."""
    return {row.person_id: row for row in Income.objects.open().filter(person__in=persons)}


def answers_of_month(persons: Sequence[int], month: date) -> dict[int, WorkAnswer]:
    """The standing answer of each person to the work round of a month."""
    rows = WorkAnswer.objects.filter(person__in=persons, month=month, superseded_at__isnull=True)
    return {row.person_id: row for row in rows}


def unmatched_by_wish() -> QuerySet[Consent]:
    """The persons (as a subquery of keys) who said no to automatic matching with posts."""
    refused = Consent.objects.open().filter(kind=ConsentKind.AUTOMATIC_MATCHING, given=False)
    return refused.values("person")


def corrections_of(person: int) -> list[Correction]:
    """What a person asked of the file, newest first."""
    return list(Correction.objects.filter(person=person).order_by("-opened_at"))


def helper_of(person: int) -> Pairing | None:
    """Who the person's helper is now, None where nobody is."""
    return Pairing.objects.open().filter(person=person).select_related("helper").first()
