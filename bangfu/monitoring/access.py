"""The only door through which pages get signals."""

from django.db.models import QuerySet

from bangfu.accounts.access import Viewer, inside
from bangfu.monitoring.models import Signal


def visible_signals(user: Viewer) -> QuerySet[Signal]:
    """Signals of persons inside the user's duties of today, open and closed; none without a duty."""
    return Signal.objects.filter(inside(user))
