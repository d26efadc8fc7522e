"""The one base of all dated facts about a person."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key


class Source(models.TextChoices):
    """Where a fact comes from, the most trusted first (policy.md A5)."""

    VISIT = "visit", _("Verified face to face")
    INSURANCE = "insurance", _("Social insurance record")
    EMPLOYER = "employer", _("Employer")
    OFFICER = "officer", _("Recorded by an officer")
    PERSON = "person", _("Told by the person")
    LEDGER = "ledger", _("Imported ledger")


class FactQuerySet(models.QuerySet["Fact"]):
    """Facts, as known now or then, as true on a day."""

    def known(self) -> "FactQuerySet":
        """The versions that are believed now."""
        return self.filter(superseded_at__isnull=True)

    def open(self) -> "FactQuerySet":
        """The believed versions without an end."""
        return self.known().filter(valid_to__isnull=True)

    def true_on(self, day: date) -> "FactQuerySet":
        """The believed versions whose validity holds `day` (half-open: the end day is out)."""
        return self.known()._holding(day)

    def known_at(self, instant: datetime) -> "FactQuerySet":
        """The versions that were believed at an instant of the past: recorded by then, not yet superseded."""
        return self.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=instant), recorded_at__lte=instant)

    def true_on_as_known_at(self, day: date, instant: datetime) -> "FactQuerySet":
        """What was believed at `instant` to be true on `day`."""
        return self.known_at(instant)._holding(day)

    def _holding(self, day: date) -> "FactQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class Fact(models.Model):
    """One version of something that is true of a person from `valid_from` until the day before `valid_to`.

    A correction adds a version and closes the old one with `superseded_at`; nothing is overwritten. `source`
    and `recorded_at` speak for the columns that this version brought; `origins` names, for each column taken
    over from an older version, the [source, day it was recorded] of then.
    """

    KIND: ClassVar[str | None] = None
    """The column that tells kinds apart of which a person may have one each; None: one of the whole group."""
    KIND_ALONE: ClassVar[bool] = False
    """Whether the kind says something by itself; else a version needs a further value."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="%(class)s_facts")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    evidence = models.CharField(max_length=200, blank=True)
    origins = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    batch = models.BigIntegerField(null=True)
    superseded_at = models.DateTimeField(null=True)
    superseded_batch = models.BigIntegerField(null=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["batch"], name="%(class)s_of_batch", condition=Q(batch__isnull=False)),
            models.Index(
                fields=["superseded_batch"],
                name="%(class)s_superseded",
                condition=Q(superseded_batch__isnull=False),
            ),
        ]


class ExclusiveFact(Fact):
    """A fact of which a person has at most one open version."""

    class Meta(Fact.Meta):
        abstract = True
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="%(class)s_one_open",
                fields=["person"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
            ),
        ]


class KindedFact(Fact):
    """A fact of which a person has at most one open version of each kind; the model's own constraint says so."""

    class Meta(Fact.Meta):
        abstract = True


def one_open(name: str, kind: str) -> Any:
    """The constraint of a `KindedFact`: one open version a person and kind."""
    return models.UniqueConstraint(
        name=f"{name}_one_open",
        fields=["person", kind],
        condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
    )
