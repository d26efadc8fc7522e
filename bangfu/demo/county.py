"""Puts the demo together: users, employers, posts, people, a year, insurance extracts, targets."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from bangfu.accounts.actions import create_user
from bangfu.accounts.models import Role, User
from bangfu.bulletins.actions import set_target
from bangfu.demo.agenda import Agenda
from bangfu.demo.casework import Office, losses_of
from bangfu.demo.history import (
    YEAR,
    Life,
    at_hour,
    confirm_months,
    invent_lives,
    register_county,
    tell_first_day,
    tell_weeks,
)
from bangfu.demo.invention import Inventor, Village
from bangfu.demo.rosters import send_roster
from bangfu.demo.visits import Visits
from bangfu.divisions.queries import children_of
from bangfu.employers.actions import Posted, post_vacancies
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.rules import feed_kinds
from bangfu.people.identity import id_number
from bangfu.people.models import Person
from bangfu.people.watchers import unwatched

COUNTY = "150522000000"
PASSWORD = "bangfu-demo-1"
HOUSEHOLDS = 7600
MONTH, DAY = "month", "day"
_PLACES = [
    (COUNTY, 46, True), ("150502000000", 9, True), ("150521000000", 4, True), ("210100000000", 0, False),
    ("210114000000", 9, False), ("110114000000", 8, False), ("110115000000", 6, False), ("120111000000", 4, False),
    ("320505000000", 6, False), ("331002000000", 4, False), ("441303000000", 4, False),
]  # fmt: skip


def demo_users(since: date) -> dict[str, User]:
    """The demo accounts by sign-in name, on duty since that day; all share one password that is printed."""
    town = children_of(COUNTY)[0]
    village = children_of(town.code)[0]
    wanted = [
        ("county", "刘敏", "县就业服务中心", Role.COUNTY_OFFICER, COUNTY),
        ("county2", "王海燕", "县就业服务中心", Role.COUNTY_OFFICER, COUNTY),
        ("town", "陈志远", f"{town.name}便民服务中心", Role.TOWN_OFFICER, town.code),
        ("village", "孙德才", village.name, Role.VILLAGE_OFFICER, village.code),
        ("supervisor", "那仁", "市就业服务中心", Role.SUPERVISOR, "150500000000"),
        ("auditor", "周正", "县审计局", Role.AUDITOR, COUNTY),
        ("sysadmin", "包国强", "县信息中心", Role.SYSTEM_ADMIN, COUNTY),
        ("secadmin", "白志刚", "县信息中心", Role.SECURITY_ADMIN, COUNTY),
        ("auditadmin", "韩雪", "县信息中心", Role.AUDIT_ADMIN, COUNTY),
    ]
    return {
        username: create_user(
            username, PASSWORD, name=name, office=office, role=role, division=division, since=since, by=None,
            at=at_hour(since), is_demo=True,
        )
        for username, name, office, role, division in wanted
    }  # fmt: skip


def demo_places(inventor: Inventor) -> list[dict[str, Any]]:
    """Counties of work with their invented employers."""
    draw, number, places = inventor.random, 0, []
    for code, weight, near in _PLACES:
        if not weight:
            continue
        employers = []
        for _ in range(max(6, weight * 2)):
            number += 1
            line = draw.choice(["建筑", "物流", "食品", "服装", "电子", "餐饮", "家政", "农牧", "养老服务"])
            employers.append({"name": f"合成{line}{number:03d}有限公司", "uscc": inventor.uscc(code, number)})
        places.append({"code": code, "weight": weight, "near": near, "employers": employers})
    return places


def post_year(
    agenda: Agenda, inventor: Inventor, places: Sequence[dict[str, Any]], first_day: date, by: Any
) -> list[tuple[int, date, date]]:
    """Put down the vacancies of the year, some every fortnight; returns the list of (key, first day, last day) that
    fills as they are posted."""
    draw, found = inventor.random, list[tuple[int, date, date]]()
    day = first_day
    while day <= inventor.today:
        rows = [
            _vacancy(inventor, draw.choices(places, [each["weight"] for each in places])[0], day) for _ in range(44)
        ]
        agenda.put(at_hour(day, 9, 30), partial(_post, found, rows, Posted(on=day, by=by, at=at_hour(day, 9, 30))))
        day += timedelta(days=14)
    return found


def _post(found: list[tuple[int, date, date]], rows: Sequence[dict[str, Any]], how: Posted) -> None:
    found += [(key, how.on, row["valid_until"]) for key, row in zip(post_vacancies(rows, how), rows, strict=True)]


def _vacancy(inventor: Inventor, place: dict[str, Any], day: date) -> dict[str, Any]:
    draw = inventor.random
    title, occupation = inventor.trade()
    low = draw.randrange(22, 48) * 100 if place["near"] else draw.randrange(32, 64) * 100
    employer = draw.choice(place["employers"])
    return {
        "employer": employer["name"], "uscc": employer["uscc"], "title": title, "occupation": occupation,
        "headcount": draw.choice([1, 2, 2, 3, 5, 5, 8, 10, 20]), "wage_low_amount": Decimal(low),
        "wage_high_amount": Decimal(low + draw.randrange(3, 26) * 100), "place": place["code"],
        "education": draw.choice(["", "", "", "junior", "senior"]), "level": draw.choice([0, 0, 0, 0, 5]),
        "age_low": 18, "age_high": draw.choice([50, 55, 55, 60, None]), "insured": draw.random() < 0.7,
        "lodging": draw.choice(["包吃住", "包住", "无"]), "requirements": "身体健康，能适应倒班",
        "contact": f"{draw.choice('张王李赵')}经理", "phone": inventor.phone(),
        "valid_until": day + timedelta(days=draw.randrange(28, 75)),
    }  # fmt: skip


def villages_of(draw: Any, households: int) -> list[Village]:
    """Every village of the county, some larger than others, about so many households in all: one at least in each."""
    codes = [village.code for town in children_of(COUNTY) for village in children_of(town.code)]
    weights = [draw.randrange(4, 40) for _ in codes]
    return [
        Village(code, max(1, round(households * weight / sum(weights))))
        for code, weight in zip(codes, weights, strict=True)
    ]


def send_insurance(agenda: Agenda, lives: Sequence[Life], months: Sequence[date], by: Any, draw: Any) -> None:
    """Put down the social insurance extracts of these months: those with insured jobs; a few of them stop in the last
    month."""
    numbers = {person.pk: id_number(person) for person in Person.objects.only("id", "id_sealed").iterator()}
    stopping = {life.person for life in lives if draw.random() < 0.006}
    for month in months:
        file = io.StringIO()
        out = csv.writer(file)
        out.writerow(["AAC002", "AAB001", "AAE003", "AAC031", "AAC040"])
        last = month + timedelta(days=27)
        for life in lives:
            job = next((one for one in life.spells if one.start <= last and (not one.end or one.end > last)), None)
            if job is None or not job.columns["insured"]:
                continue
            if month == months[-1] and life.person in stopping:
                continue
            unit, wage = job.columns.get("uscc", ""), int(job.columns["wage_amount"])
            out.writerow([numbers[life.person], unit, f"{month:%Y%m}", 1, wage])
        received = last + timedelta(days=5)
        send = partial(
            receive_feed, feed_kinds()["social_insurance"], file.getvalue().encode("gb18030"),
            f"参保明细{month:%Y%m}.csv", period=month, division=COUNTY, on=received, by=by, at=at_hour(received),
        )  # fmt: skip
        agenda.put(at_hour(received), send)


@unwatched()
def build_county(
    today: date,
    night: Callable[[date, datetime], Any],
    *,
    every: str = MONTH,
    households: int = HOUSEHOLDS,
    days: int = YEAR,
) -> None:
    """The whole demo up to the last evening, in the order of time: going live so many days ago, then the days with a
    `night` at the end of each month or on each of them (`every`). The night of today is left to the caller.
    """
    inventor, agenda = Inventor(today), Agenda()
    draw, first_day = inventor.random, today - timedelta(days=days)
    users = demo_users(first_day)
    rows = list(inventor.households(villages_of(draw, households)))
    keys = register_county(rows, first_day, users["county"])
    places = demo_places(inventor)
    posts = post_year(agenda, inventor, places, first_day, users["county"])
    lives = invent_lives(inventor, rows, keys, places)
    tell_first_day(lives, first_day, users["county"], draw)
    office = Office(agenda, [users["county"], users["county2"], users["town"]], posts, lives, inventor)
    live_on = first_day + timedelta(days=1)
    tell_weeks(agenda, lives, first_day, today, users["town"])
    months = _months_before(today, 3)
    confirm_months(agenda, lives, months, users["town"], draw)
    office.notice(losses_of(lives, live_on, today))
    office.course.supervise(_weeks(live_on, today))
    helpers = [users["county"], users["county2"], users["town"], users["village"]]
    Visits(agenda, helpers, inventor).begin(live_on, _weeks(live_on, today))
    send_insurance(agenda, lives, months[1:], users["county"], draw)
    for day in _nights(live_on, today, every):
        agenda.run(at_hour(day, 2))
        night(day, at_hour(day, 2))
        office.take_up(day)
    agenda.run(at_hour(today, 23, 59))
    send_roster(COUNTY, months[-1], users["county"])
    at_work = sum(1 for life in lives if any(spell.end is None for spell in life.spells))
    set_target(
        COUNTY, today.year, "I2", round(at_work, -2), source="演示目标（合成数据）", by=users["county"],
        at=at_hour(first_day),
    )  # fmt: skip


def _nights(live_on: date, today: date, every: str) -> list[date]:
    """The first day in use, then each day or each last day of a month, before today."""
    days = [live_on + timedelta(days=number) for number in range((today - live_on).days)]
    return [day for day in days if every == DAY or day == live_on or (day + timedelta(days=1)).day == 1]


def _weeks(live_on: date, today: date) -> list[date]:
    """The Mondays after the first day in use, before today."""
    days = [live_on + timedelta(days=number) for number in range(1, (today - live_on).days)]
    return [day for day in days if day.weekday() == 0]


def _months_before(today: date, count: int) -> list[date]:
    months, day = [], today.replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        months.append(day)
    return months[::-1]
