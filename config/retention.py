"""Applying the retention rules over all rooms. Dry unless told; safe to run again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from bangfu.cases.forgetting import empty_words, persons_served_since
from bangfu.core.retention import Retention, read_retentions
from bangfu.intake import keeping
from bangfu.people import forgetting

_CHUNK = 500


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
    before = rule.last_event(on) + timedelta(days=1)
    if rule.about in {"person", "withdrawn"}:
        if rule.about == "person":
            keys = forgetting.persons_who_left(before, except_for=persons_served_since(before))
        else:
            keys = sorted(set(forgetting.persons_withdrawn(before)) - persons_served_since(before))
        return Outcome(rule, len(keys), _anonymise(keys, rule, at) if apply else 0)
    if rule.about == "correction":
        due = forgetting.corrections_to_erase(before).count()
        return Outcome(rule, due, forgetting.erase_corrections(before, rule=rule.code, at=at) if apply else 0)
    if rule.about == "difference":
        due = forgetting.differences_to_erase(before).count()
        return Outcome(rule, due, forgetting.erase_differences(before, rule=rule.code, at=at) if apply else 0)
    if rule.about == "upload":
        due = keeping.rows_to_erase(before).count()
        return Outcome(rule, due, keeping.erase_rows(before, rule=rule.code, at=at) if apply else 0)
    raise LookupError(rule.about)


def _anonymise(keys: list[int], rule: Retention, at: datetime) -> int:
    done = 0
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        with transaction.atomic():
            empty_words(part)
            done += forgetting.anonymise_people(part, rule=rule.code, at=at)
    return done
