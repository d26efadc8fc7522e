"""The tree of divisions of statistics: the 12-digit code is the key, a subtree is a range of codes."""

from django.db import models
from django.db.models import F, Q


class Division(models.Model):
    """A province, prefecture, county, town or village (levels 1 to 5), valid from a day until `valid_to`.

    A retired code stays, with its `successor`, so that old facts keep their place (policy.md F5).
    """

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successor = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "code"], name="division_level_code")]
        constraints = [
            models.CheckConstraint(
                name="division_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="division_level", condition=Q(level__gte=1, level__lte=5)),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name under which ledgers know a division, such as 科左后旗."""

    name = models.CharField(max_length=60)
    division = models.ForeignKey(Division, models.CASCADE, related_name="aliases")

    class Meta:
        constraints = [models.UniqueConstraint(name="alias_once", fields=["name", "division"])]
