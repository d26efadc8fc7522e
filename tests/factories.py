"""Valid, dull objects: fixed values and sequences, never random; ID numbers of a division that does not exist."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from bangfu.accounts.models import Duty, User
from bangfu.core.identity import check_character
from bangfu.core.keys import new_key
from bangfu.core.uscc import check_character as uscc_check_character
from bangfu.employers.models import Employer, Post
from bangfu.people import identity
from bangfu.people.models import Household, Job, Membership, Person, Standing

VILLAGE = "150522202211"
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 6, 30, 12, tzinfo=ZONE)


def id_number(sequence: int, born_on: date = date(1986, 2, 14)) -> str:
    """A valid ID number; odd sequences are men's."""
    body = f"990522{born_on:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def uscc(number: int) -> str:
    """A valid unified social credit code."""
    body = f"91150522{number:09d}"
    return body + uscc_check_character(body)


class UserFactory(DjangoModelFactory):
    """Somebody with one duty; `role` and `division` say which."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        role = "county_officer"
        division = "150522000000"

    username = factory.Sequence(lambda n: f"user{n}")
    name = "刘敏"
    office = "县就业服务中心"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        role, division = kwargs.pop("duty_role"), kwargs.pop("duty_division")
        user = super()._create(model_class, *args, **kwargs)
        Duty.objects.create(user=user, role=role, division=division, valid_from=date(2020, 1, 1))
        return user

    duty_role = factory.SelfAttribute("role")
    duty_division = factory.SelfAttribute("division")


class HouseholdFactory(DjangoModelFactory):
    """A household of one village."""

    class Meta:
        model = Household

    number = factory.Sequence(lambda n: f"99052299{n:05d}")
    division = VILLAGE


class PersonFactory(DjangoModelFactory):
    """A woman of 40 with her membership and standing; `standing__…` sets the projection."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        sequence = factory.Sequence(lambda n: n)
        number = factory.LazyAttribute(lambda o: id_number(2 * (o.sequence % 499 + 1), o.born_on))

    name = "乌云"
    name_pinyin = "wuyun"
    name_initials = "wy"
    sex = "female"
    born_on = factory.LazyAttribute(lambda o: date(1986, 2, 1 + (o.sequence // 499) % 28))
    id_last4 = factory.LazyAttribute(lambda o: o.number[-4:])
    id_index = factory.LazyAttribute(lambda o: identity.id_indexes([o.number])[0])
    created_at = NOON

    @factory.lazy_attribute
    def id_sealed(self):
        return b""

    @factory.post_generation
    def standing(self, create, extracted, **kwargs):
        number = id_number_of(self)
        self.id_sealed = identity.seal_ids([(self.pk, number)])[0]
        self.save()
        values = {
            "division": VILLAGE, "household": HouseholdFactory(), "category": "lifted", "work_status": "jobless",
            "able": True, "will_work": True, "will_train": False, **kwargs,
        }  # fmt: skip
        Standing.objects.create(person=self, **values)
        Membership.objects.create(
            person=self, household=values["household"], division=values["division"], relation="户主",
            valid_from=date(2025, 1, 1), source="ledger", recorded_at=NOON,
        )  # fmt: skip


def id_number_of(person: Person) -> str:
    """The number behind a factory's person, found by its last four and index."""
    day = person.born_on
    for sequence in range(1, 1000):
        number = id_number(sequence, day)
        if number[-4:] == person.id_last4 and identity.id_indexes([number])[0] == person.id_index:
            return number
    raise AssertionError("not a person of the factory")


class JobFactory(DjangoModelFactory):
    """A job since 2025, still held."""

    class Meta:
        model = Job

    person = factory.SubFactory(PersonFactory)
    id = factory.LazyFunction(new_key)
    spell = factory.SelfAttribute("id")
    employer = "合成食品有限公司"
    place = "150522000000"
    occupation = "包装工"
    wage_amount = Decimal("3600.00")
    valid_from = date(2025, 3, 1)
    source = "ledger"
    recorded_at = NOON


class EmployerFactory(DjangoModelFactory):
    """An employer of the county."""

    class Meta:
        model = Employer

    uscc = factory.Sequence(lambda n: uscc(n + 1))
    name = "合成食品有限公司"


class PostFactory(DjangoModelFactory):
    """An open vacancy for anybody, five places."""

    class Meta:
        model = Post

    employer = factory.SubFactory(EmployerFactory)
    title = "包装工"
    headcount = 5
    wage_low_amount = Decimal("3500.00")
    wage_high_amount = Decimal("4500.00")
    place = "150522000000"
    posted_on = date(2026, 6, 1)
    valid_until = date(2027, 12, 31)
