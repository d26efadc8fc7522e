"""One county with one of everything that has an address of its own, and the state of the whole register."""

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from bangfu.cases.models import Case
from bangfu.core.keys import new_key
from bangfu.intake.actions import stage_file
from bangfu.intake.models import Batch
from bangfu.monitoring.models import Signal
from bangfu.people import identity
from bangfu.people.importing import ROSTER
from bangfu.people.models import Contact, Household, Person
from bangfu.placements.models import Offer, Round
from tests.factories import VILLAGE, HouseholdFactory, JobFactory, id_number_of
from tests.home.situations import offers_to, open_case, surveyed_case
from tests.intake.ledger_files import text

COUNTY, TOWN, OTHER_COUNTY = "150522000000", "150522202000", "150502000000"
NAME, WORKER, PHONE, FILE = "斯琴图雅", "哈斯其木格", "13847522046", "名册.csv"
RULE = "insurance_stopped"
HEADER = ["县(市、区)", "乡镇", "行政村", "户编号", "姓名", "证件号码", "性别", "联系电话"]
PLACE = ["科尔沁左翼后旗", "散都苏木", "公河来村委会"]
CERTIFICATE_SUMS = ("inputs_sha256", "offers_sha256")


@dataclass(frozen=True)
class CountyA:
    """A person at work and one in a surveyed case with two offers, a round, a signal, a staged ledger."""

    person: Person
    worker: Person
    household: Household
    case: Case
    offer: Offer
    accepted: Offer
    run: Round
    batch: Batch

    def secrets(self) -> list[str]:
        """What no stranger may meet: names, numbers, keys."""
        keys = (self.person, self.worker, self.household, self.case, self.offer, self.accepted, self.batch)
        known = [NAME, WORKER, PHONE, FILE, id_number_of(self.person), self.household.number]
        return [*known, *(str(row.pk) for row in keys)]


def build(officer) -> CountyA:
    """County 150522, by its officer, today."""
    today, now = timezone.localdate(), timezone.now()
    household = HouseholdFactory()
    case = surveyed_case(officer, household=household)
    person, worker = case.person, open_case(officer, work_status="at_work", household=household).person
    for one, name in ((person, NAME), (worker, WORKER)):
        one.name = name
        one.save()
    JobFactory(person=worker)
    sealed = identity.seal_phones([(person.pk, PHONE)])[0]
    index = identity.phone_indexes([PHONE])[0]
    Contact.objects.create(
        person=person, phone_index=index, phone_sealed=sealed, valid_from=date(2025, 1, 1), source="ledger",
        recorded_at=now,
    )  # fmt: skip
    run = Round.objects.create(
        acted_on=today, division=COUNTY, ran_at=now, cases=1, offers=2, certificate=_certificate(),
    )  # fmt: skip
    offer, accepted = offers_to(case, 2, round=run)
    accepted.state, accepted.answered_at = "accepted", now
    accepted.save()
    Signal.objects.create(
        pk=new_key(), code=RULE, person=person, division=VILLAGE, opened_on=today - timedelta(days=1), reasons={},
        case=case.pk,
    )  # fmt: skip
    row = [*PLACE, "990522770001", NAME, id_number_of(person)[:-1] + "?", "女", PHONE]
    good = [*PLACE, "990522770002", WORKER, id_number_of(worker), "女", PHONE]
    batch = stage_file(ROSTER, FILE, text(HEADER, row, good), on=today, by=officer, at=now)
    return CountyA(person, worker, household, case, offer, accepted, run, batch)


def _certificate() -> dict[str, object]:
    from tests.placements.test_pages import matched  # noqa: F401  a round of its own is made where this is too thin

    return {}


def everything() -> dict[str, str]:
    """Each table as a fingerprint of all its rows; sessions and the tree of divisions, which pages only read, left out."""
    left_out = {"sessions.Session", "divisions.Division"}
    return {model._meta.label: _fingerprint(model) for model in apps.get_models() if model._meta.label not in left_out}


def _fingerprint(model) -> str:
    rows = model._base_manager.order_by("pk").values_list()
    plain = [[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows]
    return f"{len(plain)} {hashlib.sha256(repr(plain).encode()).hexdigest()}"


class _Undo(Exception):  # noqa: N818  nothing is in error
    pass


@contextmanager
def undone():
    """What happens inside is taken back at the end."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        pass
