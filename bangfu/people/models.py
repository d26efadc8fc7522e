"""Persons, households, and what is known of them as dated facts."""

from django.db import models
from django.db.models import Q

from bangfu.core.keys import new_key
from bangfu.people import choices
from bangfu.people.facts_base import ExclusiveFact, Fact, KindedFact, one_open
from bangfu.people.review_models import Correction, Difference, Duplicate, Merge  # noqa: F401  tables of the room


class Household(models.Model):
    """A household of the programme by its number (户编号)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    number = models.CharField(max_length=40, unique=True)
    division = models.CharField(max_length=12, db_index=True)


class Person(models.Model):
    """A labourer or family member by real name. The ID number is sealed; its blind index is unique.

    `withdrawn_at` is set when the import that brought the person was undone and nothing else rests on the row,
    or when the row was found to be the same person as another: then `merged_into` names the one that stays, and
    whoever comes with this ID number is led there. `anonymised_at` is set when the retention rules emptied the row.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    name = models.CharField(max_length=60, db_index=True)
    name_pinyin = models.CharField(max_length=200, blank=True, db_index=True)
    name_initials = models.CharField(max_length=40, blank=True, db_index=True)
    id_sealed = models.BinaryField()
    id_index = models.CharField(max_length=32, unique=True)
    id_last4 = models.CharField(max_length=4)
    sex = models.CharField(max_length=6, choices=choices.Sex.choices)
    born_on = models.DateField()
    ethnicity = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    batch = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id_last4"], name="person_last4")]
        constraints = [
            models.CheckConstraint(
                name="person_merged_is_withdrawn",
                condition=Q(merged_into__isnull=True) | Q(withdrawn_at__isnull=False),
            ),
        ]


class Standing(models.Model):
    """The one projection: where each person stands today, for worklists and lists.

    Written by actions, refreshed in the night for what time alone changes, compared with a recomputation.
    `leg` and `due_at` are those of the open case, None without one.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="standing")
    division = models.CharField(max_length=12)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="standings")
    category = models.CharField(max_length=10, choices=choices.CategoryKind.choices, blank=True)
    work_status = models.CharField(max_length=10, choices=choices.WorkStatus.choices)
    able = models.BooleanField(null=True)
    will_work = models.BooleanField(null=True)
    will_train = models.BooleanField(null=True)
    leg = models.CharField(max_length=30, blank=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["division", "person"], name="standing_division"),
            models.Index(fields=["work_status", "division"], name="standing_work"),
            models.Index(
                fields=["division", "due_at", "leg"], condition=models.Q(due_at__isnull=False), name="standing_due"
            ),
        ]


class Membership(ExclusiveFact):
    """Which household the person belongs to, in which village, as what to its head."""

    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="membership_facts")
    division = models.CharField(max_length=12)
    relation = models.CharField(max_length=20, blank=True)


class Category(ExclusiveFact):
    """The kind of household under the programme, from the agriculture bureau's list; never edited here."""

    kind = models.CharField(max_length=10, choices=choices.CategoryKind.choices)
    precision = models.CharField(max_length=5, choices=choices.Precision.choices, default="day")
    risk = models.CharField(max_length=100, blank=True)


class Recognition(KindedFact):
    """What an office recognised the person as, beside the household's category: several at once."""

    KIND, KIND_ALONE = "kind", True
    kind = models.CharField(max_length=20, choices=choices.RecognitionKind.choices)
    ground = models.CharField(max_length=100, blank=True)
    precision = models.CharField(max_length=5, choices=choices.Precision.choices, default="day")

    class Meta(KindedFact.Meta):
        constraints = [*KindedFact.Meta.constraints, one_open("recognition", "kind")]


class Unlisted(ExclusiveFact):
    """The person stood on no row of the full list of that day: a finding to look into, never a deletion."""

    list_name = models.CharField(max_length=200)


class ListEntry(models.Model):
    """Who stood on a full list that is being imported; gone when the import is done."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    batch = models.BigIntegerField(db_index=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")


class Pairing(ExclusiveFact):
    """Who is the person's helper (帮扶责任人)."""

    helper = models.ForeignKey("accounts.User", models.PROTECT, related_name="pairing_facts")


class Condition(ExclusiveFact):
    """Education, health, labour capacity and school, which are recorded together."""

    education = models.CharField(max_length=10, choices=choices.Education.choices, blank=True)
    health = models.CharField(max_length=10, choices=choices.Health.choices, blank=True)
    labour_capacity = models.CharField(max_length=10, choices=choices.LabourCapacity.choices, blank=True)
    school = models.CharField(max_length=12, choices=choices.School.choices, blank=True)

    @property
    def at_school(self) -> bool | None:
        """Whether the person is a pupil or student; None where nothing is recorded."""
        return self.school not in choices.NOT_AT_SCHOOL if self.school else None


class Intent(ExclusiveFact):
    """What the person wants: to work, to train, to go out, to start a business; in which trade, where, for how much
    a month (yuan); and which services are asked for."""

    will_work = models.BooleanField(null=True)
    will_train = models.BooleanField(null=True)
    will_go_out = models.BooleanField(null=True)
    will_start_business = models.BooleanField(null=True)
    wished_place = models.CharField(max_length=12, blank=True)
    service_need = models.CharField(max_length=100, blank=True)
    wished_occupation = models.CharField(max_length=60, blank=True)
    wished_trade = models.CharField(max_length=60, blank=True)
    wage_floor_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    reach = models.CharField(max_length=10, choices=choices.Reach.choices, blank=True)


class Contact(ExclusiveFact):
    """A telephone number, sealed; its blind index finds the person by the whole number."""

    phone_sealed = models.BinaryField()
    phone_index = models.CharField(max_length=32, db_index=True)


class Income(ExclusiveFact):
    """Net income a head of the household in yuan a year, as the list of the day gave it."""

    per_head_amount = models.DecimalField(max_digits=12, decimal_places=2)


class YearIncome(KindedFact):
    """Income of the household in one calendar year by kind, yuan; None where a kind is not known (policy.md A7)."""

    KIND = "year"
    year = models.SmallIntegerField()
    wage_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    business_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    property_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    transfer_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    per_head_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta(KindedFact.Meta):
        constraints = [*KindedFact.Meta.constraints, one_open("yearincome", "year")]


class Certificate(KindedFact):
    """A proof of a skill. Its number is sealed, for some hold the ID number; `expires_on` None: no end."""

    KIND = "number_index"
    kind = models.CharField(max_length=20, choices=choices.CertificateKind.choices)
    trade = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=20, choices=choices.SkillLevel.choices, blank=True)
    issuer = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=32, db_index=True)

    class Meta(KindedFact.Meta):
        constraints = [*KindedFact.Meta.constraints, one_open("certificate", "number_index")]


class Training(KindedFact):
    """A training attended since `valid_from`, by its class number, or by trade and first day where none is given.

    Marks as the roster gives them; `passed` None: not said. `subsidy_amount` is what the roster claims, yuan.
    """

    KIND = "course"
    course = models.CharField(max_length=60)
    provider = models.CharField(max_length=100, blank=True)
    trade = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=20, choices=choices.SkillLevel.choices, blank=True)
    form = models.CharField(max_length=40, blank=True)
    ends_on = models.DateField(null=True)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    hours_attended = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    theory_mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    practice_mark = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    passed = models.BooleanField(null=True)
    subsidy_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta(KindedFact.Meta):
        constraints = [*KindedFact.Meta.constraints, one_open("training", "course")]


class BankAccount(ExclusiveFact):
    """Where money for the person goes: a social security card or bank account, sealed."""

    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=32, db_index=True)
    bank = models.CharField(max_length=60, blank=True)


class Consent(KindedFact):
    """That the person agreed to something, or said no."""

    KIND = "kind"
    kind = models.CharField(max_length=20, choices=choices.ConsentKind.choices)
    given = models.BooleanField()

    class Meta(KindedFact.Meta):
        constraints = [*KindedFact.Meta.constraints, one_open("consent", "kind")]


class Job(Fact):
    """A job from `valid_from` until `valid_to`; all versions of one job share its `spell`.

    `insurances` are codes of `choices.Insurance` in their order, joined by a space; "" where none is known.
    `travel_aid_amount` is the travel subsidy of the year that the monthly list states, yuan.
    """

    spell = models.BigIntegerField()
    employer = models.CharField(max_length=100, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    place = models.CharField(max_length=12, blank=True)
    occupation = models.CharField(max_length=60, blank=True)
    wage_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    form = models.CharField(max_length=30, blank=True)
    channel = models.CharField(max_length=30, blank=True)
    organised = models.BooleanField(null=True)
    insured = models.BooleanField(null=True)
    insurances = models.CharField(max_length=100, blank=True)
    contract = models.BooleanField(null=True)
    industry = models.CharField(max_length=40, blank=True)
    travel_aid_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    precision = models.CharField(max_length=5, choices=choices.Precision.choices, default="day")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(name="job_one_version", fields=["spell"], condition=Q(superseded_at__isnull=True)),
        ]


class Joblessness(ExclusiveFact):
    """A statement that the person was without work from that day; ended by the next job."""

    reason = models.CharField(max_length=60, blank=True)


class WorkAnswer(models.Model):
    """An answer of the monthly work round. `client_key` makes a repeated sending harmless."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="work_answers")
    month = models.DateField()
    answer = models.CharField(max_length=10, choices=choices.RoundAnswer.choices)
    spell = models.BigIntegerField(null=True)
    answered_on = models.DateField()
    answered_at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="work_answer_month_begins", condition=Q(month__day=1)),
            models.UniqueConstraint(
                name="work_answer_one", fields=["person", "month"], condition=Q(superseded_at__isnull=True)
            ),
        ]
