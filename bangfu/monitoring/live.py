"""What the rules say of a few persons now: the night's views and rules over the facts as they stand in the register.

Only rules about the persons' own facts, or those of their household, can be judged so; what rests on everybody's facts
waits for the night.
"""

import re
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache

import pyarrow as pa
from django.db import connection

from bangfu.core.parts import in_parts
from bangfu.lake.rows import select_of, typed
from bangfu.lake.tables import Source
from bangfu.monitoring.facts import ALL_SOURCES
from bangfu.monitoring.rules import rulebook, rules_stamp
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import Engine, open_engine
from bangfu.rulebook.evaluate import Found, Prepared, judge, prepare
from bangfu.rulebook.narrow import narrowed
from bangfu.rulebook.rules import QUALITY
from bangfu.rulebook.views import Needs, forget

OWN = "person"
_CHUNK = 5000
_thread = threading.local()


def live_rules() -> Rulebook:
    """The quality rules that can be judged from a person's own facts."""
    book = rulebook()
    rules = tuple(rule for rule in book.quality() if book.views[rule.about].closure == OWN)
    return Rulebook(book.views, rules)


def judge_now(persons: Collection[int], on: date) -> list[Found]:
    """What those rules find true of persons (by key), as the register stands inside this transaction."""
    prepared = _prepared(rules_stamp(), on)
    asked = _needs(rules_stamp(), on)
    keys, found = sorted(persons), []
    for part in in_parts(keys, _CHUNK):
        with facts_of(part, asked, on) as engine:
            found += judge(engine, prepared, asked).found
    return found


@contextmanager
def facts_of(persons: Sequence[int], asked: Needs, on: date) -> Iterator[Engine]:
    """The thread's own engine, showing the facts of these persons on which the columns asked rest; opening one takes
    longer than an answer. What is computed meanwhile is forgotten at the end: it would be taken for that of the next
    persons.
    """
    engine = _engine()
    for source in _sources(rules_stamp(), frozenset(asked.items())):
        engine.show(source.table.name, _rows(source, persons))
    try:
        yield engine
    finally:
        forget(engine, asked, on)


@lru_cache(maxsize=8)
def _prepared(_stamp: int, on: date) -> Prepared:
    """The rules as SQL; kept until a rule file changes."""
    return prepare(live_rules(), on, (QUALITY,))


@lru_cache(maxsize=8)
def _needs(stamp: int, on: date) -> Needs:
    return _prepared(stamp, on).needs()


@lru_cache(maxsize=256)
def _sources(_stamp: int, asked: frozenset[tuple[str, frozenset[str]]]) -> tuple[Source, ...]:
    """The tables that these columns of the views are read from."""
    texts = " ".join(narrowed(rulebook().views[name].sql, columns) for name, columns in asked)
    return tuple(source for source in ALL_SOURCES if re.search(rf"\b{source.table.name}\b", texts))


def _engine() -> Engine:
    if not hasattr(_thread, "engine"):
        _thread.engine = open_engine(for_few=True)
    engine: Engine = _thread.engine
    return engine


def _rows(source: Source, persons: Sequence[int]) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(select_of(connection.vendor, source, persons))
        rows = cursor.fetchall()
    columns = zip(*rows, strict=True) if rows else ((),) * len(source.table.columns)
    return pa.Table.from_batches([typed(source, [pa.array(list(values)) for values in columns])])
