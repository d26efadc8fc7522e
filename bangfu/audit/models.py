"""Who did and saw what. Rows are only ever added; a sealer chains the committed ones."""

from django.conf import settings
from django.db import models

from bangfu.core.keys import new_key


class Entry(models.Model):
    """One deed: a verb such as "people.imported", who, when, on how many things, and why where a look needs it.

    `role`, `place` and `office` are those of the actor's duty at that moment ("" for the system): people change
    duties later. `division` is where the deed was done, "" where it has no place.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=12, blank=True)
    office = models.CharField(max_length=100, blank=True)
    verb = models.CharField(max_length=60)
    count = models.PositiveIntegerField()
    division = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    chain_no = models.BigIntegerField(null=True, unique=True)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_chained_has_hash",
                condition=models.Q(chain_no__isnull=True, chain_hash="") | ~models.Q(chain_hash=""),
            )
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_entry_at"),
            models.Index(fields=["verb", "-at"], name="audit_entry_verb"),
            models.Index(fields=["id"], name="audit_entry_loose", condition=models.Q(chain_no__isnull=True)),
        ]


class Subject(models.Model):
    """A person whom an entry is about, so that each can be told who looked at the file."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="subjects")
    person = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["person", "entry"], name="audit_subject_person")]
