"""Exports asked for, and the templates of the offices that receive them."""

from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that is taken for a digit


class ExportState(models.TextChoices):
    """Where an export stands. Without need of a second person it begins as approved."""

    ASKED = "asked", _("Waiting for a second person")
    APPROVED = "approved", _("Being made")
    REFUSED = "refused", _("Refused")
    MADE = "made", _("Ready")
    FETCHED = "fetched", _("Downloaded")
    EXPIRED = "expired", _("Erased")


READY = (ExportState.MADE, ExportState.FETCHED)


class FileFormat(models.TextChoices):
    """What kind of file is made."""

    XLSX = "xlsx", _("Excel workbook (.xlsx)")
    CSV = "csv", _("CSV, UTF-8")
    CSV_GB = "csv-gb18030", _("CSV, GB18030")


class Template(models.Model):
    """What an office or body receives: columns as [code, mask] in their order ("" where nothing is masked).

    Kept by the office `division`; `ended_at` is None while it is in use.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    recipient = models.CharField(max_length=100)
    list = models.CharField(max_length=30)
    columns = models.JSONField()
    needs_second = models.BooleanField(default=False)
    watermark = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="export_template_once",
                fields=["division", "list", "recipient"],
                condition=Q(ended_at__isnull=True),
            )
        ]


class Export(models.Model):
    """One list asked for as a file.

    `area` are the divisions of the asker's duties when it was asked; `needs` the reasons (codes) for a second person;
    `rows_asked` and `persons_asked` what the list held then; `rows_made` what the file holds, None before it is made.
    `trouble` is the code of what kept it from being made, "" without any.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    client_key = models.CharField(max_length=36, unique=True)
    list = models.CharField(max_length=30)
    parameters = models.JSONField()
    filter_words = models.JSONField()
    columns = models.JSONField()
    recipient = models.CharField(max_length=100)
    watermark = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=200)
    file_format = models.CharField(max_length=12, choices=FileFormat.choices)
    language = models.CharField(max_length=10)
    division = models.CharField(max_length=12)
    area = models.JSONField()
    needs = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    rows_asked = models.PositiveIntegerField()
    persons_asked = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ExportState.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField()
    trouble = models.CharField(max_length=20, blank=True)
    rows_made = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    file_bytes = models.PositiveBigIntegerField(null=True)
    fetched_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["by", "-id"], name="export_by"),
            models.Index(fields=["state", "division"], name="export_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="export_never_decided_by_asker",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")),
            ),
            models.CheckConstraint(
                name="export_made_is_whole",
                condition=~Q(state__in=["made", "fetched"])
                | Q(rows_made__isnull=False, file_bytes__isnull=False, ends_at__isnull=False),
            ),
            models.CheckConstraint(
                name="export_decided_with_reason",
                condition=Q(decided_by__isnull=True) | ~Q(decision_reason=""),
            ),
        ]

    @property
    def number(self) -> str:
        """The number under which people speak of the export; it stands in the file and on every printed page."""
        left, digits = self.pk, ""
        while left:
            left, digit = divmod(left, len(_DIGITS))
            digits = _DIGITS[digit] + digits
        return f"{digits[:-8]}-{digits[-8:-4]}-{digits[-4:]}"

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return "xlsx" if self.file_format == FileFormat.XLSX else "csv"

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to download."""
        return self.state in READY

    @property
    def masks(self) -> Sequence[tuple[str, str]]:
        """The columns in their order, each with its mask."""
        return [(code, mask) for code, mask in self.columns]
