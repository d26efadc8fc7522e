"""Findings about the data: opened and closed by the rules, set right by what is certain, waived for a reason.

A finding is never closed by hand: the facts are corrected, and it closes because it is true no more.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases.clockwork import calendar, clock
from bangfu.core.clock import ZONE, last_day_of
from bangfu.core.keys import new_keys
from bangfu.core.parts import in_parts
from bangfu.core.retirement import add_months
from bangfu.monitoring.live import judge_now, live_rules
from bangfu.monitoring.models import Finding, Waiver
from bangfu.monitoring.rules import rule_behind, rulebook
from bangfu.people.actions import record_facts
from bangfu.people.bulk import insert_rows
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import correct_jobs
from bangfu.people.models import Condition
from bangfu.people.recorded import Recorded
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import Found, evaluate_quality
from bangfu.rulebook.rules import Rule

CLOCK = "quality"
LONGEST_WAIVER_MONTHS = 12  # design choice: what was right a year ago is looked at again
_CHUNK = 500
States = Mapping[int, Mapping[str, Any]]


def _fix_conditions(states: States, how: Recorded) -> None:
    record_facts(Condition, states, how)


FIXES: Mapping[str, Callable[[States, Recorded], Any]] = {"condition": _fix_conditions, "job": correct_jobs}
"""How the fix of a rule is recorded, by the group of facts that it names."""


def judge_entry(persons: Collection[int], at: datetime) -> None:
    """Judge persons (by key) whose facts have just changed: a bangfu.people.watchers.Watcher."""
    codes = {rule.code for rule in live_rules().rules}
    record_findings(judge_now(persons, localdate(at)), localdate(at), codes=codes, persons=persons, at=at)


def judge_all(engine: Engine, on: date, *, at: datetime) -> Counter[str]:
    """Judge everybody over the snapshot shown; returns the number of findings open by code."""
    found = evaluate_quality(engine, rulebook(), on).found
    return record_findings(found, on, codes=None, persons=None, at=at)


@transaction.atomic
def record_findings(
    found: Sequence[Found], on: date, *, codes: Collection[str] | None, persons: Collection[int] | None, at: datetime
) -> Counter[str]:
    """Open what is newly true, renew the place and values of what still is, close what is true no more.

    `codes` and `persons` are what was judged, None for all: of the rest nothing is said. Returns the number open
    of those judged by code. Who is registered in no village has no finding: nobody could set it right.
    """
    wanted = {(one.code, one.person): one for one in found if one.person is not None and one.division}
    standing = _standing(codes, persons)
    gone = [key for pair, (key, _held) in standing.items() if pair not in wanted]
    for part in in_parts(gone, _CHUNK):
        rows = Finding.objects.filter(pk__in=part)
        rows.update(closed_on=Greatest(F("opened_on"), Value(on, DateField())))
    changed = [
        Finding(id=key, division=wanted[pair].division, reasons=wanted[pair].values)
        for pair, (key, held) in standing.items()
        if pair in wanted and (wanted[pair].division, wanted[pair].values) != held
    ]
    Finding.objects.bulk_update(changed, ["division", "reasons"], batch_size=_CHUNK)
    fresh = [one for pair, one in wanted.items() if pair not in standing]
    _open(fresh, on, at)
    if fresh or gone:
        record("monitoring.findings_judged", by=None, at=at, count=len(fresh), facts={"closed": len(gone)})
    return Counter(code for code, _person in wanted)


def _standing(
    codes: Collection[str] | None, persons: Collection[int] | None
) -> dict[tuple[str, int], tuple[int, tuple[str, dict[str, Any]]]]:
    """The open findings judged, as (code, person) to (key, (division, values))."""
    rows = Finding.objects.filter(closed_on__isnull=True)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    if persons is not None:
        rows = rows.filter(person__in=persons)
    listed = rows.values_list("code", "person_id", "id", "division", "reasons")
    return {(code, person): (key, (place, reasons)) for code, person, key, place, reasons in listed.iterator()}


def _open(fresh: Sequence[Found], on: date, at: datetime) -> None:
    severities = {(one.code, one.version): _severity(one) for one in fresh}
    due = {severity: due_on(severity, at) for severity in severities.values()}
    insert_rows(Finding, [
        {
            "id": key, "code": one.code, "version": one.version, "person_id": one.person,
            "division": one.division, "due_on": due[severities[one.code, one.version]], "reasons": one.values,
        }
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    ], {"opened_on": on})  # fmt: skip


def due_on(severity: str, since: datetime) -> date:
    """The last day for setting a finding of that severity right (rules/clocks/quality.yaml)."""
    return last_day_of(clock(CLOCK).stage(severity), since, calendar())


def quality_rules() -> dict[str, Rule]:
    """The quality rules by code."""
    return {rule.code: rule for rule in rulebook().quality()}


@transaction.atomic
def fix_findings(findings: Sequence[Finding], *, by: Any, at: datetime) -> int:
    """Record what the rules of these findings declare as the only right answer; returns how many are closed by it.

    Each is judged again first: what is true no more is left alone. The officer has seen it and decides, so that no
    difference between sources is opened.
    """
    locked = list(Finding.objects.select_for_update().filter(pk__in=[one.pk for one in findings], closed_on=None))
    on = localdate(at)
    still = {(one.code, one.person) for one in judge_now({row.person_id for row in locked}, on)}
    states: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for row in locked:
        rule = rule_behind(row.code, row.version)
        fix = rule.fix if rule else None
        if fix is not None and (row.code, row.person_id) in still:
            states[fix.group, row.code][row.person_id] = fix.values
    for (group, code), columns in states.items():
        FIXES[group](columns, Recorded(on, Source.OFFICER, by, at, evidence=f"rule {code}", decided=True))
    if not states:
        return 0
    closed = Finding.objects.filter(pk__in=[row.pk for row in locked], closed_on__isnull=False).count()
    persons = {person for columns in states.values() for person in columns}
    record("monitoring.findings_fixed", by=by, at=at, count=closed, persons=persons)
    return closed


def longest_waiver(on: date) -> date:
    """The last day on which a waiver that is given on a day may end."""
    return add_months(on, LONGEST_WAIVER_MONTHS)


@transaction.atomic
def waive_findings(findings: Sequence[Finding], reason: str, until: date, *, by: Any, at: datetime) -> int:
    """Say that the facts of these findings are right as they are, until a day; returns how many were waived.

    When the waiver ends, the clock starts anew. One that is waived already gets the new waiver instead. Raises
    ValueError without a reason, or for a day that is not within the next year.
    """
    on = localdate(at)
    if not reason.strip() or not on < until <= longest_waiver(on):
        raise ValueError("a waiver needs a reason and an end within a year")
    locked = list(Finding.objects.select_for_update().filter(pk__in=[one.pk for one in findings], closed_on=None))
    _end_waivers(locked, by, at)
    began = datetime.combine(until, time(), ZONE)
    for row in locked:
        row.waived_until, row.due_on = until, due_on(_severity(row), began)
    Finding.objects.bulk_update(locked, ["waived_until", "due_on"], batch_size=_CHUNK)
    Waiver.objects.bulk_create(
        Waiver(finding=row, reason=reason.strip()[:200], until_on=until, at=at, by=by) for row in locked
    )
    persons = {row.person_id for row in locked}
    record("monitoring.findings_waived", by=by, at=at, count=len(locked), persons=persons)
    return len(locked)


@transaction.atomic
def end_waivers(findings: Sequence[Finding], *, by: Any, at: datetime) -> int:
    """Take waivers back: the findings are due again by their clock, from now; returns how many were waived."""
    waived = Finding.objects.select_for_update().filter(pk__in=[one.pk for one in findings], closed_on=None)
    locked = list(waived.filter(waived_until__isnull=False))
    if not locked:
        return 0
    _end_waivers(locked, by, at)
    for row in locked:
        row.waived_until, row.due_on = None, due_on(_severity(row), at)
    Finding.objects.bulk_update(locked, ["waived_until", "due_on"], batch_size=_CHUNK)
    persons = {row.person_id for row in locked}
    record("monitoring.waivers_ended", by=by, at=at, count=len(locked), persons=persons)
    return len(locked)


def _end_waivers(findings: Sequence[Finding], by: Any, at: datetime) -> None:
    running = Waiver.objects.filter(finding__in=[row.pk for row in findings], ended_at__isnull=True)
    running.update(ended_at=at, ended_by=by)


def _severity(found: Found | Finding) -> str:
    """The severity by the rule that found it; that of a plain one for a rule that is in force no more."""
    rule = rule_behind(found.code, found.version)
    return rule.severity if rule else "normal"
