"""Twelve months of a county's life, made through the same actions as the real one."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.timezone import get_default_timezone

from bangfu.core.parts import in_parts
from bangfu.core.retirement import add_months
from bangfu.demo.agenda import Agenda
from bangfu.demo.invention import Inventor
from bangfu.people.actions import register_people
from bangfu.people.choices import RoundAnswer
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import Answered, answer_work_round, record_work
from bangfu.people.recorded import Recorded

YEAR = 365
_PART = 2000
_INDUSTRIES = ("制造业", "建筑业", "住宿和餐饮业", "批发和零售业", "居民服务、修理和其他服务业")
_GAP = 31  # with such a wage nobody said which industry: the data of a real county have gaps
_YOUNGEST_MONTHS = 16 * 12  # Labour Law, art. 15
_REASONS = ["刚离岗", "照顾家人", "身体原因", "技能不足", "未找到合适岗位"]


@dataclass
class Spell:
    """A job of the invented life of a person."""

    start: date
    end: date | None
    columns: dict[str, Any]


@dataclass
class Life:
    """What happens to one invented person; `silent` persons never told anybody about their work."""

    person: int
    division: str
    will_work: bool
    spells: list[Spell] = field(default_factory=list)
    silent: bool = False


def at_hour(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of that day in local time."""
    return datetime.combine(day, time(hour, minute), get_default_timezone())


def how(day: date, by: Any, *, hour: int = 10, source: str = Source.LEDGER) -> Recorded:
    """A recording of that day."""
    return Recorded(on=day, source=source, by=by, at=at_hour(day, hour))


def register_county(rows: Sequence[Mapping[str, Any]], first_day: date, by: Any) -> dict[str, int]:
    """The roster of a year ago; returns the person key of each ID number."""
    keys: dict[str, int] = {}
    for part in in_parts(rows, _PART):
        keys |= register_people(part, how(first_day, by))
    return keys


def invent_lives(
    inventor: Inventor, rows: Sequence[Mapping[str, Any]], keys: Mapping[str, int], places: Sequence[Mapping[str, Any]]
) -> list[Life]:
    """The working lives of all who can work."""
    lives = []
    for row in rows:
        can_work = row["labour_capacity"] in {"ordinary", "skilled", "weak"} and row["school"] in {"none", "preschool"}
        if not can_work or row["age"] < 17:
            continue
        life = Life(keys[row["id_number"]], row["division"], row["will_work"])
        life.silent = inventor.random.random() < 0.03
        if not life.silent:
            life.spells = list(_spells(inventor, row, places))
        lives.append(life)
    return lives


def _spells(inventor: Inventor, row: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> Iterator[Spell]:
    """Jobs one after another over three years; who does not want to work has none."""
    draw, today = inventor.random, inventor.today
    if not row["will_work"] or draw.random() < 0.04:
        return
    day = max(today - timedelta(days=draw.randrange(380, 1100)), add_months(row["born_on"], _YOUNGEST_MONTHS))
    while day < today - timedelta(days=4):
        length = draw.choices([draw.randrange(40, 170), draw.randrange(170, 420), 2000], [9, 16, 75])[0]
        end = day + timedelta(days=length)
        yield Spell(day, end if end <= today else None, _job_columns(draw, inventor, places, row))
        day = end + timedelta(days=draw.choices([draw.randrange(1, 20), draw.randrange(20, 90), 500], [52, 33, 15])[0])


def _job_columns(
    draw: random.Random, inventor: Inventor, places: Sequence[Mapping[str, Any]], row: Mapping[str, Any]
) -> dict[str, Any]:
    place = draw.choices(places, [each["weight"] for each in places])[0]
    title, _ = inventor.trade()
    wage = draw.randrange(22, 62) if place["near"] else draw.randrange(34, 86)
    insured = draw.random() < (0.42 if place["near"] else 0.66)
    return {
        "employer": draw.choice(place["employers"])["name"], "uscc": "", "place": place["code"], "occupation": title,
        "wage_amount": Decimal(wage * 100), "form": "单位就业" if insured else "灵活就业", "insured": insured,
        "channel": "本地企业" if place["near"] else "外出务工",
        "organised": False if place["near"] else draw.random() < 0.2,
        "industry": _INDUSTRIES[wage % len(_INDUSTRIES)] if wage % _GAP else "",
    }  # fmt: skip


def tell_first_day(lives: Sequence[Life], first_day: date, by: Any, draw: random.Random) -> None:
    """The job ledger of the first day: what began by then, and who said to be without work."""
    rows: list[dict[str, Any]] = []
    for life in lives:
        if life.silent:
            continue
        begun = [spell for spell in life.spells if spell.start <= first_day]
        for spell in begun:
            ended = spell.end if spell.end and spell.end <= first_day else None
            rows.append({"person": life.person, "working": True, "start": spell.start, "end": ended, **spell.columns})
        if not begun:
            rows.append({"person": life.person, "working": False, "reason": draw.choice(_REASONS)})
    rows.sort(key=lambda row: row["working"])
    for part in in_parts(rows, _PART):
        record_work(part, how(first_day, by, hour=14))


def tell_weeks(agenda: Agenda, lives: Sequence[Life], first_day: date, today: date, by: Any) -> None:
    """What changed since, week by week, as answers of the work round at the end of the week."""
    events: dict[date, list[Answered]] = {}
    for life in lives:
        for spell in life.spells:
            if first_day < spell.start < today:
                _note(events, life, spell.start, RoundAnswer.STARTED, spell)
            if spell.end and first_day < spell.end < today and spell.start <= spell.end:
                _note(events, life, spell.end, RoundAnswer.ENDED, spell)
    for week in sorted(events):
        day = min(week + timedelta(days=6), today)
        ordered = sorted(events[week], key=lambda one: one.on or day)
        seen: set[int] = set()
        now = [one for one in ordered if one.person not in seen and not seen.add(one.person)]  # type: ignore[func-returns-value]
        late = [one for one in ordered if one not in now]
        for answers in (now, late):
            for part in in_parts(answers, _PART):
                _put_answers(agenda, part, day, 16, by)


def _put_answers(agenda: Agenda, answers: Sequence[Answered], day: date, hour: int, by: Any) -> None:
    told = how(day, by, hour=hour, source=Source.OFFICER)
    agenda.put(told.at, lambda: answer_work_round(answers, told))


def _note(events: dict[date, list[Answered]], life: Life, day: date, answer: str, spell: Spell) -> None:
    week = day - timedelta(days=day.weekday())
    key = f"{life.person}-{day:%Y%m%d}-{answer[0]}"[:36]
    job = spell.columns if answer == RoundAnswer.STARTED else None
    events.setdefault(week, []).append(Answered(life.person, day.replace(day=1), answer, key, day, job))


def confirm_months(agenda: Agenda, lives: Sequence[Life], months: Sequence[date], by: Any, draw: random.Random) -> None:
    """The answers "still at the same job" of the last months, for most of those at work."""
    for month in months:
        day = month + timedelta(days=22)
        still = [
            Answered(life.person, month, RoundAnswer.CONFIRMED, f"{life.person}-{month:%Y%m}-c"[:36])
            for life in lives
            if any(spell.start < month and (spell.end is None or spell.end > day) for spell in life.spells)
            and draw.random() < 0.88
        ]
        for part in in_parts(still, 4000):
            _put_answers(agenda, part, day, 17, by)
