"""Rounds of matching, the offers they make, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.cases.models import Case
from bangfu.core.keys import new_key
from bangfu.employers.models import Post


class Round(models.Model):
    """One run of matching in a county, with the certificate that it printed (matching.md 6)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    acted_on = models.DateField()
    division = models.CharField(max_length=12)
    ran_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    offers = models.PositiveIntegerField()
    certificate = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="round_once_a_day", fields=["acted_on", "division"])]


class OfferState(models.TextChoices):
    """What became of an offer; overdue ones are expired by comparison with `holds_until`."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    THINKING = "thinking", _("Thinking it over")
    REFUSED = "refused", _("Refused")
    UNREACHABLE = "unreachable", _("Not reached")
    HIRED = "hired", _("Hired")
    FELL_THROUGH = "fell_through", _("Fell through")


class Offer(models.Model):
    """A post proposed to the person of a case. It holds a place until `holds_until` (inclusive, house.md 5)."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="offer_rows")
    case = models.ForeignKey(Case, models.CASCADE, related_name="offers")
    post = models.ForeignKey(Post, models.PROTECT, related_name="offers")
    score = models.PositiveIntegerField()
    reasons = models.JSONField()
    offered_on = models.DateField()
    holds_until = models.DateField()
    state = models.CharField(max_length=12, choices=OfferState.choices, default=OfferState.PROPOSED)
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["post", "holds_until"], name="offer_holding")]
        constraints = [
            models.UniqueConstraint(name="offer_once_a_case", fields=["case", "post"]),
            models.CheckConstraint(
                name="offer_answered_has_time", condition=Q(state="proposed") | Q(answered_at__isnull=False)
            ),
        ]


class Shortage(models.Model):
    """A case for which a round found fewer than three fitting posts: shown apart, sent to recruiting and training."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="shortages")
    case = models.ForeignKey(Case, models.CASCADE, related_name="shortages")
    found = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=30)
