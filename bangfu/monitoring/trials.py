"""A rule tried with other values: how many a week it would have found lately, and how many of them were true.

The rule is judged on the snapshots of the last weeks, once as it stands and once with the values to be tried. Who is
newly true from one snapshot to the next would have been found in between. Of these some were looked into meanwhile:
their answers tell how often the rule, so changed, is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bangfu.accounts.models import User
from bangfu.audit.actions import record
from bangfu.divisions.ranges import code_range
from bangfu.lake.snapshots import SnapshotError, days
from bangfu.monitoring.listing import rule_for
from bangfu.monitoring.models import Trial
from bangfu.monitoring.precision import Precision, answers_by_person
from bangfu.monitoring.proof import shown
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.errors import ParameterNotDatedError
from bangfu.rulebook.rules import Rule
from bangfu.rulebook.trial import persons_found, with_values

WEEKS = 8
NOW, TRIED = "now", "tried"
NO_SNAPSHOTS, FAILED = "no_snapshots", "failed"
Persons = Mapping[int, str]


def begin_trial(rule: Rule, values: Mapping[str, str], division: str, *, by: User, at: datetime) -> Trial:
    """Note a trial to be computed for a place. RuleError where a value is none that the parameter can have."""
    with_values(rule, values, rule.valid_from)
    trial = Trial.objects.create(
        code=rule.code, division=division, values=dict(values), by=by, asked_at=at, moved_at=at,
        total=len(trial_days(timezone.localdate(at))),
    )  # fmt: skip
    facts = {"code": rule.code, "division": division}
    record("monitoring.rule_tried", by=by, at=at, count=1, facts=facts)
    return trial


def trial_days(on: date) -> list[date]:
    """The snapshots of the last weeks, rising: of each week the newest, and the one before the first week."""
    newest: dict[int, date] = {}
    for day in days(settings.LAKE):
        age = (on - day).days // 7
        if 0 <= age <= WEEKS:
            newest[age] = day
    return sorted(newest.values())


def run_trial(key: int) -> Trial:
    """Compute a trial; one that is computed stays as it is. Safe to be killed and run again."""
    trial = Trial.objects.select_related("by").get(pk=key)
    if trial.result is not None or trial.trouble:
        return trial
    try:
        rule = rule_for(trial.code, trial.division)
        found = list(_judged(trial, rule))
    except (SnapshotError, ParameterNotDatedError):
        return _end(trial, trouble=FAILED)
    if len(found) < 2:
        return _end(trial, trouble=NO_SNAPSHOTS)
    since = found[0][0]
    answers = answers_by_person(trial.by, trial.division, trial.code, since)
    told = {name: _told([(day, sets[name]) for day, sets in found], answers) for name in (NOW, TRIED)}
    return _end(trial, result={"since": since.isoformat(), "on": found[-1][0].isoformat(), **told})


def _judged(trial: Trial, rule: Rule) -> Iterator[tuple[date, dict[str, Persons]]]:
    low, high = code_range(trial.division)
    chosen = trial_days(timezone.localdate(trial.asked_at))
    for number, day in enumerate(chosen, 1):
        with shown(day, trial.division) as connection:
            both = {NOW: rule, TRIED: with_values(rule, trial.values, rule.valid_from)}
            sets = {
                name: {
                    person: place
                    for person, place in persons_found(connection, rulebook(), one, day).items()
                    if low <= place < high
                }
                for name, one in both.items()
            }
        Trial.objects.filter(pk=trial.pk).update(done=number, total=len(chosen), moved_at=timezone.now())
        yield day, sets


def _told(found: Sequence[tuple[date, Persons]], answers: Mapping[int, tuple[str, int | None]]) -> dict[str, Any]:
    """What one form of the rule found: how many stand now, how many were new between the snapshots, and the answers."""
    fresh: dict[int, None] = {}
    steps = []
    for (before, old), (day, new) in pairwise(found):
        came = new.keys() - old.keys()
        steps.append({"from": before.isoformat(), "to": day.isoformat(), "new": len(came)})
        fresh |= dict.fromkeys(came)
    known = Precision()
    for person in fresh:
        if person in answers:
            finding, minutes = answers[person]
            known.add(finding, 1, minutes or 0, int(minutes is not None))
    weeks = (found[-1][0] - found[0][0]).days / 7
    return {
        "standing": len(found[-1][1]), "steps": steps, "new": sum(step["new"] for step in steps),
        "weekly": round(sum(step["new"] for step in steps) / weeks, 2), "persons": len(fresh),
        "found": known.found, "minutes": known.minutes, "timed": known.timed,
    }  # fmt: skip


def _end(trial: Trial, *, result: dict[str, Any] | None = None, trouble: str = "") -> Trial:
    trial.result, trial.trouble, trial.moved_at = result, trouble, timezone.now()
    trial.save(update_fields=["result", "trouble", "moved_at"])
    return trial


@transaction.atomic
def take_up_left(*, at: datetime, still: timedelta) -> list[int]:
    """The keys of trials on which nothing has moved for so long: their worker was killed. Each is given out once in
    that time."""
    rows = Trial.objects.select_for_update().filter(result__isnull=True, trouble="", moved_at__lte=at - still)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    Trial.objects.filter(pk__in=keys).update(moved_at=at)
    return keys
