"""A year of cases: opened where somebody lost work, surveyed, served, closed; some late, as in life."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.timezone import localdate

from bangfu.cases.actions import (
    NeedSurvey,
    Opening,
    ServiceGiven,
    assign_helper,
    close_cases,
    give_services,
    open_cases,
    survey_cases,
)
from bangfu.cases.choices import NEED_SECOND, Finding, Outcome
from bangfu.cases.models import Case
from bangfu.demo.agenda import Agenda
from bangfu.demo.course import Course
from bangfu.demo.history import Life, at_hour, how
from bangfu.demo.invention import TRADES, Inventor
from bangfu.divisions.ranges import county_of
from bangfu.people.facts_base import Source
from bangfu.people.jobs_held import start_jobs

_OBSTACLES = ["skill", "skill", "children", "elders", "transport", "age", "information", "health"]
_CHANNELS = ["visit", "phone", "phone", "hall"]
_REFUSALS = ["wage", "far", "family", "hours"]
_COURSES = ["电工（五级）培训班", "养老护理员（五级）培训班", "中式面点师（五级）培训班", "焊工（五级）培训班"]


_SETTLED, _LONG_AGO = 0.93, 130
_OTHER_WAYS = {
    Outcome.SELF_EMPLOYED: 34, Outcome.PUBLIC_POST: 26, Outcome.NO_WILL: 24, Outcome.IN_TRAINING: 6,
    Outcome.MOVED_OUT: 5, Outcome.UNREACHABLE: 5,
}  # fmt: skip
_WORK = (Outcome.SELF_EMPLOYED, Outcome.PUBLIC_POST)


@dataclass(frozen=True)
class Loss:
    """Somebody who lost work on a day, and the day on which the next job begins (None: not yet)."""

    person: int
    division: str
    day: date
    next_on: date | None


def losses_of(lives: Sequence[Life], first_day: date, today: date) -> list[Loss]:
    """Everybody who lost work since the first day and wants to work, in the order of the days."""
    found = []
    for life in lives:
        for at, spell in enumerate(life.spells):
            if spell.end and first_day < spell.end < today and life.will_work:
                after = life.spells[at + 1].start if at + 1 < len(life.spells) else None
                found.append(Loss(life.person, life.division, spell.end, after if after and after <= today else None))
    return sorted(found, key=lambda loss: (loss.day, loss.person))


class Office:
    """The officers who work the cases of the year, each when its turn comes on the agenda; `posts` are (key, first day,
    last day) of vacancies, `lives` all who can work."""

    def __init__(
        self,
        agenda: Agenda,
        officers: Sequence[Any],
        posts: Sequence[tuple[int, date, date]],
        lives: Sequence[Life],
        inventor: Inventor,
    ) -> None:
        self.agenda, self.officers, self.posts = agenda, officers, posts
        self.lives = {life.person: life for life in lives}
        self.today, self.draw = inventor.today, inventor.random
        self.taken: set[int] = set()
        self.course = Course(agenda, officers, inventor)

    def notice(self, losses: Sequence[Loss]) -> None:
        """Put down that villages notice these losses: in the last two weeks on the next day, before at the end of the
        week."""
        by_day: dict[date, list[Loss]] = {}
        for loss in losses:
            week = loss.day - timedelta(days=loss.day.weekday())
            recent = (self.today - week).days < 14
            day = loss.day + timedelta(days=1) if recent else week + timedelta(days=7)
            by_day.setdefault(min(day, self.today - timedelta(days=1)), []).append(loss)
        for day, some in sorted(by_day.items()):
            self.agenda.put(at_hour(day, 8, 20), partial(self._open, some, day))

    def _open(self, losses: Sequence[Loss], day: date) -> None:
        by_person = {loss.person: loss for loss in losses}
        openings = [
            Opening(one.person, one.division, "job_ended_no_next", {"job_ended_on": one.day.isoformat()})
            for one in by_person.values()
        ]
        cases = open_cases(openings, by=None, at=at_hour(day, 8, 20))
        self._handle({case: by_person[person] for person, case in cases.items() if case not in self.taken}, day)

    def take_up(self, day: date) -> None:
        """Put down the work on what the night of that day opened: the backlog in the order in which it is due."""
        cases = Case.objects.filter(closed_at__isnull=True, legs__stage="need_survey").order_by("legs__due_at", "id")
        turns: dict[date, dict[int, Loss]] = {}
        for case, person, division, backlog, due in cases.values_list(
            "id", "person_id", "division", "backlog", "legs__due_at"
        ):
            if case in self.taken:
                continue
            spells = self.lives[person].spells if person in self.lives else ()
            after = min((spell.start for spell in spells if spell.start > day), default=None)
            turn = localdate(due - timedelta(hours=1)) if backlog else day
            turns.setdefault(turn, {})[case] = Loss(
                person, division, day, after if after and after <= self.today else None
            )
        for turn, some in sorted(turns.items()):
            self._handle(some, turn)

    def _handle(self, cases: Mapping[int, Loss], day: date) -> None:
        """Put down the survey of these cases (by key) from that day on: nine in ten within the 24 hours, the others a
        day or more later; whom it confirms is served and, sooner or later, settled."""
        self.taken |= set(cases)
        for wait, some in _shared_out(self.draw, sorted(cases), [0, 1, 3, 20], [84, 10, 4, 2]):
            when = day + timedelta(days=wait)
            if when < self.today:
                mine = {case: cases[case] for case in some}
                self.agenda.put(at_hour(when, 15, 30), partial(self._survey, mine, when))

    def _survey(self, cases: Mapping[int, Loss], when: date) -> None:
        officer = self.draw.choice(self.officers)
        needs = [self._need(case) for case in _still_open(cases)]
        survey_cases(needs, by=officer, at=at_hour(when, 15, 30))
        confirmed = [need.case for need in needs if need.finding == Finding.CONFIRMED]
        assign_helper(confirmed, officer, by=officer, at=at_hour(when, 15, 40))
        for wait, some in _shared_out(self.draw, confirmed, [3, 6, 14, 40], [48, 41, 8, 3]):
            served_on = when + timedelta(days=wait)
            if served_on < self.today:
                self.agenda.put(at_hour(served_on, 11), partial(self._serve, some, served_on))
        self.course.plan(confirmed, officer, when)
        self.course.pause(confirmed, officer, when)
        self._settle({case: cases[case] for case in confirmed}, when)

    def _need(self, case: int) -> NeedSurvey:
        trade = self.draw.choice(TRADES)[0]
        return NeedSurvey(
            case=case, finding=self.draw.choices(list(Finding), [91, 4, 5])[0],
            channel=self.draw.choice(_CHANNELS), client_key=f"demo-s-{case}",
            wished_occupation=trade, reach=self.draw.choice(["county", "city", "province", "anywhere", "anywhere"]),
            wage_floor_amount=Decimal(self.draw.randrange(22, 42) * 100), wants_training=self.draw.random() < 0.4,
            wished_trade=self.draw.choice(TRADES)[0],
            obstacles=tuple(self.draw.sample(_OBSTACLES, self.draw.choice([0, 1, 1, 2]))),
            minutes=self.draw.choice([None, 10, 15, 20, 30, 45, 60]),
        )  # fmt: skip

    def _serve(self, cases: Sequence[int], when: date) -> None:
        services = [service for case in _still_open(cases) for service in self._package(case, when)]
        give_services(services, by=self.draw.choice(self.officers), at=at_hour(when, 11))

    def _package(self, case: int, when: date) -> list[ServiceGiven]:
        channel = self.draw.choice(_CHANNELS)
        open_posts = [key for key, first, last in self.posts if first <= when <= last]
        chosen = self.draw.sample(open_posts, min(3, len(open_posts)))
        rows = [ServiceGiven(case, "guidance", channel, "accepted", f"demo-g-{case}", title="求职方向与面试准备")]
        for place, post in enumerate(chosen):
            answer = self.draw.choices(["thinking", "refused", "accepted", "unreachable"], [38, 44, 13, 5])[0]
            reason = self.draw.choice(_REFUSALS) if answer == "refused" else ""
            rows.append(
                ServiceGiven(case, "job_offer", channel, answer, f"demo-o{place}-{case}", post=post, reason=reason)
            )
        course = self.draw.choice(_COURSES)
        answer = self.draw.choices(["thinking", "refused", "accepted"], [45, 35, 20])[0]
        rows.append(ServiceGiven(case, "training_offer", channel, answer, f"demo-t-{case}", title=course))
        return rows

    def _settle(self, cases: Mapping[int, Loss], day: date) -> None:
        """Put down how they end: whoever finds work closes as employed in that week; most others find another way
        within three months."""
        weeks: dict[date, dict[int, tuple[Loss, str]]] = {}
        for case, loss in cases.items():
            outcome, when = Outcome.EMPLOYED, loss.next_on
            settled = (self.today - day).days > _LONG_AGO or self.draw.random() < _SETTLED
            if when is None and settled:
                outcome = self.draw.choices(list(_OTHER_WAYS), list(_OTHER_WAYS.values()))[0]
                when = day + timedelta(days=self.draw.randrange(15, 84))
            when = max(when, day + timedelta(days=1)) if when else None
            if when and when < self.today:
                friday = when - timedelta(days=when.weekday()) + timedelta(days=4)
                weeks.setdefault(min(friday, self.today - timedelta(days=1)), {})[case] = (loss, outcome)
        for when, some in sorted(weeks.items()):
            self.agenda.put(at_hour(when, 17), partial(self._close, some, when))

    def _close(self, cases: Mapping[int, tuple[Loss, str]], when: date) -> None:
        officer, still = self.draw.choice(self.officers), {case: cases[case] for case in _still_open(cases)}
        begun = [_own_work(loss, outcome, when) for loss, outcome in still.values() if outcome in _WORK]
        if begun:
            start_jobs(begun, how(when, officer, hour=17, source=Source.OFFICER))
        ended = {case: outcome for case, (_, outcome) in still.items()}
        close_cases(
            {case: outcome for case, outcome in ended.items() if outcome not in NEED_SECOND},
            by=officer, at=at_hour(when, 17),
        )  # fmt: skip
        self.course.leave({case: outcome for case, outcome in ended.items() if outcome in NEED_SECOND}, officer, when)


def _shared_out(
    draw: random.Random, cases: Sequence[int], waits: Sequence[int], weights: Sequence[int]
) -> Iterator[tuple[int, list[int]]]:
    """The cases by how many days they wait, the shortest first."""
    groups: dict[int, list[int]] = {}
    for case in cases:
        groups.setdefault(draw.choices(waits, weights)[0], []).append(case)
    return iter(sorted(groups.items()))


def _still_open(cases: Iterable[int]) -> list[int]:
    """Those of the cases that nobody has closed meanwhile, rising."""
    rows = Case.objects.filter(pk__in=list(cases), closed_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _own_work(loss: Loss, outcome: str, when: date) -> dict[str, Any]:
    public = outcome == Outcome.PUBLIC_POST
    form, channel = ("公益性岗位", "公益岗位") if public else ("自主创业", "自主创业")
    return {
        "person": loss.person, "start": when, "employer": "村民委员会" if public else "",
        "place": county_of(loss.division),
        "occupation": "保洁员" if public else "个体经营", "wage_amount": Decimal(1200 if public else 3000),
        "form": form, "channel": channel, "insured": False,
    }  # fmt: skip
