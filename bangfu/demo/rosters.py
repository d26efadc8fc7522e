"""The roster of a workshop as workshops write it: names and days of birth, no ID numbers, and the usual slips."""

import csv
import io
import random
from datetime import date, timedelta
from typing import Any

from bangfu.demo.history import at_hour
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import TOWN
from bangfu.monitoring.feeds import receive_feed
from bangfu.monitoring.rules import feed_kinds
from bangfu.people.models import Standing

_WORKERS, _STRANGERS = 60, 12
_FEWEST_CHARACTERS = 3
_SEXES = {"male": "男", "female": "女"}
_HEAD = ["姓名", "性别", "出生日期", "家庭住址", "月份", "上岗日期", "出勤天数", "工资"]


def send_roster(division: str, month: date, by: Any) -> None:
    """The roster of the month (its first day): most lines find their person, some wait for an officer, some are of
    nobody known. It draws from a seed of its own, so that it changes nothing else of the demo."""
    draw = random.Random(f"roster {month}")
    standings = Standing.objects.filter(person__withdrawn_at__isnull=True, able=True).select_related("person")
    staff = draw.sample(list(standings.order_by("person_id")), _WORKERS)
    homes = full_names_of((one.division for one in staff), above=TOWN - 1)
    file = io.StringIO()
    out = csv.writer(file)
    out.writerow(_HEAD)
    for at, one in enumerate(staff):
        name, born = _written(draw, one.person.name, one.person.born_on, at)
        home = homes.get(one.division, "").replace(" ", "")
        out.writerow([name, _SEXES[one.person.sex], born, home, *_work(draw, month)])
    for at in range(_STRANGERS):
        born = date(1960 + draw.randrange(40), 1 + draw.randrange(12), 1 + draw.randrange(28))
        out.writerow([f"{'孙李赵钱'[at % 4]}{draw.choice('合成样例')}", "", born, "", *_work(draw, month)])
    last = month + timedelta(days=27)
    received = last + timedelta(days=8)
    receive_feed(
        feed_kinds()["workshop_roster"], file.getvalue().encode(), f"车间花名册{month:%Y%m}.csv", period=month,
        division=division, on=received, by=by, at=at_hour(received),
    )  # fmt: skip


def _written(draw: random.Random, name: str, born: date, at: int) -> tuple[str, date]:
    """A name and a day of birth as somebody copied them: one in six with another character or a lunar day."""
    if at % 12 == 0 and len(name) >= _FEWEST_CHARACTERS:
        return name[:-1] + draw.choice("花霞梅英"), born
    if at % 12 == 6:
        return name, born - timedelta(days=draw.randrange(20, 28))
    return name, born


def _work(draw: random.Random, month: date) -> list[Any]:
    return [
        f"{month:%Y%m}",
        date(month.year - 1, 3 + draw.randrange(9), 1),
        draw.randrange(12, 27),
        2000 + draw.randrange(14) * 100,
    ]
