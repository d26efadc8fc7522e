"""Making users, giving and ending their duties, passwords. Who may do it is asked by the page (access.py)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bangfu.accounts.handover import hand_over
from bangfu.accounts.models import Duty, User
from bangfu.accounts.roles import SECOND_PERSON, clash
from bangfu.accounts.sessions import end_sessions
from bangfu.audit.actions import record

ONE_TIME_HOURS = 72
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters and digits that look alike


class NotAllowed(Exception):
    """The deed breaks a rule of duties; said in the administrator's words."""


@dataclass(frozen=True)
class NewDuty:
    """A duty to be given; see models.Duty for its columns."""

    role: str
    division: str
    valid_from: date
    valid_to: date | None = None
    title: str = ""
    department: str = ""
    organisation: str = ""
    person: int | None = None


@transaction.atomic
def create_user(
    username: str, password: str, *, name: str, office: str, role: str, division: str, since: date, by: Any,
    at: datetime, is_demo: bool = False,
) -> User:  # fmt: skip
    """A user with one duty; a user of that name is given the password, the name and the duty anew.

    For the console and the demo, where the operator answers for it: no second person is asked. Raises NotAllowed.
    """
    user, _made = User.objects.update_or_create(
        username=username,
        defaults={"name": name, "office": office, "is_demo": is_demo, "is_active": True, "one_time_until": None},
    )
    user.set_password(password)
    user.save(update_fields=["password"])
    _refuse_clash(user, role, since)
    Duty.objects.get_or_create(user=user, role=role, division=division, valid_to=None, defaults={"valid_from": since})
    record("accounts.user_created", by=by, at=at, count=1, division=division, facts={"user": user.pk, "role": role})
    return user


@transaction.atomic
def open_user(
    username: str, *, name: str, office: str, sign_on: str, duty: NewDuty, by: Any, at: datetime
) -> tuple[User, str]:
    """A new user with a first duty and a one-time password, which is returned this once. Raises NotAllowed."""
    if User.objects.filter(username__iexact=username).exists():
        raise NotAllowed(_("This user name is taken."))
    user = User(username=username, name=name, office=office, sign_on=sign_on or None)
    password = _set_one_time(user, at)
    user.save(force_insert=True)
    record(
        "accounts.user_created", by=by, at=at, count=1, division=duty.division,
        facts={"user": user.pk, "role": duty.role},
    )  # fmt: skip
    give_duty(user, duty, by=by, at=at)
    return user, password


@transaction.atomic
def change_user(user: User, *, name: str, office: str, sign_on: str, by: Any, at: datetime) -> None:
    """Change what is known of a user. Raises NotAllowed when another user has that name at the provincial sign-on."""
    if sign_on and User.objects.exclude(pk=user.pk).filter(sign_on=sign_on).exists():
        raise NotAllowed(_("Another user has this name at the provincial sign-on."))
    user.name, user.office, user.sign_on = name, office, sign_on or None
    user.save(update_fields=["name", "office", "sign_on"])
    record("accounts.user_changed", by=by, at=at, count=1, division=user.division, facts={"user": user.pk})


@transaction.atomic
def give_duty(user: User, duty: NewDuty, *, by: Any, at: datetime) -> Duty:
    """Give a duty; one that exports or decides money waits for a second person. Raises NotAllowed."""
    _refuse_clash(user, duty.role, duty.valid_from)
    same = Duty.objects.filter(user=user, role=duty.role, division=duty.division)
    if same.not_over(localdate(at)).exists():
        raise NotAllowed(_("The user has this duty already."))
    given = Duty(user=user, given_by=by, waiting=duty.role in SECOND_PERSON, **duty.__dict__)
    given.save(force_insert=True)
    facts = {"user": user.pk, "duty": given.pk, "role": duty.role, "waiting": given.waiting}
    record("accounts.duty_given", by=by, at=at, count=1, division=duty.division, facts=facts)
    return given


def _refuse_clash(user: User, role: str, since: date) -> None:
    """No user holds two administrator duties, nor one beside another duty, at any time from `since` on."""
    User.objects.select_for_update().get(pk=user.pk)
    held = Duty.objects.filter(user=user).not_over(since).values_list("role", flat=True)
    if reason := clash([*held, role]):
        raise NotAllowed(reason)


@transaction.atomic
def approve_duties(duties: Sequence[int], *, by: User, at: datetime) -> None:
    """A second person agrees to duties that wait. Raises NotAllowed for one's own, or one that one gave oneself."""
    for duty in _waiting(duties, by):
        duty.waiting, duty.approved_by = False, by
        duty.save(update_fields=["waiting", "approved_by"])
        facts = {"user": duty.user_id, "duty": duty.pk, "role": duty.role}
        record("accounts.duty_approved", by=by, at=at, count=1, division=duty.division, facts=facts)


@transaction.atomic
def refuse_duties(duties: Sequence[int], *, reason: str, by: User, at: datetime) -> None:
    """A second person refuses duties that wait; they are taken off. Raises NotAllowed as approve_duties does."""
    for duty in _waiting(duties, by):
        facts = {"user": duty.user_id, "duty": duty.pk, "role": duty.role}
        record(
            "accounts.duty_refused", by=by, at=at, count=1, division=duty.division, purpose=reason[:200], facts=facts
        )
        duty.delete()


def _waiting(duties: Sequence[int], by: User) -> list[Duty]:
    found = list(Duty.objects.select_for_update().filter(pk__in=duties, waiting=True))
    if len(found) != len(set(duties)):
        raise NotAllowed(_("Somebody decided this already: load the page again."))
    if any(by.pk in (duty.user_id, duty.given_by_id) for duty in found):
        raise NotAllowed(_("A second person is needed: nobody approves their own duty or one that they gave."))
    return found


@transaction.atomic
def end_duties(duties: Sequence[int], *, successor: User | None, by: Any, at: datetime) -> None:
    """End duties now; what only they let the user do is handed to the successor (None: nothing is handed over)."""
    today = localdate(at)
    for duty in Duty.objects.select_for_update(of=("self",)).select_related("user").filter(pk__in=duties):
        if duty.valid_from >= today:
            duty.delete()  # it never was in force on a day that is over
        else:
            duty.valid_to = today
            duty.waiting = False
            duty.save(update_fields=["valid_to", "waiting"])
        facts = {"user": duty.user_id, "role": duty.role}
        record("accounts.duty_ended", by=by, at=at, count=1, division=duty.division, facts=facts)
        if successor:
            hand_over(duty.user, successor, by=by, at=at)


@transaction.atomic
def deactivate_user(user: User, *, successor: User | None, by: Any, at: datetime) -> None:
    """Nobody signs in by this user any more: duties end, sessions end, open work goes to the successor."""
    held = Duty.objects.filter(user=user).not_over(localdate(at)).values_list("pk", flat=True)
    division = user.division
    end_duties(list(held), successor=None, by=by, at=at)
    if successor:
        hand_over(user, successor, by=by, at=at)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    record("accounts.user_deactivated", by=by, at=at, count=1, division=division, facts={"user": user.pk})


@transaction.atomic
def reset_password(user: User, *, by: Any, at: datetime) -> str:
    """A one-time password, returned this once; the user is signed out everywhere and must change it."""
    password = _set_one_time(user, at)
    user.is_active = True
    user.save(update_fields=["password", "one_time_until", "is_active"])
    end_sessions(user)
    record("accounts.password_reset", by=by, at=at, count=1, division=user.division, facts={"user": user.pk})
    return password


@transaction.atomic
def change_password(user: User, password: str, *, at: datetime, keep: str) -> None:
    """The user's own new password; all other sessions end (`keep` is the key of the one at hand)."""
    user.set_password(password)
    user.one_time_until = None
    user.save(update_fields=["password", "one_time_until"])
    end_sessions(user, keep=keep)
    record("accounts.password_changed", by=user, at=at, count=1)


def _set_one_time(user: User, at: datetime) -> str:
    letters = [secrets.choice(_ALPHABET) for _position in range(16)]
    password = "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))
    user.set_password(password)
    user.one_time_until = at + timedelta(hours=ONE_TIME_HOURS)
    return password
