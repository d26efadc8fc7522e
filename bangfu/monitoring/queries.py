"""Reading nights and signals."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.monitoring.models import Night, Signal


def last_night() -> Night | None:
    """The night that ran last, None before the first."""
    return Night.objects.order_by("-ran_at").first()


def signals_on(code: str, day: date) -> QuerySet[Signal]:
    """The signals of a rule that were open on a day."""
    return Signal.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=day), code=code, opened_on__lte=day
    ).order_by("person_id")


def open_signals(user: Viewer) -> QuerySet[Signal]:
    """The open signals inside the user's duties."""
    return Signal.objects.filter(inside(user), closed_on__isnull=True)


def open_signal_count(user: Viewer) -> int:
    """How many signals are open inside the user's duties."""
    return open_signals(user).count()


def counts_by_code(user: Viewer) -> Counter[str]:
    """How many signals are open by rule, inside the user's duties."""
    rows = open_signals(user).values_list("code").annotate(n=Count("id"))
    return Counter(dict(rows.order_by("code")))


def signals_of(persons: Sequence[int]) -> list[Signal]:
    """All signals of these persons (by key), open and closed, newest first."""
    return list(Signal.objects.filter(person__in=persons).order_by("-opened_on", "-id"))
