"""What was uploaded: one batch a file, its rows staged in sealed parts, and the rows that need a second look."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key


class BatchState(models.TextChoices):
    """Where an upload stands."""

    STAGED = "staged", _("Checked, waiting for your decision")
    APPLYING = "applying", _("Importing")
    DONE = "done", _("Imported")
    DROPPED = "dropped", _("Given up")
    UNDONE = "undone", _("Undone")


ACTIVE = (BatchState.STAGED, BatchState.APPLYING, BatchState.DONE)


class Batch(models.Model):
    """One file of one kind. The same file sent again meets the same batch, as long as it was not undone."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    acted_on = models.DateField()
    division = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.STAGED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows_total = models.PositiveIntegerField()
    rows_accepted = models.PositiveIntegerField()
    rows_rejected = models.PositiveIntegerField()
    rows_repeated = models.PositiveIntegerField()
    rows_applied = models.PositiveIntegerField(default=0)
    report = models.JSONField()
    columns = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="batch_file_once", fields=["kind", "file_hash"], condition=Q(state__in=ACTIVE)
            ),
            models.CheckConstraint(
                name="batch_done_is_finished",
                condition=~Q(state=BatchState.DONE) | Q(finished_at__isnull=False),
            ),
        ]


class Part(models.Model):
    """Up to a thousand accepted rows of a batch, sealed; applied in one transaction, in the order of `number`."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    sealed = models.BinaryField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="part_once", fields=["batch", "number"])]


class FlaggedRow(models.Model):
    """A row that was rejected or warned about: its name as the spreadsheet shows it, codes, and sealed cells."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="flagged")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=260)
    rejected = models.JSONField(default=list)
    warned = models.JSONField(default=list)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="flagged_once", fields=["batch", "name"])]
        indexes = [models.Index(fields=["batch", "position"], name="flagged_in_order")]
