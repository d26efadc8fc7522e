"""How often a signal was right: what people found who looked into it, in a case's survey or in a check."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from bangfu.accounts.access import Viewer
from bangfu.cases.access import visible_cases
from bangfu.cases.choices import Finding
from bangfu.cases.models import Cause, Survey
from bangfu.core.rates import share_interval
from bangfu.monitoring.access import visible_signals
from bangfu.monitoring.models import Check, Signal
from bangfu.people.area import Area

ANSWERS = (Finding.CONFIRMED, Finding.CHANGED, Finding.NOT_SO)


@dataclass
class Precision:
    """How often a rule was right, among the signals that somebody looked into.

    `raised` counts those about which somebody was asked; `found` how many of them were answered how. `minutes` is the
    time told for `timed` of the answers.
    """

    raised: int = 0
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ANSWERS, 0))
    minutes: int = 0
    timed: int = 0

    @property
    def answered(self) -> int:
        """How many were looked into."""
        return sum(self.found.values())

    @property
    def true(self) -> int:
        """How many needed what the rule asked for."""
        return self.found[Finding.CONFIRMED]

    @property
    def share(self) -> float | None:
        """Of the answered ones the part that was true, from 0 to 1; None without an answer."""
        return self.true / self.answered if self.answered else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The bounds of the true share with 95 % confidence; None without an answer."""
        return share_interval(self.true, self.answered)

    @property
    def each(self) -> float | None:
        """Minutes an answer, among those that told; None where none did."""
        return self.minutes / self.timed if self.timed else None

    @property
    def per_true(self) -> float | None:
        """Minutes spent for one that was true; None where time or a true one is missing."""
        return self.each / self.share if self.each is not None and self.share else None

    def add(self, finding: str, number: int, minutes: int, timed: int) -> None:
        """Adds answers of a kind."""
        self.found[finding] += number
        self.minutes, self.timed = self.minutes + minutes, self.timed + timed


def precision_of(user: Viewer, area: Area, codes: Collection[str], since: date) -> dict[str, Precision]:
    """The precision of each of these rules inside the area, over what was raised since a day; four queries."""
    found = {code: Precision() for code in codes}
    signals = area.narrow(visible_signals(user)).filter(raised_on__gte=since, code__in=codes, case__isnull=True)
    causes = _causes(user, area, codes, since)
    for rows in (signals, causes):
        for code, number in rows.values_list("code").annotate(n=Count("pk")).order_by("code"):
            found[code].raised += number
    for code, *counts in (*_surveyed(answers_in_cases(user, area, codes, since)), *_checked(signals)):
        found[code].add(*counts)
    return found


def answers_in_cases(user: Viewer, area: Area, codes: Collection[str], since: date) -> QuerySet[Cause]:
    """The causes noted since a day in the area's cases that were looked into, with `finding`, `minutes` and
    `found_at` of the first survey after each."""
    first = Survey.objects.filter(case=OuterRef("case"), surveyed_at__gte=OuterRef("noted_at"))
    first = first.order_by("surveyed_at", "pk")
    rows = _causes(user, area, codes, since).annotate(
        finding=Subquery(first.values("finding")[:1]), minutes=Subquery(first.values("minutes")[:1]),
        found_at=Subquery(first.values("surveyed_at")[:1]),
    )  # fmt: skip
    return rows.filter(finding__isnull=False)


def _causes(user: Viewer, area: Area, codes: Collection[str], since: date) -> QuerySet[Cause]:
    return Cause.objects.filter(code__in=codes, noted_at__date__gte=since, case__in=area.narrow(visible_cases(user)))


def _surveyed(rows: QuerySet[Cause]) -> Iterable[tuple[str, str, int, int, int]]:
    told = rows.values_list("code", "finding").order_by("code", "finding")
    return told.annotate(n=Count("pk"), spent=Coalesce(Sum("minutes"), 0), timed=Count("minutes"))


def _checked(signals: QuerySet[Signal]) -> Iterable[tuple[str, str, int, int, int]]:
    rows = Check.objects.filter(signal__in=signals).values_list("signal__code", "finding")
    told = rows.order_by("signal__code", "finding")
    return told.annotate(n=Count("pk"), spent=Coalesce(Sum("minutes"), 0), timed=Count("minutes"))


@dataclass(frozen=True)
class Answered:
    """A signal that somebody looked into; `minutes` None = not told."""

    person: int
    name: str
    division: str
    finding: str
    minutes: int | None
    at: datetime


def answered_of(
    user: Viewer, area: Area, code: str, since: date, finding: str, most: int
) -> tuple[list[Answered], int]:
    """The newest answers about a rule's signals since a day inside the area, `most` of them, and how many there are;
    those of a finding, "" for all. Four queries."""
    wanted = {"finding": finding} if finding else {}
    cases = answers_in_cases(user, area, [code], since).filter(**wanted).order_by("-found_at", "-pk")
    signals = area.narrow(visible_signals(user)).filter(code=code, raised_on__gte=since)
    checks = Check.objects.filter(signal__in=signals, **wanted).order_by("-at", "-pk")
    of_case = ("case__person", "case__person__name", "case__division", "finding", "minutes", "found_at")
    of_check = ("signal__person", "signal__person__name", "signal__division", "finding", "minutes", "at")
    rows = [Answered(*row) for row in (*cases.values_list(*of_case)[:most], *checks.values_list(*of_check)[:most])]
    rows.sort(key=lambda row: (row.at, row.person), reverse=True)
    return rows[:most], cases.count() + checks.count()


def answers_by_person(user: Viewer, division: str, code: str, since: date) -> dict[int, tuple[str, int | None]]:
    """What was found last about each person of a place of whom a rule was true since a day: the finding, and the
    minutes that it took (None = not told)."""
    area = Area((), division)
    answers = answers_in_cases(user, area, [code], since).order_by("noted_at")
    cases = answers.values_list("case__person", "finding", "minutes")
    found = {person: (finding, minutes) for person, finding, minutes in cases}
    signals = area.narrow(visible_signals(user)).filter(code=code, raised_on__gte=since)
    checks = Check.objects.filter(signal__in=signals).order_by("at")
    told = checks.values_list("signal__person", "finding", "minutes")
    return found | {person: (finding, minutes) for person, finding, minutes in told}
