"""Help for one person inside the clocks of the programme."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from bangfu.cases.choices import Answer, Channel, Finding, Moved, Outcome, Result, ServiceKind
from bangfu.cases.course_models import Attempt, Escalation, FollowUp, Pause, WayOut  # noqa: F401  tables of the room
from bangfu.cases.plan_models import Plan  # noqa: F401  a table of the room
from bangfu.cases.referral_models import Referral  # noqa: F401  a table of the room
from bangfu.cases.visit_models import PolicyCard, Visit  # noqa: F401  tables of the room
from bangfu.core.keys import new_key
from bangfu.employers.models import Post
from bangfu.people.choices import Reach
from bangfu.people.models import Person


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
    """A stage of a clock of one case; several clocks run side by side. The deadline is computed once and stored;
    overdue is a comparison.

    `starts_at` is from when it is counted, `warn_at` when the share of the clock is used up that warns the officer.
    `first_due_at` is the deadline before it was moved, None where it never was; `moved` says what moved it last.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="legs")
    clock = models.CharField(max_length=30)
    stage = models.CharField(max_length=30)
    sequence = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    first_due_at = models.DateTimeField(null=True)
    moved = models.CharField(max_length=10, choices=Moved.choices, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["stage", "due_at"], name="leg_open", condition=Q(done_at__isnull=True)),
            models.Index(fields=["warn_at"], name="leg_warned", condition=Q(done_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(name="leg_once", fields=["case", "clock", "stage"]),
            models.CheckConstraint(
                name="leg_done_has_result",
                condition=Q(done_at__isnull=True, result="") | (Q(done_at__isnull=False) & ~Q(result="")),
            ),
        ]


class Survey(models.Model):
    """The need found by an officer: wish, trade, place, wage, barriers (the first leg of 2473).

    `obstacles` are codes of `choices.Obstacle`; `health_words` says what health allows, `family_words` who must be
    cared for. `minutes` is the time it took, None = not told.
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
    wished_place = models.CharField(max_length=60, blank=True)
    obstacles = models.JSONField(default=list)
    health_words = models.CharField(max_length=200, blank=True)
    family_words = models.CharField(max_length=200, blank=True)
    barriers = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    surveyed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)


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
