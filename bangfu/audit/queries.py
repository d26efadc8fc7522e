"""Reading who looked at a person's file."""

from django.db.models import Count

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
