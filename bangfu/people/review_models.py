"""What somebody has to decide about persons: differences between sources, requests of persons, probable duplicates."""

from django.db import models
from django.db.models import F, Q

from bangfu.core.keys import new_key
from bangfu.people import choices
from bangfu.people.facts_base import Source


class Difference(models.Model):
    """A source said other than a more trusted one: both stand side by side until somebody decides.

    `group` is the fact's table, `kind` the value of its KIND (a job's spell), `columns` what differs. The proposal
    is sealed: JSON of column to text. `digest` is the blind index of proposal and held values, so that the same
    proposal is not asked about twice.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="differences")
    group = models.CharField(max_length=30)
    kind = models.CharField(max_length=40, blank=True)
    columns = models.JSONField()
    proposed_sealed = models.BinaryField()
    digest = models.CharField(max_length=32)
    source = models.CharField(max_length=10, choices=Source.choices)
    batch = models.BigIntegerField(null=True)
    noted_on = models.DateField()
    noted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=choices.DifferenceState.choices, default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "person"], name="difference_state"),
            models.Index(fields=["batch"], name="difference_batch", condition=Q(batch__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="difference_open_once", fields=["person", "group", "kind", "digest"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="difference_decided", condition=Q(state="open", decided_at=None) | ~Q(state="open")
            ),
        ]


class Correction(models.Model):
    """The person, or somebody for the person, says that something on file is wrong, or objects to its use.

    What was said and answered is sealed, for it may name people. `due_on` is set once at opening by the clock.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=10, choices=choices.CorrectionKind.choices)
    subject = models.CharField(max_length=30, blank=True)
    asked_by = models.CharField(max_length=10, choices=choices.AskedBy.choices)
    said_sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)
    due_on = models.DateField()
    answer = models.CharField(max_length=10, choices=choices.CorrectionAnswer.choices, blank=True)
    reply_sealed = models.BinaryField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["answered_at", "due_on"], name="correction_due")]
        constraints = [
            models.CheckConstraint(
                name="correction_answered_has_answer",
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]


class Duplicate(models.Model):
    """Two rows that are probably one person; `first` is the older row. `likelihood` is in thousandths.

    `reasons` hold for each comparison its level: same, close, different, unknown; never a value.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    first = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    second = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    likelihood = models.PositiveSmallIntegerField()
    reasons = models.JSONField()
    noted_on = models.DateField()
    state = models.CharField(max_length=10, choices=choices.DuplicateState.choices, default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="duplicate_once", fields=["first", "second"]),
            models.CheckConstraint(name="duplicate_in_order", condition=Q(first__lt=F("second"))),
        ]
        indexes = [models.Index(fields=["state", "likelihood"], name="duplicate_state")]


class Merge(models.Model):
    """Two rows were made one: `gone` is led to `kept`. `moved` names the rows of other tables that changed hands,
    by table, so that undoing gives back exactly those; the facts carry the merge's key as their batch."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    kept = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    gone = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="merge_gone_once", fields=["gone"], condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("gone"))),
        ]
