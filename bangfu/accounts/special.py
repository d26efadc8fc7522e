"""Sight of one person outside one's duties: with a reason, for hours, for reading, and the office there is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.accounts.access import inside
from bangfu.accounts.models import SpecialAccess, User
from bangfu.accounts.roles import AUDITING
from bangfu.audit.actions import record


@transaction.atomic
def grant_special_access(
    user: User, persons: Sequence[tuple[int, str]], *, reason: str, at: datetime
) -> list[SpecialAccess]:
    """Let `user` read persons, given as (key, division), for settings.SPECIAL_ACCESS_HOURS.

    Raises ValueError without a reason; who sees nobody by a duty (an administrator) gets nothing by this.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    if not user.ranges():
        raise ValueError("no duty that opens persons")
    until = at + timedelta(hours=settings.SPECIAL_ACCESS_HOURS)
    given = [
        SpecialAccess(
            user=user, person=key, division=division, reason=reason.strip()[:200], valid_from=at, valid_until=until
        )
        for key, division in persons
    ]
    SpecialAccess.objects.bulk_create(given)
    for access in given:
        record(
            "accounts.special_access_granted", by=user, at=at, count=1, persons=[access.person],
            division=access.division, purpose=access.reason,
        )  # fmt: skip
    return given


@transaction.atomic
def mark_seen(notices: QuerySet[SpecialAccess], *, by: User, at: datetime) -> int:
    """The office has read its notices; returns how many were new."""
    seen = notices.filter(seen_at__isnull=True).update(seen_by=by, seen_at=at)
    record("accounts.special_access_seen", by=by, at=at, count=seen)
    return seen


def readable_persons(user: User, at: datetime) -> list[int]:
    """The persons whom a user may read now by special access."""
    rows = SpecialAccess.objects.filter(user=user, valid_from__lte=at, valid_until__gt=at)
    return list(rows.values_list("person", flat=True))


def current_access(user: User, person: int, at: datetime) -> SpecialAccess | None:
    """The access by which a user reads that person, None where the duties do."""
    rows = SpecialAccess.objects.filter(user=user, person=person, valid_from__lte=at, valid_until__gt=at)
    return rows.order_by("-valid_until").first() if person in user.special_persons else None


def notices_for(user: User) -> QuerySet[SpecialAccess]:
    """Looks from outside at people of the user's area, for its officers and auditors; one's own are left out."""
    scope = inside(user)
    for low, high in user.ranges_as(AUDITING):
        scope |= Q(division__gte=low, division__lt=high)
    return SpecialAccess.objects.filter(scope).exclude(user=user).select_related("user", "seen_by")


def unseen_count(user: User) -> int:
    """How many of them no officer has read."""
    return notices_for(user).filter(seen_at__isnull=True).count() if user.may_write() else 0
