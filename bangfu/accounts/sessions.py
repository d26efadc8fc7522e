"""Signing in and out as deeds, and the running sessions of a user."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction

from bangfu.accounts.models import SignedIn, User
from bangfu.audit.actions import record

_SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def open_session(user: User, session_key: str, *, address: str | None, agent: str, how: str, at: datetime) -> None:
    """Record that a user signed in; `how` is "password" or "sign_on"."""
    SignedIn.objects.create(
        user=user, session_key=session_key, began_at=at, seen_at=at, address=address, agent=agent[:200]
    )
    record("accounts.signed_in", by=user, at=at, count=1, facts={"how": how})


@transaction.atomic
def note_failure(verb: str, user: User | None, *, at: datetime) -> None:
    """Record a sign-in that failed; `user` is None where nobody has that name, which is kept nowhere."""
    facts = {"user": user.pk} if user else {}
    record(verb, by=None, at=at, count=1, division=user.division if user else "", facts=facts)


@transaction.atomic
def note_seen(session_key: str, *, at: datetime) -> None:
    """Remember when a session was last used."""
    SignedIn.objects.filter(session_key=session_key).update(seen_at=at)


def is_stale(seen_at: datetime, at: datetime) -> bool:
    """Whether the last use is worth writing again: not on every request."""
    return at - seen_at >= _SEEN_EVERY


def running_sessions(user: User) -> list[SignedIn]:
    """The sessions that still open something, the last used first."""
    rows = list(SignedIn.objects.filter(user=user).order_by("-seen_at", "-pk"))
    alive = set(Session.objects.filter(session_key__in=[row.session_key for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.session_key in alive]


@transaction.atomic
def end_session(user: User, key: int, *, at: datetime) -> bool:
    """End one of the user's own sessions; whether there was one."""
    row = SignedIn.objects.filter(user=user, pk=key).first()
    if row is None:
        return False
    _drop([row.session_key])
    record("accounts.session_ended", by=user, at=at, count=1)
    return True


@transaction.atomic
def close_session(user: Any, session_key: str | None, *, why: str, at: datetime) -> None:
    """Record that a session ends: by the user's own wish ("asked"), unused ("idle") or too long ("old")."""
    if session_key:
        SignedIn.objects.filter(session_key=session_key).delete()
    record("accounts.signed_out", by=user, at=at, count=1, facts={"why": why})


def end_sessions(user: User, *, keep: str = "") -> None:
    """End all sessions of a user but the one with the key `keep`; part of a deed that is recorded elsewhere."""
    keys = SignedIn.objects.filter(user=user).exclude(session_key=keep).values_list("session_key", flat=True)
    _drop(list(keys))


def _drop(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    SignedIn.objects.filter(session_key__in=keys).delete()


@transaction.atomic
def note_factor(user: User, what: str, *, at: datetime) -> None:
    """Record that a user changed the own second factor: "set_up", "taken_away" or "new_codes"."""
    record("accounts.factor_changed", by=user, at=at, count=1, facts={"what": what})
