"""What the night finds of a place or of somebody's records, and somebody must look into."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key


class LookedInto(models.Model):
    """A rule that is true of a subject since `opened_on` until `closed_on`, and what looking into it gave.

    `judged_on` is the night whose figures stand in `reasons`; `division` is the town.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=12)
    division = models.CharField(max_length=12)
    opened_on = models.DateField()
    judged_on = models.DateField()
    closed_on = models.DateField(null=True)
    reasons = models.JSONField()
    said = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class AreaAlarm(LookedInto):
    """A rule that is true of a town as a whole: work is falling there."""

    class Meta:
        indexes = [models.Index(fields=["division"], name="alarm_open", condition=Q(closed_on__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                name="alarm_one_open", fields=["code", "division"], condition=Q(closed_on__isnull=True)
            ),
            models.CheckConstraint(
                name="alarm_answer_has_answerer",
                condition=Q(said="", answered_by__isnull=True) | (~Q(said="") & Q(answered_by__isnull=False)),
            ),
        ]


class ScreenAnswer(models.TextChoices):
    """What looking into a finding of the screen gave."""

    EXPLAINED = "explained", _("Explained: the records are right")
    CORRECTED = "corrected", _("The records were corrected")
    PASSED_ON = "passed_on", _("Passed on for investigation")


class ScreenFinding(LookedInto):
    """A rule of the screen that is true of what one user recorded.

    It says that somebody should look, not that anything is false. The town is that of most of the records.
    """

    recorder = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=ScreenAnswer.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["division"], name="screen_open", condition=Q(closed_on__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                name="screen_one_open", fields=["code", "recorder"], condition=Q(closed_on__isnull=True)
            ),
            models.CheckConstraint(
                name="screen_answer_has_answerer",
                condition=Q(answer="", answered_by__isnull=True) | (~Q(answer="") & Q(answered_by__isnull=False)),
            ),
        ]
