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
    """One file of one kind. The same file sent again meets the same batch, as long as it was not undone.

    `tally` counts the accepted rows by kinds.STATES (empty where rows are not compared); `lacks` are the fields
    that no column fills though the kind cannot do without them: such a batch waits for a mapping and has no rows.
    """

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
    tally = models.JSONField(default=dict)
    lacks = models.JSONField(default=list)

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
    """Some of the accepted rows of a batch, sealed; applied in one transaction, in the order of `number`."""

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


class SheetPart(models.Model):
    """Some rows of a sheet as the file had them, sealed, kept until the batch is decided (keeping.py)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="sheet_parts")
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="sheet_part_once", fields=["batch", "sheet", "number"])]


class CellCorrection(models.Model):
    """A cell that a clerk corrected on the page: row and column as the file names them; old and new text sealed."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="corrections")
    row = models.CharField(max_length=260)
    column = models.CharField(max_length=260)
    sealed = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()


class ColumnChoice(models.Model):
    """What an office said the columns of a file fill: for its division, the kind, and this very set of columns.

    `fields` has the field of each column, "" where it is not imported.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=20)
    labels = models.CharField(max_length=64)
    fields = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="column_choice_one", fields=["division", "kind", "labels"])]
