"""Facts stated and findings made by hand, for the tests of data quality."""

from bangfu.monitoring.models import Finding
from bangfu.people.actions import record_facts
from bangfu.people.models import Condition
from bangfu.people.recorded import Recorded
from tests.factories import NOON, VILLAGE, PersonFactory

TODAY = NOON.date()
SCHOOL, HOME = "at_school_at_work", "organised_at_home"


def how(by=None, at=NOON, source="visit", **more):
    return Recorded(on=at.date(), source=source, by=by, at=at, decided=True, **more)


def at_school(person, school="junior"):
    record_facts(Condition, {person.pk: {"school": school}}, how())


def open_codes(person):
    return set(Finding.objects.filter(person=person, closed_on=None).values_list("code", flat=True))


def findings(count, code=HOME, **columns):
    """Open findings of new persons."""
    values = {
        "code": code, "version": "", "division": VILLAGE, "opened_on": TODAY, "due_on": TODAY, "reasons": {}, **columns,
    }  # fmt: skip
    return [Finding.objects.create(person=PersonFactory(), **values) for _ in range(count)]
