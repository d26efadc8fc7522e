"""Open work that moves to a successor when a duty ends. The rooms above say what they have; see settings.HANDOVERS."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from bangfu.accounts.models import User
from bangfu.audit.actions import record


@dataclass(frozen=True)
class Handover:
    """One kind of open work: its words, how much of it a user has, and moving it (from, to, by=, at=) -> how much."""

    words: Promise
    count: Callable[[User], int]
    move: Callable[..., int]


def open_work(user: User) -> list[tuple[Promise, int]]:
    """What a user still has to do, by kind; kinds without any are left out."""
    counted = ((kind.words, kind.count(user)) for kind in _kinds())
    return [(words, number) for words, number in counted if number]


@transaction.atomic
def hand_over(user: User, successor: User, *, by: Any, at: datetime) -> int:
    """Move all open work of a user; returns how many things. Safe to run twice. Raises ValueError for oneself."""
    if user.pk == successor.pk:
        raise ValueError("a user cannot succeed themself")
    moved = sum(kind.move(user, successor, by=by, at=at) for kind in _kinds())
    if moved:
        facts = {"user": str(user.pk), "successor": str(successor.pk)}
        record("accounts.work_handed_over", by=by, at=at, count=moved, facts=facts)
    return moved


def _kinds() -> list[Handover]:
    return [import_string(name) for name in settings.HANDOVERS]
