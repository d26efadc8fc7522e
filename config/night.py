"""The night: what time changed, the snapshot, the signals, the cases, the offers. One command, safe to run again."""

import fcntl
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings

from bangfu.audit.actions import seal_chain
from bangfu.audit.chain import last_link
from bangfu.cases.escalating import raise_overdue
from bangfu.cases.legs import recount_by_calendar
from bangfu.cases.models import Case
from bangfu.cases.settling import close_cases_of_employed
from bangfu.cases.ways_out import ask_again
from bangfu.intake.actions import drop_old_batches
from bangfu.monitoring.actions import (
    close_night,
    judge_signals,
    keep_proof,
    publish_cases,
    publish_lake,
    record_signals,
    snapshot_shown,
)
from bangfu.monitoring.alarms import judge_alarms, record_alarms
from bangfu.monitoring.families import judge_families, record_families
from bangfu.monitoring.proof import LINES
from bangfu.monitoring.quality import judge_all
from bangfu.monitoring.rules import rulebook
from bangfu.monitoring.screening import judge_screen, record_screen
from bangfu.people.choices import WorkStatus
from bangfu.people.duplicates import note_duplicates
from bangfu.people.linking import pairs_on_register
from bangfu.people.models import Person, Standing
from bangfu.people.standing import refresh_standings
from bangfu.placements.actions import match_open_cases
from bangfu.placements.models import Offer
from bangfu.rulebook.rules import Rule
from config.retention import erase_by_rule


def run_night(on: date, at: datetime) -> dict[str, Any]:
    """Run every step for the day `on`, recorded at `at`; returns what `bangfu nightly --json` prints.

    `offers` are those of the day, `signals` and `findings` the number open on it: run again, the night prints the same.
    One night at a time: a second one waits until the first is done.
    """
    with _alone():
        return _run(on, at)


@contextmanager
def _alone() -> Iterator[None]:
    """Nights of the schedule and of the console would clear each other's drafts of the lake. The lock ends with its
    process, however that ends."""
    with (settings.LAKE.parent / "night.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(on: date, at: datetime) -> dict[str, Any]:
    people = Person.objects.filter(withdrawn_at__isnull=True).values_list("id", flat=True)
    changed = refresh_standings(people.iterator(chunk_size=5000), on)
    found_work = close_cases_of_employed(on, at=at)
    recount_by_calendar(at=at)
    ask_again(on, at=at)
    raise_overdue(at=at)
    erase_by_rule(on, at)
    note_duplicates(pairs_on_register(), on=on, at=at)
    publish_lake(on, at=at)
    with snapshot_shown(on) as engine:
        signals = record_signals(judge_signals(engine, on), on, at=at)
        families = record_families(judge_families(engine, on), on, at=at)
        alarms = record_alarms(judge_alarms(engine, on), on, at=at)
        screened = record_screen(judge_screen(engine, on), on, at=at)
        findings = judge_all(engine, on, at=at)
    match_open_cases(on, at=at)
    published = publish_cases(on, at=at)
    proof = keep_proof(on, at=at)
    summary = {
        "on": on.isoformat(),
        "persons": people.count(),
        "at_work": Standing.objects.filter(work_status=WorkStatus.AT_WORK).count(),
        "cases_open": Case.objects.filter(closed_at__isnull=True).count(),
        "offers": Offer.objects.filter(offered_on=on).count(),
        "signals": _by_rule(rulebook().signals(), signals),
        "findings": _by_rule(rulebook().quality(), findings),
        "zero_families": families,
        "alarms": alarms,
        "screen": screened,
        "proof": {"holds": proof.holds, **{line: proof.body[line] for line in LINES}},
        "standings_changed": changed,
        "cases_closed_by_work": found_work,
        "published_rows": sum(published.rows.values()),
    }
    drop_old_batches(at=at)
    seal_chain()
    close_night(on, {**summary, "snapshot": published.digest, "audit_head": list(last_link())}, at=at)
    return summary


def _by_rule(rules: Iterable[Rule], counts: Counter[str]) -> dict[str, int]:
    return {rule.code: counts[rule.code] for rule in rules}
