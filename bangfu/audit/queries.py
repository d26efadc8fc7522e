"""Reading the record of deeds, and who looked at a person's file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from bangfu.audit.models import Entry, Subject

LOOKS = ("people.viewed", "people.identity_revealed", "people.copy_handed_out")


def looks_at(person: int, limit: int) -> list[Entry]:
    """The last looks at the file of a person (by key), newest first, each with who looked (`by`)."""
    subjects = Subject.objects.filter(person=person, entry__verb__in=LOOKS)
    return [
        subject.entry for subject in subjects.select_related("entry__by").order_by("-entry__at", "-entry_id")[:limit]
    ]


def look_count(person: int) -> int:
    """How often the file of a person was looked at."""
    found = Subject.objects.filter(person=person, entry__verb__in=LOOKS).aggregate(n=Count("id"))
    return int(found["n"])


@dataclass(frozen=True)
class Asked:
    """What an auditor looks for; "" and None ask for everything. Days are whole days of the office's clock."""

    verb: str = ""
    office: str = ""
    user: int | None = None
    first: date | None = None
    last: date | None = None
    person: int | None = None


def entries(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    """Of these entries those that fit, with who did them."""
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.office:
        rows = rows.filter(office=asked.office)
    if asked.user is not None:
        rows = rows.filter(by=asked.user)
    if asked.first:
        rows = rows.filter(at__gte=_begins(asked.first))
    if asked.last:
        rows = rows.filter(at__lt=_begins(asked.last + timedelta(days=1)))
    if asked.person is not None:
        rows = rows.filter(pk__in=Subject.objects.filter(person=asked.person).values("entry"))
    return rows.select_related("by")


def entries_about(person: int) -> QuerySet[Entry]:
    """All that was done with the file of a person (by key)."""
    return entries(Entry.objects.all(), Asked(person=person))


def persons_of(entry: Entry) -> list[int]:
    """The keys of the persons whom an entry is about; none for a batch of more than 500."""
    return list(Subject.objects.filter(entry=entry).order_by("person").values_list("person", flat=True))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
