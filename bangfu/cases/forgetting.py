"""What retention needs of cases: who is still served, and free words to empty."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from bangfu.cases.course_models import Escalation, FollowUp, Pause, WayOut
from bangfu.cases.models import Case, Service, Survey
from bangfu.cases.plan_models import Plan
from bangfu.cases.referral_models import Referral
from bangfu.cases.visit_models import Visit
from bangfu.core.parts import in_parts
from bangfu.people.models import Membership

_OF_A_SURVEY = ("barriers", "wished_occupation", "wished_trade", "wished_place", "health_words", "family_words")
_GONE = "—"  # a pause never stands without its evidence: that it had one stays


def persons_served_since(day: date) -> set[int]:
    """Persons with an open case, or one that was closed on or after the day."""
    rows = Case.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gte=day))
    return set(rows.values_list("person_id", flat=True))


def _left_empty(persons: Sequence[int]) -> list[int]:
    """The households of these persons to which nobody else belongs: what was said there speaks of nobody any more."""
    belong = Membership.objects.filter(superseded_at__isnull=True, household__isnull=False)
    theirs = belong.filter(person__in=persons).values("household")
    others = belong.filter(household__in=theirs).exclude(person__in=persons).values_list("household_id", flat=True)
    found = set(belong.filter(person__in=persons).values_list("household_id", flat=True))
    return sorted(found - set(others))


@transaction.atomic
def empty_words(persons: Sequence[int]) -> None:
    """Empty the free words about these persons in all that belongs to their cases; part of making them nobody."""
    for keys in in_parts(persons, 500):
        Survey.objects.filter(case__person__in=keys).update(**dict.fromkeys(_OF_A_SURVEY, ""))
        Service.objects.filter(case__person__in=keys).update(title="", reason="")
        Pause.objects.filter(case__person__in=keys).update(evidence=_GONE)
        WayOut.objects.filter(case__person__in=keys).update(reason="", said="")
        FollowUp.objects.filter(case__person__in=keys).update(words="")
        Escalation.objects.filter(leg__case__person__in=keys).update(words="")
        Referral.objects.filter(case__person__in=keys).update(reason="", said="")
        Visit.objects.filter(household__in=_left_empty(keys)).update(findings=_GONE, needs="")
        Plan.objects.filter(case__person__in=keys).delete()
