"""What a helper leaves at a home: visits and the policy card."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bangfu.cases.choices import Channel
from bangfu.core.keys import new_key
from bangfu.people.models import Household


class Visit(models.Model):
    """A helper met a household; `next_on` is when they will meet again, None where nothing was agreed."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    findings = models.CharField(max_length=500)
    needs = models.CharField(max_length=300, blank=True)
    next_on = models.DateField(null=True)
    visited_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)

    class Meta:
        indexes = [models.Index(fields=["household", "visited_on"], name="visit_of_household")]


class ReceivedBy(models.TextChoices):
    """Who of the household took the card."""

    HEAD = "head", _("The head")
    SPOUSE = "spouse", _("The spouse")
    MEMBER = "member", _("Another member")


class PolicyCard(models.Model):
    """The policy card (政策明白卡) was brought home and explained; `version` is the year of its text."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="policy_cards")
    version = models.CharField(max_length=10)
    received_by = models.CharField(max_length=10, choices=ReceivedBy.choices)
    given_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="policy_card_once", fields=["household", "version"])]
