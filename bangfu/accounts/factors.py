"""The second factor: sealing its secret, and taking a lost one away by two persons."""

import base64
from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bangfu.accounts.actions import NotAllowed
from bangfu.accounts.models import FactorReset, User
from bangfu.accounts.sessions import end_sessions
from bangfu.audit.actions import record
from bangfu.core.sealing import Keyring

_PLACE = "mfa.authenticator.secret"


def seal_secret(text: str) -> str:
    """A secret of a factor as it is stored."""
    return base64.b64encode(_ring().seal(_PLACE, [(0, text)])[0]).decode()


def open_secret(sealed: str) -> str:
    """The secret behind it. Raises CannotOpen."""
    return _ring().open(_PLACE, 0, base64.b64decode(sealed))


def _ring() -> Keyring:
    key = settings.FACTOR_KEY
    return Keyring({1: key}, 1, key)


def has_factor(user: User) -> bool:
    """Whether the user has a second factor (recovery codes alone are none)."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


@transaction.atomic
def ask_factor_reset(user: User, *, reason: str, by: User, at: datetime) -> None:
    """A system administrator asks to take a lost factor away. Raises NotAllowed."""
    if not has_factor(user):
        raise NotAllowed(_("The user has no second factor."))
    if FactorReset.objects.filter(user=user, decided_at__isnull=True).exists():
        raise NotAllowed(_("It was asked for already and waits for the security administrator."))
    FactorReset.objects.create(user=user, reason=reason, asked_by=by, asked_at=at)
    facts = {"user": user.pk}
    record(
        "accounts.factor_reset_asked", by=by, at=at, count=1, division=user.division, purpose=reason[:200], facts=facts
    )


@transaction.atomic
def decide_factor_resets(asked: Sequence[int], *, granted: bool, by: User, at: datetime) -> None:
    """A security administrator decides; granted, the factor and all sessions are gone and the user sets a new one.

    Raises NotAllowed where the asker decides, or somebody about themself.
    """
    rows = FactorReset.objects.select_for_update(of=("self",)).select_related("user").filter(pk__in=asked)
    for row in rows:
        if row.decided_at:
            raise NotAllowed(_("Somebody decided this already: load the page again."))
        if by.pk in (row.asked_by_id, row.user_id):
            raise NotAllowed(_("A second person is needed: who asked does not decide, nor the user."))
        row.decided_by, row.decided_at, row.granted = by, at, granted
        row.save(update_fields=["decided_by", "decided_at", "granted"])
        if granted:
            Authenticator.objects.filter(user_id=row.user_id).delete()
            end_sessions(row.user)
        facts = {"user": row.user_id, "granted": granted}
        record("accounts.factor_reset_decided", by=by, at=at, count=1, division=row.user.division, facts=facts)
