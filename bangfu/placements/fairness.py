"""Does a round treat groups alike? The share of cases that have three offers, by group, against all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from bangfu.cases.models import Case
from bangfu.people.choices import CategoryKind, Sex
from bangfu.placements.models import Round, Shortage
from bangfu.placements.rounds import in_round

FEWEST = 20
"""Groups with fewer cases are not compared: one case would move the share by more than the limit."""
LIMIT = 3
"""Percentage points below all from which a group needs attention."""
NORMAL, ATTENTION, TOO_FEW = "normal", "attention", "too_few"
_MIDDLE, _OLDER = 35, 50


@dataclass(frozen=True)
class Group:
    """A group of cases: how many, how many of them with three offers, how many with no fitting post at all."""

    kind: str
    name: str
    cases: int
    full: int
    none: int


@dataclass(frozen=True)
class Compared:
    """A group against all: `share` in percent and `points` (of percent) from all, one decimal each; None for
    an empty group."""

    group: Group
    share: Decimal | None
    points: Decimal | None
    verdict: str


def compare(groups: Sequence[Group], everybody: Group) -> list[Compared]:
    """Each group against all. A group needs attention when its share lies more than LIMIT points below that of
    all, by the exact shares and not the rounded ones."""
    return [_compared(group, everybody) for group in groups]


def _compared(group: Group, everybody: Group) -> Compared:
    if not group.cases or not everybody.cases:
        return Compared(group, None, None, TOO_FEW)
    # 100 * (full / cases - all full / all cases), over one denominator so that nothing is rounded before the end
    under = group.cases * everybody.cases
    points = 100 * (group.full * everybody.cases - everybody.full * group.cases)
    verdict = ATTENTION if points < -LIMIT * under else NORMAL
    if group.cases < FEWEST:
        verdict = TOO_FEW
    return Compared(group, _tenth(100 * group.full, group.cases), _tenth(points, under), verdict)


def _tenth(number: int, under: int) -> Decimal:
    return (Decimal(number) / under).quantize(Decimal("0.1"), ROUND_HALF_UP)


def fairness(run: Round) -> tuple[Group, list[Compared]]:
    """All cases of a round as one group, and its groups by sex, age and category against it; three queries.

    The category is the one of today; a group without cases is left out.
    """
    short = Shortage.objects.filter(round=run, case=OuterRef("pk"))
    cases = in_round(Case.objects.all(), run).annotate(
        is_short=Exists(short), has_none=Exists(short.filter(found=0)), age_group=_age_group(run.acted_on)
    )
    sexes = _groups("sex", cases, "person__sex", [(row.value, str(row.label)) for row in Sex])
    spans = [("young", _("16–34")), ("middle", _("35–49")), ("older", _("50 or older"))]
    ages = _groups("age", cases, "age_group", spans)
    kinds = [(row.value, str(row.label)) for row in CategoryKind]
    categories = _groups("category", cases, "person__standing__category", [*kinds, ("", _("On none of the lists"))])
    everybody = _together(sexes)
    return everybody, compare([*sexes, *ages, *categories], everybody)


def _together(groups: Sequence[Group]) -> Group:
    """All of these groups, which share no case, as one."""
    sums = [sum(getattr(row, name) for row in groups) for name in ("cases", "full", "none")]
    return Group("all", _("Everybody"), *sums)


def _groups(kind: str, cases: QuerySet[Any], by: str, names: Sequence[tuple[str, str]]) -> list[Group]:
    rows = cases.values_list(by).annotate(
        n=Count("pk"), short=Count("pk", filter=Q(is_short=True)), none=Count("pk", filter=Q(has_none=True))
    )
    counted = {code: (n, short, none) for code, n, short, none in rows.order_by(by)}
    return [
        Group(kind, name, n, n - short, none)
        for code, name in names
        if code in counted
        for n, short, none in [counted[code]]
    ]


def _age_group(on: date) -> Choice:
    return Choice(
        When(person__born_on__gt=years_before(on, _MIDDLE), then=Value("young")),
        When(person__born_on__gt=years_before(on, _OLDER), then=Value("middle")),
        default=Value("older"),
        output_field=CharField(),
    )


def years_before(on: date, years: int) -> date:
    """Who was born after this day is younger than `years` on the day `on`."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)
