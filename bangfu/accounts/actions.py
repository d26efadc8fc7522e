"""Making users and giving them duties."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from bangfu.accounts.models import Duty, User
from bangfu.audit.actions import record


@transaction.atomic
def create_user(
    username: str, password: str, *, name: str, office: str, role: str, division: str, since: date, by: Any,
    at: datetime, is_demo: bool = False,
) -> User:  # fmt: skip
    """A user with one duty; a user of that name is given the password, the name and the duty anew."""
    user, _ = User.objects.update_or_create(
        username=username, defaults={"name": name, "office": office, "is_demo": is_demo, "is_active": True}
    )
    user.set_password(password)
    user.save(update_fields=["password"])
    Duty.objects.get_or_create(user=user, role=role, division=division, valid_to=None, defaults={"valid_from": since})
    record("accounts.user_created", by=by, at=at, count=1, division=division, facts={"user": user.pk, "role": role})
    return user
