"""Alarms of towns in which work is falling: judged every night, answered by whoever is responsible for the place.

An alarm closes by itself when the figures are no longer so, and keeps what somebody did about it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.monitoring.look_models import AreaAlarm
from bangfu.monitoring.looking import keep_found
from bangfu.monitoring.proof import shown
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.engine import Engine
from bangfu.rulebook.evaluate import Found, evaluate
from bangfu.rulebook.places import range_sql
from bangfu.rulebook.rules import ALARM
from bangfu.rulebook.views import compute, needs

BACK = timedelta(days=30)
"""How far town_day looks back."""


class AlarmOverError(ValueError):
    """The alarm is over; nothing was written."""


def judge_alarms(engine: Engine, on: date) -> list[Found]:
    """What the rules about towns find true in the snapshot shown."""
    return list(evaluate(engine, rulebook(), on, (ALARM,)).found)


@transaction.atomic
def record_alarms(found: Sequence[Found], on: date, *, at: datetime) -> int:
    """Open, renew and close alarms; returns how many are open."""
    wanted = {(one.code, str(one.division)): one for one in found}
    fresh, gone = keep_found(AreaAlarm, "division", wanted, on)
    if fresh or gone:
        record("monitoring.alarms_judged", by=None, at=at, count=fresh, facts={"closed": gone})
    return len(wanted)


@transaction.atomic
def answer_alarm(alarm: int, said: str, *, by: Any, at: datetime) -> None:
    """Keep what was done about an alarm (by key); a later answer replaces an earlier one.

    Raises ValueError without words, AlarmOverError where it is over.
    """
    if not said.strip():
        raise ValueError("an answer needs words")
    row = AreaAlarm.objects.select_for_update().filter(pk=alarm, closed_on__isnull=True).first()
    if row is None:
        raise AlarmOverError
    row.said, row.answered_at, row.answered_by = said.strip()[:300], at, by
    row.save(update_fields=["said", "answered_at", "answered_by"])
    record("monitoring.alarm_answered", by=by, at=at, count=1, division=row.division, facts={"alarm": str(row.pk)})


def persons_behind(alarm: AreaAlarm, *, after: int, most: int) -> list[int]:
    """Those who lost their work (the view's `lost_work`), rising from beyond the key `after`, at most so many.
    SnapshotError where the snapshot of the night is gone."""
    day, views = alarm.judged_on, rulebook().views
    asked = needs(views, {"person_day": ("able", "will_work", "at_school", "jobs_open")})
    before = f"DATE '{day - BACK}'"
    with shown(day, alarm.division) as engine:
        table = compute(engine, views, "person_day", day, asked)
        rows = engine.rows(
            f"SELECT person FROM {table} WHERE able AND will_work AND at_school IS NOT TRUE AND jobs_open = 0 "  # noqa: S608
            f"AND {range_sql(alarm.division)} AND person > {int(after)} AND person IN (SELECT person FROM jobs "
            f"WHERE valid_from <= {before} AND (valid_to IS NULL OR valid_to > {before})) "
            f"ORDER BY person LIMIT {int(most)}"
        )
    return [person for (person,) in rows]
