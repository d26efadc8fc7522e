"""Telling the rooms above that facts of persons changed: each names a function in settings.FACT_WATCHERS.

A watcher gets the keys of the persons, and the instant. It runs inside the transaction of the deed, so that what it
derives stands or falls with the facts; an import tells once, when it is in.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from bangfu.core.parts import in_parts
from bangfu.people.groups import FACTS
from bangfu.people.models import Person
from bangfu.people.recorded import Recorded
from bangfu.people.standing import refresh_standings

Watcher = Callable[[Collection[int], datetime], None]
_CHUNK = 5000
_UNWATCHED = ContextVar("unwatched", default=False)


def persons_changed(persons: Collection[int], how: Recorded) -> None:
    """What follows from new facts of these persons (by key): where they stand, and what the rooms above derive. Part
    of every deed that records facts."""
    refresh_standings(persons, how.on)
    facts_changed(persons, how.at, batch=how.batch)


def facts_changed(persons: Collection[int], at: datetime, *, batch: int | None = None) -> None:
    """Facts of these persons (by key) were recorded; what belongs to an import is told by `batch_changed`."""
    if batch is None and persons and not _UNWATCHED.get():
        _tell(persons, at)


def batch_changed(batch: int, at: datetime) -> None:
    """An import is in, or was taken back: its persons, some thousands in each transaction. Safe to run twice."""
    persons = set(Person.objects.filter(batch=batch).values_list("pk", flat=True))
    for model in FACTS:
        persons |= set(model.objects.filter(batch=batch).values_list("person_id", flat=True))
        persons |= set(model.objects.filter(superseded_batch=batch).values_list("person_id", flat=True))
    keys = sorted(persons)
    for part in in_parts(keys, _CHUNK):
        with transaction.atomic():
            _tell(part, at)


@contextmanager
def unwatched() -> Iterator[None]:
    """Inside, nothing is told: for a history that is written down day by day and judged at its end."""
    token = _UNWATCHED.set(True)
    try:
        yield
    finally:
        _UNWATCHED.reset(token)


def _tell(persons: Collection[int], at: datetime) -> None:
    for watcher in _watchers(tuple(settings.FACT_WATCHERS)):
        watcher(persons, at)


@lru_cache(maxsize=4)
def _watchers(paths: tuple[str, ...]) -> tuple[Watcher, ...]:
    return tuple(import_string(path) for path in paths)
