"""The plan for one person (一人一策)."""

from django.conf import settings
from django.db import models

from bangfu.core.keys import new_key


class Plan(models.Model):
    """A plan as it was agreed and printed: never changed, a later one replaces it.

    `measures` is a list of {what, who, until}: words, words, ISO day or "". `signed_on` is the day on which both
    signed, None while the paper is out.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="plans")
    goal = models.CharField(max_length=200)
    measures = models.JSONField()
    made_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True)
    client_key = models.CharField(max_length=36, unique=True)
