"""Pairing of the monitored households of the demo, and a year of visits."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from bangfu.cases.pairing_board import ORPHANED, homes_of, monitored_in
from bangfu.cases.visiting import CardGiven, Visited, give_policy_cards, pair_households, record_visits
from bangfu.demo.agenda import Agenda
from bangfu.demo.history import at_hour
from bangfu.demo.invention import Inventor

_FINDINGS = [
    "家庭情况稳定，成员在家务农并打零工", "有一人在外务工，每月按时寄回工资", "家中老人需照护，暂不能外出",
    "孩子在校就读，无辍学风险", "近期看病支出较大，已告知医疗救助政策", "住房安全，饮水有保障",
]  # fmt: skip
_NEEDS = ["", "", "", "希望在县内找到岗位", "想参加技能培训", "咨询医疗救助"]
_PAIRED, _VISITED = 0.94, 0.93


class Visits:
    """Who helps which household, and what is found there, put down on the agenda; `users` are the helpers, the first of
    them sees the whole county."""

    def __init__(self, agenda: Agenda, users: Sequence[Any], inventor: Inventor) -> None:
        self.agenda, self.users = agenda, users
        self.today, self.draw = inventor.today, inventor.random
        self.number = 0

    def begin(self, live_on: date, weeks: Iterable[date]) -> None:
        """Nearly all households are paired on the first day; what is due in a week is visited on its Monday, most of
        it."""
        self.agenda.put(at_hour(live_on, 9), partial(self._pair, live_on))
        for day in weeks:
            self.agenda.put(at_hour(day, 14), partial(self._visit, day))

    def _pair(self, day: date) -> None:
        homes = [home for home in homes_of(monitored_in(self.users[0]), day) if home.state_on(day) == ORPHANED]
        chosen: dict[int, list[int]] = {}
        for number, home in enumerate(homes):
            if self.draw.random() < _PAIRED:
                chosen.setdefault(number % len(self.users), []).append(home.household)
        for at, households in sorted(chosen.items()):
            pair_households(households, self.users[at], by=self.users[0], at=at_hour(day, 9))

    def _visit(self, day: date) -> None:
        by_helper: dict[int, list[int]] = {}
        for home in homes_of(monitored_in(self.users[0]), day):
            due = home.helper is not None and home.due_on is not None and home.due_on < day + timedelta(days=7)
            if due and home.helper is not None and self.draw.random() < _VISITED:
                by_helper.setdefault(home.helper, []).append(home.household)
        for user in self.users:
            visits = [self._visited(household, day) for household in by_helper.get(user.pk, ())]
            if visits:
                record_visits(visits, by=user, at=at_hour(day, 14))
                cards = [CardGiven(one.household, str(day.year), "head", day) for one in visits]
                give_policy_cards(cards, by=user, at=at_hour(day, 14))

    def _visited(self, household: int, day: date) -> Visited:
        self.number += 1
        channel = self.draw.choice(["visit", "visit", "visit", "phone"])
        findings, needs = self.draw.choice(_FINDINGS), self.draw.choice(_NEEDS)
        return Visited(household, channel, day, findings, f"demo-v{self.number}", needs=needs)
