"""The course of the cases of the year beside surveys and services: plans, pauses, ways out, follow-ups, and the
county's word on what ran out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from bangfu.cases.choices import Outcome
from bangfu.cases.clockwork import FOLLOW_UP
from bangfu.cases.course_models import Escalation, StillThere
from bangfu.cases.escalating import raise_overdue, take_up
from bangfu.cases.following import Asked, record_follow_ups
from bangfu.cases.models import Case, Leg
from bangfu.cases.pausing import PauseAsked, Tried, note_attempts, pause_cases
from bangfu.cases.planning import PlanMade, draft_of, make_plans, sign_plans
from bangfu.cases.ways_out import Decision, Proposal, decide_ways_out, propose_ways_out
from bangfu.demo.agenda import Agenda
from bangfu.demo.history import at_hour
from bangfu.demo.invention import Inventor

_WHY = {
    Outcome.NO_WILL: "连续三次推荐岗位均拒绝，本人表示暂不就业", Outcome.NO_CAPACITY: "经村委会核实已丧失劳动能力",
    Outcome.UNREACHABLE: "不同日期多次联系未果，村委会不掌握去向", Outcome.MOVED_OUT: "全家已迁往外地，户口已迁出",
    Outcome.DECEASED: "村委会出具证明",
}  # fmt: skip
_PAUSED, _PLANNED = 0.02, 0.25


class Course:
    """What the officers do on the way of cases, put down on the agenda when the time comes."""

    def __init__(self, agenda: Agenda, officers: Sequence[Any], inventor: Inventor) -> None:
        self.agenda, self.officers = agenda, officers
        self.today, self.draw = inventor.today, inventor.random

    def plan(self, cases: Sequence[int], officer: Any, when: date) -> None:
        """A quarter of them get a plan on the day of the survey, most of these are signed a day later."""
        chosen = [case for case in cases if self.draw.random() < _PLANNED]
        rows = Case.objects.filter(pk__in=chosen, closed_at__isnull=True).prefetch_related(
            "legs", "services", "surveys"
        )
        made = []
        for case in rows.order_by("pk"):
            goal, measures = draft_of(case, max(case.surveys.all(), key=lambda one: one.pk), officer.name)
            made.append(PlanMade(case.pk, goal, measures, f"demo-p-{case.pk}"))
        plans = make_plans(made, by=officer, at=at_hour(when, 15, 45)) if made else []
        signed = [key for key in plans if self.draw.random() < 0.8]
        day = when + timedelta(days=1)
        if signed and day < self.today:
            self.agenda.put(at_hour(day, 9), partial(sign_plans, signed, by=officer, at=at_hour(day, 9)))

    def pause(self, cases: Sequence[int], officer: Any, when: date) -> None:
        """Few are in hospital for some weeks: their clocks stand still from the day after the survey."""
        chosen = [case for case in cases if self.draw.random() < _PAUSED]
        day = when + timedelta(days=1)
        if chosen and day < self.today:
            self.agenda.put(at_hour(day, 10), partial(self._pause, chosen, officer, day))

    def _pause(self, cases: Sequence[int], officer: Any, day: date) -> None:
        asked = [
            PauseAsked(
                case, "hospital", "县医院住院证明", day + timedelta(days=self.draw.randrange(5, 25)), f"demo-h-{case}"
            )
            for case in _open(cases)
        ]
        pause_cases(asked, by=officer, at=at_hour(day, 10))

    def _until(self, day: date) -> date:
        return day + timedelta(days=self.draw.randrange(5, 25))

    def leave(self, outcomes: Mapping[int, str], officer: Any, when: date) -> None:
        """A way out is proposed on that day, after three days without contact where nobody was met, and confirmed by a
        colleague two days later."""
        if not outcomes:
            return
        gone = [case for case, outcome in outcomes.items() if outcome == Outcome.UNREACHABLE]
        for back in (2, 1, 0):
            tried = [Tried(case, "phone", f"demo-t{back}-{case}") for case in gone]
            if tried:
                note_attempts(tried, by=officer, at=at_hour(when - timedelta(days=back), 16))
        proposals = [Proposal(case, outcome, _WHY[Outcome(outcome)]) for case, outcome in outcomes.items()]
        keys = propose_ways_out(proposals, by=officer, at=at_hour(when, 17))
        second = next(one for one in self.officers if one.pk != officer.pk)
        day = when + timedelta(days=2)
        if keys and day < self.today:
            self.agenda.put(at_hour(day, 9), partial(self._confirm, keys, second, day))

    def _confirm(self, keys: Sequence[int], second: Any, day: date) -> None:
        still = Case.objects.filter(ways_out__in=keys, closed_at__isnull=True).values_list("ways_out", flat=True)
        decisions = [Decision(key, True) for key in sorted(set(still) & set(keys))]
        decide_ways_out(decisions, by=second, at=at_hour(day, 9))

    def _ask(self, day: date) -> None:
        """Nine in ten whose follow-up is due within a week are asked; the others wait for the next week."""
        legs = Leg.objects.filter(clock=FOLLOW_UP, done_at__isnull=True, due_at__lt=at_hour(day + timedelta(days=7), 0))
        rows = [
            row for row in legs.order_by("due_at", "pk").values_list("case_id", "stage") if self.draw.random() < 0.9
        ]
        first = dict(reversed(rows))
        asked = [
            Asked(
                case, StillThere.AT_WORK, self.draw.choice(["phone", "phone", "visit"]), f"demo-{stage}-{case}"[:36],
                wage_amount=Decimal(self.draw.randrange(24, 52) * 100),
            )
            for case, stage in first.items()
        ]  # fmt: skip
        record_follow_ups(asked, by=self.draw.choice(self.officers), at=at_hour(day, 16))

    def supervise(self, days: Iterable[date]) -> None:
        """On each of these days, one a week, people at work are asked how it goes and the county takes up most of what
        ran out."""
        for day in days:
            self.agenda.put(at_hour(day, 16), partial(self._ask, day))
            self.agenda.put(at_hour(day, 8, 40), partial(self._take_up, day))

    def _take_up(self, day: date) -> None:
        at = at_hour(day, 8, 40)
        raise_overdue(at=at)
        waiting = Escalation.objects.filter(measure="", leg__done_at__isnull=True).order_by("pk")
        keys = [key for key in waiting.values_list("pk", flat=True) if self.draw.random() < 0.7]
        for measure, words in (("urged", "已电话督办"), ("county", "由县级直接联系")):
            some = [key for key in keys if (key % 5 == 0) is (measure == "county")]
            if some:
                take_up(some, measure, words, by=self.officers[0], at=at)


def _open(cases: Sequence[int]) -> list[int]:
    rows = Case.objects.filter(pk__in=list(cases), closed_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))
