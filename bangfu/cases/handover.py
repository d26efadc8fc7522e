"""What a helper leaves behind: open cases and households, which move to a successor (bangfu.accounts.handover)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.accounts.handover import Handover
from bangfu.accounts.models import User
from bangfu.cases.actions import assign_helper
from bangfu.cases.models import Case
from bangfu.cases.visiting import pair_households
from bangfu.people.models import Pairing


def _count(user: User) -> int:
    return Case.objects.filter(helper=user, closed_at__isnull=True).count()


def _move(user: User, successor: User, *, by: Any, at: datetime) -> int:
    cases = list(Case.objects.filter(helper=user, closed_at__isnull=True).values_list("pk", flat=True))
    if cases:
        assign_helper(cases, successor, by=by, at=at)
    return len(cases)


HANDOVER = Handover(_("Cases in hand"), _count, _move)


def _households(user: User) -> list[int]:
    rows = Pairing.objects.open().filter(helper=user, person__standing__household__isnull=False)
    return sorted(set(rows.values_list("person__standing__household", flat=True)))


def _move_households(user: User, successor: User, *, by: Any, at: datetime) -> int:
    households = _households(user)
    return pair_households(households, successor, by=by, at=at) if households else 0


PAIRINGS = Handover(_("Households in contact"), lambda user: len(_households(user)), _move_households)
