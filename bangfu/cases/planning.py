"""The plan for one person: drafted from the survey and the package, agreed, printed, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bangfu.audit.actions import record
from bangfu.cases.actions import NotAllowedNow, locked_cases
from bangfu.cases.choices import Obstacle
from bangfu.cases.models import Case, Survey
from bangfu.cases.plan_models import Plan
from bangfu.cases.progress import progress_of
from bangfu.core.clock import last_day
from bangfu.core.keys import new_key

MEASURES = 12


@dataclass(frozen=True)
class Measure:
    """What is done, who does it, and until which day (None: no day)."""

    what: str
    who: str
    until: date | None

    def as_dict(self) -> dict[str, str]:
        """As it is kept in a plan."""
        return {"what": self.what, "who": self.who, "until": self.until.isoformat() if self.until else ""}


@dataclass(frozen=True)
class PlanMade:
    """A plan agreed with the person of a case; `client_key` makes a repeated sending harmless."""

    case: int
    goal: str
    measures: Sequence[Measure]
    client_key: str


def draft_of(case: Case, survey: Survey | None, helper: str) -> tuple[str, list[Measure]]:
    """Goal and measures as the last survey, the package and the clocks of a case suggest them, in the reader's words;
    `helper` is who does them."""
    ends = {leg.stage: last_day(leg.due_at) for leg in case.legs.all() if leg.done_at is None}
    first, end = ends.get("first_service_round"), ends.get("outcome")
    measures = [
        Measure(_package_words(item.service_type, item.min_count), helper, first)
        for item in progress_of(case)
        if not item.complete
    ]
    if survey is not None:
        measures += [Measure(words, helper, end) for words in _against(survey.obstacles)]
    return _goal(survey), measures[:MEASURES]


def _goal(survey: Survey | None) -> str:
    wish = survey.wished_occupation if survey else ""
    place = survey.wished_place if survey else ""
    if wish and place:
        return _("Work as %(trade)s in %(place)s") % {"trade": wish, "place": place}
    return _("Work as %s") % wish if wish else _("Find steady work")


def _package_words(kind: str, count: int) -> str:
    return {
        "guidance": _("Career guidance, one talk"),
        "job_offer": _("Fitting posts offered: %d") % count,
        "training_offer": _("A training course offered that posts ask for"),
    }.get(kind, kind)


def _against(obstacles: Sequence[str]) -> list[str]:
    words = {
        Obstacle.SKILL: _("Enrol in a training class for the wished trade"),
        Obstacle.HEALTH: _("Look only for posts that health allows; ask about medical help"),
        Obstacle.CHILDREN: _("Look for posts near home or with hours that leave time for the children"),
        Obstacle.ELDERS: _("Look for posts near home; ask about care for the old or the sick"),
        Obstacle.TRANSPORT: _("Organise the way there, point to point"),
        Obstacle.AGE: _("Look for posts without an age limit and in assistance workshops"),
        Obstacle.INFORMATION: _("Bring the policy card and explain it"),
    }
    return [words[Obstacle(code)] for code in obstacles if code in words]


@transaction.atomic
def make_plans(made: Sequence[PlanMade], *, by: Any, at: datetime) -> list[int]:
    """Keep plans as they were agreed; returns their keys in the order given, that of the first sending for one sent
    twice. Raises NotAllowedNow for a closed case."""
    keys = [one.client_key for one in made]
    known = dict(Plan.objects.filter(client_key__in=keys).values_list("client_key", "pk"))
    fresh = [one for one in made if one.client_key not in known]
    cases = locked_cases([one.case for one in fresh], "plan")
    rows = [
        Plan(
            id=new_key(), case_id=one.case, goal=one.goal, measures=[measure.as_dict() for measure in one.measures],
            made_at=at, by=by, client_key=one.client_key,
        )
        for one in fresh
    ]  # fmt: skip
    Plan.objects.bulk_create(rows)
    known |= {row.client_key: row.pk for row in rows}
    persons = [case.person_id for case in cases.values()]
    record("cases.planned", by=by, at=at, count=len(fresh), persons=persons)
    return [known[one.client_key] for one in made]


@transaction.atomic
def sign_plans(plans: Sequence[int], *, by: Any, at: datetime) -> int:
    """Note that both have signed these plans; returns how many were new. Raises NotAllowedNow with the verb `sign` for
    one that is not there or was replaced by a later one."""
    rows = {row.pk: row for row in Plan.objects.select_for_update().filter(pk__in=list(plans)).select_related("case")}
    later = Plan.objects.filter(case__in=[row.case_id for row in rows.values()]).values_list("case_id", "pk")
    newest: dict[int, int] = {}
    for case, key in later:
        newest[case] = max(newest.get(case, 0), key)
    stuck = [key for key in plans if key not in rows or newest[rows[key].case_id] != key]
    if stuck:
        raise NotAllowedNow(stuck, "sign")
    fresh = [row for row in rows.values() if row.signed_on is None]
    for row in fresh:
        row.signed_on = localdate(at)
    Plan.objects.bulk_update(fresh, ["signed_on"])
    record("cases.plan_signed", by=by, at=at, count=len(fresh), persons=[row.case.person_id for row in fresh])
    return len(fresh)
