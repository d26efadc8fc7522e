"""What retention needs of cases: who is still served, and free words to empty."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from bangfu.cases.models import Case, Service, Survey


def persons_served_since(day: date) -> set[int]:
    """Persons with an open case, or one that was closed on or after the day."""
    rows = Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gte=day))
    return set(rows.values_list("person_id", flat=True))


@transaction.atomic
def empty_words(persons: Sequence[int]) -> None:
    """Empty the free words about these persons in surveys and services; part of making them nobody."""
    for start in range(0, len(persons), 500):
        keys = persons[start : start + 500]
        Survey.objects.filter(case__person__in=keys).update(barriers="", wished_occupation="", wished_trade="")
        Service.objects.filter(case__person__in=keys).update(title="", reason="")
