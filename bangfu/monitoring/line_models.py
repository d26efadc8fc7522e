"""What a line of an outside list says, and the lines of which it is not sure whom they speak of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key


class SaidLine(models.Model):
    """What a line says. What the columns mean is said by the kind's mapping file: `status` and `detail` hold its codes,
    `amount` is in yuan, `number` counts. Empty, or None, where the list says nothing."""

    uscc = models.CharField(max_length=18, blank=True)
    status = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=20, blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    number = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True


class LineState(models.TextChoices):
    """What became of an unsure line."""

    OPEN = "open", _("To be decided")
    ACCEPTED = "accepted", _("Of this person")
    REJECTED = "rejected", _("Of somebody else")


class UnsureLine(SaidLine):
    """A line without a usable ID number that may speak of somebody on the register: an officer decides.

    `row` is its name in the file; `sealed` holds the cells by which a person is found, as written, by field. Accepted,
    it becomes a FeedLine (`kept`) of `person`, until that is taken back. The row is erased with the bad lines of its
    list.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    feed = models.ForeignKey("monitoring.Feed", models.CASCADE, related_name="unsure_lines")
    row = models.CharField(max_length=100)
    sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=LineState.choices, default=LineState.OPEN)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="accepted_lines")
    kept = models.ForeignKey("monitoring.FeedLine", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["feed"], name="unsure_line_open", condition=Q(state=LineState.OPEN))]
        constraints = [
            models.CheckConstraint(
                name="unsure_line_decided_by_somebody",
                condition=Q(state=LineState.OPEN, decided_by__isnull=True)
                | (~Q(state=LineState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="unsure_line_accepted_of_a_person",
                condition=Q(state=LineState.ACCEPTED, person__isnull=False)
                | (~Q(state=LineState.ACCEPTED) & Q(person__isnull=True)),
            ),
        ]


class LineCandidate(models.Model):
    """Somebody whom an unsure line may speak of. `likelihood` is in thousandths; `reasons` has the level of each
    comparison."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    line = models.ForeignKey(UnsureLine, models.CASCADE, related_name="candidates")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="line_candidates")
    likelihood = models.PositiveSmallIntegerField()
    reasons = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="line_candidate_once", fields=["line", "person"])]


class LineMemory(models.Model):
    """What an officer decided about somebody whom lists of a place name in the same words, for the lists to come.

    `sealed` holds the cells as written (as UnsureLine does), `mark` is their blind index. `person` is who is meant,
    None where it is none of `refused` (keys of persons). `served_on` is the day of the decision, or of the last list
    that it settled.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    mark = models.CharField(max_length=32)
    sealed = models.BinaryField()
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="line_memories")
    refused = models.JSONField(default=list)
    decided_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    served_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="line_memory_once", fields=["division", "mark"])]
