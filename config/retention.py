"""Applying the retention rules over all rooms. Dry unless told; safe to run again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from bangfu.cases.forgetting import empty_words, persons_served_since
from bangfu.core.retention import Retention, read_retentions
from bangfu.intake import keeping
from bangfu.lake.keeping import days_to_drop, drop_snapshots
from bangfu.lake.snapshots import days
from bangfu.monitoring import feed_memory, feed_reviews, feeds
from bangfu.people import forgetting

_CHUNK = 500


@dataclass(frozen=True)
class Traces:
    """What a rule's `about` names: how many are from before a day, and emptying them; returns how many were."""

    due: Callable[[date], int]
    empty: Callable[[date, Retention, datetime], int]


@dataclass(frozen=True)
class Outcome:
    """One rule: how many things it is due for, and how many were emptied now."""

    rule: Retention
    due: int
    done: int


def run_retention(on: date, at: datetime, *, apply: bool) -> list[Outcome]:
    """Judge every rule on the day `on`; with `apply`, empty what is kept no longer, recorded at `at`."""
    return [_run(rule, on, at, apply=apply) for rule in read_retentions(settings.RULES / "retention")]


def erase_by_rule(on: date, at: datetime) -> int:
    """What the night does: erase words and rows that have served their purpose; returns how many. To make persons
    nobody is left to an operator, for it cannot be taken back."""
    rules = read_retentions(settings.RULES / "retention")
    return sum(_run(rule, on, at, apply=True).done for rule in rules if rule.then == "erase")


def _run(rule: Retention, on: date, at: datetime, *, apply: bool) -> Outcome:
    traces, before = TRACES[rule.about], rule.last_event(on) + timedelta(days=1)
    due = traces.due(before)
    return Outcome(rule, due, traces.empty(before, rule, at) if apply else 0)


def _who_left(before: date) -> list[int]:
    return list(forgetting.persons_who_left(before, except_for=persons_served_since(before)))


def _withdrawn(before: date) -> list[int]:
    return sorted(set(forgetting.persons_withdrawn(before)) - persons_served_since(before))


def _anonymise(keys: list[int], rule: Retention, at: datetime) -> int:
    done = 0
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        with transaction.atomic():
            empty_words(part)
            done += forgetting.anonymise_people(part, rule=rule.code, at=at)
    return done


TRACES = {
    "person": Traces(
        lambda before: len(_who_left(before)), lambda before, rule, at: _anonymise(_who_left(before), rule, at)
    ),
    "withdrawn": Traces(
        lambda before: len(_withdrawn(before)), lambda before, rule, at: _anonymise(_withdrawn(before), rule, at)
    ),
    "correction": Traces(
        lambda before: forgetting.corrections_to_erase(before).count(),
        lambda before, rule, at: forgetting.erase_corrections(before, rule=rule.code, at=at),
    ),
    "difference": Traces(
        lambda before: forgetting.differences_to_erase(before).count(),
        lambda before, rule, at: forgetting.erase_differences(before, rule=rule.code, at=at),
    ),
    "upload": Traces(
        lambda before: keeping.rows_to_erase(before).count(),
        lambda before, rule, at: keeping.erase_rows(before, rule=rule.code, at=at),
    ),
    "feed": Traces(
        lambda before: feeds.bad_lines_to_erase(before).count() + feed_reviews.unsure_to_erase(before).count(),
        lambda before, rule, at: (
            feeds.erase_bad_lines(before, rule=rule.code, at=at)
            + feed_reviews.erase_unsure(before, rule=rule.code, at=at)
        ),
    ),
    "line_memory": Traces(
        lambda before: feed_memory.memories_to_erase(before).count(),
        lambda before, rule, at: feed_memory.erase_memories(before, rule=rule.code, at=at),
    ),
    "snapshot": Traces(
        lambda before: len(days_to_drop(days(settings.LAKE), before)),
        lambda before, _rule, _at: drop_snapshots(settings.LAKE, before),
    ),
}
