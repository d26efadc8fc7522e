"""Outside lists as they came, the signals that the rulebook found, and its findings about the data."""

from django.db import models
from django.db.models import Q

from bangfu.cases.models import Finding as Found
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


class Proof(models.Model):
    """The coverage certificate of a night for the whole register (monitoring.proof); `digest` is the hash of `body`."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    on = models.DateField(unique=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    holds = models.BooleanField()


class Flow(models.Model):
    """How many people of a town (12-digit `origin`) worked in a county in the last night: `place` has 6 digits, "" =
    not known. Kept for the newest night only."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    origin = models.CharField(max_length=12, db_index=True)
    place = models.CharField(max_length=6, blank=True)
    persons = models.PositiveIntegerField()


class Signal(models.Model):
    """A rule that is true of a person since `opened_on`, until `closed_on` when a night finds it true no more.

    `version` names the text of the rule with which it was found ("" before versions were kept), `reasons` holds the
    values of its conditions; `case` is the key of the case that it opened or joined, None for a finding. `raised_on` is
    the day on which somebody was asked to look into it, None while it is left out because the office can check no more.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=40)
    version = models.CharField(max_length=12, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="signals")
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    raised_on = models.DateField(null=True)
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


class Check(models.Model):
    """What somebody found who looked into a signal without a case; `minutes` is the time it took, None = not told."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    signal = models.OneToOneField(Signal, models.CASCADE, related_name="check_made")
    finding = models.CharField(max_length=10, choices=Found.choices)
    minutes = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")


class Capacity(models.Model):
    """How many signals without a case an office can look into in a week; the newest row of a division holds.

    `division` is a town or a county; `weekly` None = as many as there are.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    weekly = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["division", "at"], name="capacity_division")]


class Trial(models.Model):
    """A rule tried with other values on the snapshots of the last weeks, in the background.

    `values` are the parameters as typed; `done` of `total` snapshots are judged; `result` is None until all are,
    `trouble` says why there is none.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=40)
    division = models.CharField(max_length=12)
    values = models.JSONField()
    by = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "code"], name="trial_by")]


class Finding(models.Model):
    """A quality rule that is true of a person since `opened_on`, until `closed_on` when the facts show it no more.

    `version` names the text of the rule with which it was found, `reasons` the values. `due_on` is the last day for
    setting it right. `waived_until` is the day from which a waived finding is asked about again, None without a waiver.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="findings")
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    due_on = models.DateField()
    closed_on = models.DateField(null=True)
    reasons = models.JSONField()
    waived_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["code", "opened_on"], name="finding_code"),
            models.Index(fields=["division", "due_on"], name="finding_open", condition=Q(closed_on__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="finding_one_open", fields=["code", "person"], condition=Q(closed_on__isnull=True)
            ),
        ]


class Waiver(models.Model):
    """Somebody looked into a finding and says that the facts are right as they are, why, and until when.

    `until_on` is the first day on which it is asked about again; `ended_at` is set when it was taken back before.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="waivers")
    reason = models.CharField(max_length=200)
    until_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="waiver_one_in_force", fields=["finding"], condition=Q(ended_at__isnull=True)),
        ]
