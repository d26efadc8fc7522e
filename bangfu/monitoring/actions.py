"""The night's part of monitoring: publish, judge, open and close signals, open cases."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from bangfu.audit.actions import record
from bangfu.cases.actions import Opening, open_cases
from bangfu.cases.choices import COUNTED_APART, Outcome
from bangfu.cases.models import Case
from bangfu.core.keys import new_key, new_keys
from bangfu.core.parts import in_parts
from bangfu.lake.publish import Snapshot, publish, publish_again
from bangfu.lake.snapshots import connect, snapshot
from bangfu.monitoring.checks import raise_signals
from bangfu.monitoring.facts import ALL_SOURCES, CASE_TABLES
from bangfu.monitoring.flow import count_flows, keep_flows
from bangfu.monitoring.models import SOCIAL_INSURANCE, Feed, Night, Proof, Signal
from bangfu.monitoring.proof import Certificate, prove
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import Found, evaluate_signals

OPENS_CASE = "case"
_PART = 5_000  # signals of one transaction
REOPEN_AFTER = timedelta(days=90)  # house.md 5: ways out expire and are asked again after 3 months
_LIST_OF = {
    "paid_before": SOCIAL_INSURANCE, "pays_now": SOCIAL_INSURANCE, "insurance_wage_before": SOCIAL_INSURANCE,
    "insurance_wage_now": SOCIAL_INSURANCE, "unit_stopped": SOCIAL_INSURANCE, "taxed_now": "tax_wage",
    "medical_paid": "medical_expense", "employer_closed": "business_registration", "roll_status": "school",
    "allowance_now": "living_allowance",
}  # fmt: skip
"""Values of signals that come from outside lists, with the kind of list."""


def publish_lake(on: date, *, at: datetime) -> Snapshot:
    """Write the snapshot of the day; one of the same day is replaced."""
    return publish(ALL_SOURCES, settings.LAKE, on, settings.DATABASE_URL, made_at=at)


def publish_cases(on: date, *, at: datetime) -> Snapshot:
    """Write what the night did about cases into the snapshot that it had looked at."""
    return publish_again(CASE_TABLES, ALL_SOURCES, settings.LAKE, on, settings.DATABASE_URL, made_at=at)


@contextmanager
def snapshot_shown(on: date) -> Iterator[Engine]:
    """An engine that shows the snapshot of the day: all that judges in a night asks the same one, so that the view of
    a person, the dearest of all, is computed once."""
    with connect(settings.LAKE, settings.ENGINE) as engine:
        snapshot(engine, settings.LAKE, on)
        yield engine


def judge_signals(engine: Engine, on: date) -> list[Found]:
    """What the signal rules find true in the snapshot shown, each rule once a person; keeps where people work."""
    judged = evaluate_signals(engine, rulebook(), on)
    keep_flows(count_flows(engine, on))
    once = {(one.code, one.person): one for one in judged.found if one.person is not None}
    return list(once.values())


def record_signals(found: Sequence[Found], on: date, *, at: datetime) -> Counter[str]:
    """Open what is newly true, close what is true no more, open cases; returns the number open by code.

    What the first night finds, or the first night after the first extract of a feed, is the backlog. It is written in
    parts, so that no page waits long for a register of a million; a night that is killed in between goes on when it
    is run again.
    """
    standing = {(row.code, row.person_id): row for row in Signal.objects.filter(closed_on__isnull=True)}
    now_true = {(one.code, one.person): one for one in found}
    gone = [row for key, row in standing.items() if key not in now_true]
    for row in gone:
        row.closed_on = max(on, row.opened_on)
    Signal.objects.bulk_update(gone, ["closed_on"], batch_size=500)
    fresh = sorted((one for key, one in now_true.items() if key not in standing), key=lambda one: one.person or 0)
    is_backlog = _backlog_of_tonight()
    for part in in_parts(fresh, _PART):
        _open_signals(part, on, is_backlog, at=at)
    for part in in_parts([standing[key] for key in now_true if key in standing], _PART):
        _open_cases(part, set(), is_backlog, at=at)
    record("monitoring.signals_judged", by=None, at=at, count=len(fresh), facts={"closed": len(gone)})
    raise_signals(on, at=at)
    return Counter(code for code, _ in now_true)


@transaction.atomic
def _open_signals(fresh: Sequence[Found], on: date, is_backlog: Callable[[Signal], bool], *, at: datetime) -> None:
    opening = _opening_codes()
    rows = [
        Signal(
            id=key, code=one.code, version=one.version, person_id=one.person, division=one.division or "", opened_on=on,
            raised_on=on if one.code in opening else None, reasons=one.values,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    ]  # fmt: skip
    Signal.objects.bulk_create(rows, batch_size=1000)
    _open_cases(rows, {(one.code, one.person) for one in fresh}, is_backlog, at=at)


@transaction.atomic
def _open_cases(
    signals: Sequence[Signal], news: Collection[tuple[str, int | None]], is_backlog: Callable[[Signal], bool], *,
    at: datetime,
) -> None:  # fmt: skip
    opening = _opening_codes()
    served = served_lately([row.person_id for row in signals], at)
    wanted = [
        row
        for row in signals
        if row.code in opening and row.division and ((row.code, row.person_id) in news or row.person_id not in served)
    ]
    grouped: dict[bool, list[Signal]] = defaultdict(list)
    for row in wanted:
        grouped[is_backlog(row)].append(row)
    for backlog, rows in grouped.items():
        openings = [Opening(row.person_id, row.division, row.code, row.reasons) for row in rows]
        cases = open_cases(openings, by=None, at=at, backlog=backlog)
        for row in rows:
            row.case = cases[row.person_id]
        Signal.objects.bulk_update(rows, ["case"], batch_size=500)


def _opening_codes() -> set[str]:
    return {rule.code for rule in rulebook().signals() if rule.opens == OPENS_CASE}


def _backlog_of_tonight() -> Callable[[Signal], bool]:
    """Which signals count as backlog: all in the first night, those by an outside list in the first night with one of
    its kind."""
    first_night, first_kinds = not Night.objects.exists(), _kinds_since_last_night()
    return lambda row: first_night or any(_LIST_OF.get(name) in first_kinds for name in row.reasons)


def served_lately(persons: Sequence[int], at: datetime) -> set[int]:
    """Persons in an open case, or who were counted apart or went to a class so lately that they are not asked again.
    The last closing counts, as in the proof: who was then closed as employed and stands without work again is not
    served, whatever was said before, and the case opens anew."""
    cases = Case.objects.filter(person__in=persons)
    closed = cases.filter(closed_at__gt=at - REOPEN_AFTER).order_by("closed_at", "id")
    last = dict(closed.values_list("person_id", "outcome"))
    running = set(cases.filter(closed_at__isnull=True).values_list("person_id", flat=True))
    return running | {person for person, outcome in last.items() if outcome in (*COUNTED_APART, Outcome.IN_TRAINING)}


def _kinds_since_last_night() -> set[str]:
    """The kinds of outside lists of which the first came into use after the last night."""
    night = Night.objects.order_by("ran_at").last()
    if night is None:
        return set()
    first = Feed.objects.filter(stands_at__isnull=False).values_list("kind").annotate(Min("stands_at"))
    return {kind for kind, since in first if since > night.ran_at}


@transaction.atomic
def keep_proof(on: date, *, at: datetime) -> Certificate:
    """Prove the coverage of the day from its snapshot and keep the certificate; one of the same day is replaced."""
    found = prove(on)
    told = {"body": found.body, "digest": found.digest, "holds": found.holds}
    Proof.objects.update_or_create(on=on, defaults=told, create_defaults={"id": new_key(), **told})
    facts = {"on": on.isoformat(), "hash": found.digest, "holds": found.holds}
    record("monitoring.coverage_proved", by=None, at=at, count=found.body["work"]["persons"], facts=facts)
    return found


@transaction.atomic
def close_night(on: date, summary: dict[str, Any], *, at: datetime) -> None:
    """Keep what the night printed; a night run again replaces its line."""
    Night.objects.update_or_create(
        acted_on=on,
        defaults={"ran_at": at, "summary": summary},
        create_defaults={"id": new_key(), "ran_at": at, "summary": summary},
    )
    record("monitoring.night_done", by=None, at=at, count=1, facts={"on": on.isoformat()})
