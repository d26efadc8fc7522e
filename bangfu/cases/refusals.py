"""Why people refuse an offer: a short list, so that reasons can be counted; other words are kept as said."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(TextChoices):
    """The reason behind a refusal, kept in `Service.reason` by its code."""

    WAGE = "wage", _("The wage is too low")
    FAR = "far", _("Too far from home")
    TRADE = "trade", _("Not the wished trade")
    HOURS = "hours", _("The hours do not suit")
    FAMILY = "family", _("Must care for the family")
    HEALTH = "health", _("Health does not allow it")
    OTHER = "other", _("Another reason")


def reason_words(reason: str) -> str:
    """The reason as it was given: the words of its code, or the words themselves; "" for none."""
    return str(Refusal(reason).label) if reason in Refusal.values else reason
