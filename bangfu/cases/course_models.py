"""What happens to a case on its way beside survey and services: pauses, failed contacts, ways out, follow-ups."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bangfu.cases.choices import Channel, Outcome
from bangfu.core.keys import new_key


class Pause(models.Model):
    """Whole days, both included, on which the clocks of a case stand still, with the evidence for it.

    `planned_on` is the last day that was set at first; `last_on` comes earlier where the reason fell away.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=30)
    evidence = models.CharField(max_length=300)
    first_on = models.DateField()
    last_on = models.DateField()
    planned_on = models.DateField()
    paused_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="pause_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(name="pause_never_longer", condition=Q(last_on__lte=F("planned_on"))),
        ]


class Attempt(models.Model):
    """Somebody tried to meet the person of a case in vain."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="attempts")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    tried_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=60, unique=True)


class WayOut(models.Model):
    """The proposal to end a case without work, which a second person confirms or turns down.

    `refusals` is how many fitting offers in a row the person had refused when it was made, `attempts` on how many days
    nobody was met. `confirmed` is None while nobody has decided.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="ways_out")
    outcome = models.CharField(max_length=15, choices=Outcome.choices)
    reason = models.CharField(max_length=300)
    refusals = models.PositiveSmallIntegerField()
    attempts = models.PositiveSmallIntegerField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed = models.BooleanField(null=True)
    said = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="way_out_one_open", fields=["case"], condition=Q(confirmed__isnull=True)),
            models.CheckConstraint(
                name="way_out_two_people", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="way_out_decided",
                condition=Q(confirmed__isnull=True, decided_by__isnull=True)
                | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]


class StillThere(models.TextChoices):
    """What a follow-up after placement found."""

    AT_WORK = "at_work", _("Still in that job")
    OTHER_JOB = "other_job", _("In another job")
    LOST = "lost", _("Out of work again")
    UNREACHABLE = "unreachable", _("Not reached")


class FollowUp(models.Model):
    """What was found when a person was asked some days after beginning to work; `wage_amount` is yuan a month, None
    where it was not told."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="follow_ups")
    stage = models.CharField(max_length=30)
    found = models.CharField(max_length=12, choices=StillThere.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wage_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    words = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)


class Measure(models.TextChoices):
    """What a county does about a leg that ran out."""

    URGED = "urged", _("The helper was urged")
    REASSIGNED = "reassigned", _("Given to another helper")
    COUNTY = "county", _("The county does it itself")
    EXCUSED = "excused", _("The delay is founded")


class Escalation(models.Model):
    """A leg that ran out and went up to the county; `measure` is "" until the county took it up."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    leg = models.OneToOneField("cases.Leg", models.CASCADE, related_name="escalation")
    raised_at = models.DateTimeField()
    measure = models.CharField(max_length=12, choices=Measure.choices, blank=True)
    words = models.CharField(max_length=300, blank=True)
    taken_up_at = models.DateTimeField(null=True)
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="escalation_taken_up",
                condition=Q(measure="", taken_up_at__isnull=True) | (~Q(measure="") & Q(taken_up_at__isnull=False)),
            ),
        ]
