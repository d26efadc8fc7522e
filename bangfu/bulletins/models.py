"""Targets, against which the bulletin measures; the figures themselves are computed from the snapshot."""

from django.db import models

from bangfu.core.keys import new_key


class Target(models.Model):
    """A yearly target of a division for one indicator, with the document that set it."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    division = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=10)
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="target_once", fields=["division", "year", "indicator"])]
