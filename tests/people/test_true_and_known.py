"""What is true on a day, and what was known of it at an instant, against a recomputation day by day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import end_open_jobs, save_jobs
from bangfu.people.models import Condition, Job, Person
from bangfu.people.recorded import Recorded
from bangfu.people.recording import close_states, record_states
from tests.factories import NOON, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]

FIRST = date(2026, 6, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
STATEMENTS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from(["healthy", "chronic", "serious", None]),
        st.sampled_from([Source.LEDGER, Source.PERSON, Source.VISIT]),
    ),
    max_size=6,
)
HISTORIES = st.lists(st.tuples(st.sampled_from(["start", "end"]), st.integers(0, 9)), max_size=6)
SLOW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def instant(number: int) -> datetime:
    """When statement `number` was recorded: a day apart, after all days that they speak of."""
    return NOON + timedelta(days=number)


def how(number: int, day: int, source: str = Source.LEDGER) -> Recorded:
    return Recorded(on=DAYS[day], source=source, by=None, at=instant(number), decided=True)


@SLOW
@given(STATEMENTS)
def test_an_exclusive_fact_against_a_diary(statements):
    person = PersonFactory()
    diary: dict[date, str | None] = dict.fromkeys(DAYS)
    diaries, begun = [], None
    for number, (day, value, source) in enumerate(statements):
        at = DAYS[day] if begun is None else max(begun, DAYS[day])
        if value is None:
            close_states(Condition, {person.pk: DAYS[day]}, how(number, day, source))
            changed, begun = begun is not None, None
        else:
            record_states(Condition, {person.pk: {"health": value}}, how(number, day, source))
            changed = begun is None or diary[DAYS[-1]] != value
            begun = at if changed else begun
        if changed:
            diary |= {later: value for later in DAYS if later >= at}
        diaries.append(dict(diary))
    versions = Condition.objects.filter(person=person)
    for number, expected in enumerate(diaries):
        told = {day: _one(versions.true_on_as_known_at(day, instant(number))) for day in DAYS}
        assert told == expected
    assert {day: _one(versions.true_on(day)) for day in DAYS} == diary


def _one(rows):
    """The value of the only version there may be."""
    (value,) = [row.health for row in rows] or [None]
    return value


@SLOW
@given(HISTORIES)
def test_jobs_against_a_diary(history):
    person: Person = PersonFactory()
    spells: dict[date, set[date]] = {}
    for number, (deed, day) in enumerate(history):
        if deed == "start":
            save_jobs([{"person": person.pk, "start": DAYS[day], "employer": "甲"}], how(number, day))
            spells.setdefault(DAYS[day], {later for later in DAYS if later >= DAYS[day]})
        else:
            end_open_jobs({person.pk: DAYS[day]}, how(number, day))
            for start, held in list(spells.items()):
                if start <= DAYS[day] and any(later >= DAYS[day] for later in held):
                    spells[start] = {later for later in held if later < DAYS[day]}
                    if not spells[start]:
                        del spells[start]
    for day in DAYS:
        believed = set(Job.objects.true_on(day).filter(person=person).values_list("valid_from", flat=True))
        assert believed == {start for start, held in spells.items() if day in held}
