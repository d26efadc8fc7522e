"""What the rules say of a few persons now: the night's views and rules over the facts as they stand in the register.

Only rules about the persons' own facts can be judged so; what rests on everybody's facts waits for the night.
"""

import re
import threading
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

import duckdb
import pyarrow as pa
from django.db import connection

from bangfu.lake.rows import select_of, typed
from bangfu.lake.tables import Source
from bangfu.monitoring.facts import ALL_SOURCES
from bangfu.monitoring.rules import rulebook, rules_stamp
from bangfu.rulebook.book import Rulebook
from bangfu.rulebook.engine import open_engine
from bangfu.rulebook.evaluate import Found, Prepared, judge, prepare
from bangfu.rulebook.rules import QUALITY
from bangfu.rulebook.views import forget

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
    prepared, sources = _prepared(rules_stamp(), on)
    keys, found, engine = sorted(persons), [], _engine()
    for start in range(0, len(keys), _CHUNK):
        for source in sources:
            engine.register(source.table.name, _rows(source, keys[start : start + _CHUNK]))
        try:
            found += judge(engine, prepared).found
        finally:  # a view left behind would be taken for that of the next persons
            forget(engine, prepared.ready, on)
    return found


@lru_cache(maxsize=8)
def _prepared(_stamp: int, on: date) -> tuple[Prepared, tuple[Source, ...]]:
    """The rules as SQL, and the tables that their views read; kept until a rule file changes."""
    book = live_rules()
    texts = " ".join(book.views[name].sql for name in {rule.about for rule in book.rules})
    sources = tuple(source for source in ALL_SOURCES if re.search(rf"\b{source.table.name}\b", texts))
    return prepare(book, on, (QUALITY,)), sources


def _engine() -> duckdb.DuckDBPyConnection:
    """The thread's own engine: opening one takes longer than an answer."""
    if not hasattr(_thread, "engine"):
        _thread.engine = open_engine(for_few=True)
    engine: duckdb.DuckDBPyConnection = _thread.engine
    return engine


def _rows(source: Source, persons: Sequence[int]) -> pa.Table:
    with connection.cursor() as cursor:
        cursor.execute(select_of(connection.vendor, source, persons))
        rows = cursor.fetchall()
    columns = zip(*rows, strict=True) if rows else ((),) * len(source.table.columns)
    return pa.Table.from_batches([typed(source, [pa.array(list(values)) for values in columns])])
