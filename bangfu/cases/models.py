"""Help for one person inside the clocks of the programme."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key
from bangfu.employers.models import Post
from bangfu.people.choices import Reach
from bangfu.people.models import Person


class Outcome(models.TextChoices):
    """How a case ends (policy.md A2)."""

    EMPLOYED = "employed", _("Employed")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    IN_TRAINING = "in_training", _("In training")
    PUBLIC_POST = "public_post", _("In a public-welfare post")
    FALSE_ALARM = "false_alarm", _("False alarm")
    NO_WILL = "no_will", _("No will to work")
    NO_CAPACITY = "no_capacity", _("No labour capacity")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    MOVED_OUT = "moved_out", _("Moved away")
    DECEASED = "deceased", _("Deceased")


# Ways out that are not work: they hold for a time, then the person is asked again (house.md 5).
COUNTED_APART = (
    Outcome.FALSE_ALARM, Outcome.NO_WILL, Outcome.NO_CAPACITY, Outcome.UNREACHABLE, Outcome.MOVED_OUT, Outcome.DECEASED,
)  # fmt: skip


class Result(models.TextChoices):
    """How a leg of a clock ended; None while it runs."""

    ON_TIME = "on_time", _("On time")
    LATE = "late", _("Late")
    EXEMPT = "exempt", _("Exempt")


class Case(models.Model):
    """The one open case of a person. `starts_at` is when the clock began to run; `clock` names its rule.

    `backlog` marks what was found on the first night or by a late feed: no 24-hour clock, counted apart.
    `posts_found` is how many fitting posts a round of matching found when they were fewer than the package asks,
    None while nothing is short.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    division = models.CharField(max_length=12)
    clock = models.CharField(max_length=20)
    package = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    backlog = models.BooleanField(default=False)
    posts_found = models.PositiveSmallIntegerField(null=True)
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["division", "closed_at"], name="case_division")]
        constraints = [
            models.UniqueConstraint(name="case_one_open", fields=["person"], condition=Q(closed_at__isnull=True)),
            models.CheckConstraint(
                name="case_closed_has_outcome",
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
            ),
        ]


class Cause(models.Model):
    """Why a case was opened, or a further reason that joined it: the code of a signal or another opening."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="causes")
    code = models.CharField(max_length=60)
    noted_at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(name="cause_once", fields=["case", "code"])]


class Leg(models.Model):
    """A stage of the clock of one case. The deadline is computed once and stored; overdue is a comparison."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="legs")
    stage = models.CharField(max_length=30)
    sequence = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["stage", "due_at"], name="leg_open", condition=Q(done_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(name="leg_once", fields=["case", "stage"]),
            models.CheckConstraint(
                name="leg_done_has_result",
                condition=Q(done_at__isnull=True, result="") | (Q(done_at__isnull=False) & ~Q(result="")),
            ),
        ]


class Finding(models.TextChoices):
    """What the need survey found about the alarm that opened the case."""

    CONFIRMED = "confirmed", _("Needs help")
    NOT_SO = "not_so", _("Not so: the alarm was wrong")
    CHANGED = "changed", _("Changed meanwhile: needs no help now")


class Channel(models.TextChoices):
    """How the person was met."""

    VISIT = "visit", _("Home visit")
    PHONE = "phone", _("Phone call")
    HALL = "hall", _("At the counter")
    MESSAGE = "message", _("Message")


class Survey(models.Model):
    """The need found by an officer: wish, trade, place, wage, barriers (the first leg of 2473).

    `minutes` is the time it took, None = not told.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="surveys")
    finding = models.CharField(max_length=10, choices=Finding.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wished_occupation = models.CharField(max_length=60, blank=True)
    reach = models.CharField(max_length=10, choices=Reach.choices, blank=True)
    wage_floor_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    wants_training = models.BooleanField(null=True)
    wished_trade = models.CharField(max_length=60, blank=True)
    barriers = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    surveyed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)


class ServiceKind(models.TextChoices):
    """Items of a service package (policy.md A3)."""

    GUIDANCE = "guidance", _("Career guidance")
    JOB_OFFER = "job_offer", _("Job offer")
    TRAINING_OFFER = "training_offer", _("Training offer")


class Answer(models.TextChoices):
    """What the person said."""

    ACCEPTED = "accepted", _("Accepted")
    THINKING = "thinking", _("Thinking it over")
    REFUSED = "refused", _("Refused")
    UNREACHABLE = "unreachable", _("Not reached")


class Service(models.Model):
    """One delivered item of the package with the person's answer; `post` for a job offer, else `title`."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="services")
    kind = models.CharField(max_length=20, choices=ServiceKind.choices)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="services")
    title = models.CharField(max_length=100, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    answer = models.CharField(max_length=12, choices=Answer.choices)
    reason = models.CharField(max_length=100, blank=True)
    given_on = models.DateField()
    given_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="service_offer_has_post", condition=~Q(kind="job_offer") | Q(post__isnull=False)
            ),
            models.UniqueConstraint(name="service_post_once", fields=["case", "post"], condition=Q(post__isnull=False)),
        ]
