"""Handing a person's search for work to the county where that person is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bangfu.core.keys import new_key


class ReferralAnswer(models.TextChoices):
    """What became of a referral; "" while the other county has not answered."""

    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Turned down")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Referral(models.Model):
    """One county asks another to help with a case: one case, two offices. `from_county` and `to_county` are codes;
    `due_at` is computed once by rules/clocks/referral.yaml from the working days of the county that is asked.

    The case stays with the county that sent it. An accepted referral ends with the case or when it is withdrawn.
    """

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="referrals")
    from_county = models.CharField(max_length=12)
    to_county = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ReferralAnswer.choices, blank=True)
    said = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    client_key = models.CharField(max_length=36, unique=True)

    class Meta:
        indexes = [models.Index(fields=["to_county", "due_at"], name="referral_waiting", condition=Q(answer=""))]
        constraints = [
            models.UniqueConstraint(
                name="referral_one_open", fields=["case"], condition=Q(answer__in=("", "accepted"))
            ),
            models.CheckConstraint(
                name="referral_answered",
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="referral_elsewhere", condition=~Q(from_county=models.F("to_county"))),
        ]
