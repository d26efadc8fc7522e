"""Facts close cases: a person who found work since the case was opened needs no search any more."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import TruncDate

from bangfu.cases.actions import close_cases
from bangfu.cases.choices import Outcome
from bangfu.cases.models import Case
from bangfu.people.models import Job


@transaction.atomic
def close_cases_of_employed(on: date, *, at: datetime) -> int:
    """Close as employed each open case whose person began a job on or after its opening, open on the day."""
    jobs = (
        Job.objects.true_on(on)
        .filter(person__cases__closed_at__isnull=True, person__cases__opened_at__lte=at)
        .annotate(opened_on=TruncDate("person__cases__opened_at"), case=F("person__cases__id"))
        .filter(valid_from__gte=F("opened_on"))
    )
    cases = set(jobs.values_list("case", flat=True)) & set(
        Case.objects.filter(closed_at__isnull=True).values_list("id", flat=True)
    )
    close_cases(dict.fromkeys(cases, Outcome.EMPLOYED), by=None, at=at)
    return len(cases)
