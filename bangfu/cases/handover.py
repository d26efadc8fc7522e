"""What a helper leaves behind: open cases, which move to a successor (bangfu.accounts.handover)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.accounts.handover import Handover
from bangfu.accounts.models import User
from bangfu.cases.actions import assign_helper
from bangfu.cases.models import Case


def _count(user: User) -> int:
    return Case.objects.filter(helper=user, closed_at__isnull=True).count()


def _move(user: User, successor: User, *, by: Any, at: datetime) -> int:
    cases = list(Case.objects.filter(helper=user, closed_at__isnull=True).values_list("pk", flat=True))
    if cases:
        assign_helper(cases, successor, by=by, at=at)
    return len(cases)


HANDOVER = Handover(_("Cases in hand"), _count, _move)
