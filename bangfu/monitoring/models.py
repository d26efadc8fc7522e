"""Outside lists as they came, and the signals that the rulebook found."""

from django.db import models
from django.db.models import Q

from bangfu.core.keys import new_key
from bangfu.people.models import Person


class Feed(models.Model):
    """One monthly extract. Lines of people who are not on the register are counted, never kept."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=30)
    month = models.DateField()
    file_hash = models.CharField(max_length=64)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    lines = models.PositiveIntegerField()
    matched = models.PositiveIntegerField()
    superseded_at = models.DateTimeField(null=True)
    report = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="feed_one_a_month", fields=["kind", "month"], condition=Q(superseded_at__isnull=True)
            )
        ]


class InsuranceMonth(models.Model):
    """A line of the social insurance extract for a person on the register (status AAC031, wage base AAC040)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    feed = models.ForeignKey(Feed, models.CASCADE, related_name="insurance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="insurance_months")
    month = models.DateField()
    status = models.PositiveSmallIntegerField()
    uscc = models.CharField(max_length=18, blank=True)
    wage_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "month"], name="insurance_person_month")]


class Night(models.Model):
    """One finished night and what it printed; the first of a county decides what counts as backlog."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    acted_on = models.DateField(unique=True)
    ran_at = models.DateTimeField()
    summary = models.JSONField()


class Signal(models.Model):
    """A rule that is true of a person since `opened_on`, until `closed_on` when a night finds it true no more.

    `reasons` holds the values of the conditions with which it was found; `case` is the key of the case that it
    opened or joined, None for a finding.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="signals")
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    reasons = models.JSONField()
    case = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["code", "opened_on"], name="signal_code"),
            models.Index(fields=["division"], name="signal_open", condition=Q(closed_on__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="signal_one_open", fields=["code", "person"], condition=Q(closed_on__isnull=True)
            ),
        ]
