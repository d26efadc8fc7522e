"""Reading users for the administrator's list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from bangfu.accounts.models import Duty, User
from bangfu.divisions.queries import names_of


@dataclass(frozen=True)
class UserLine:
    """A user with the duties that are not over: (words, place, waits)."""

    user: User
    duties: Sequence[tuple[str, str, bool]]


def filter_users(rows: QuerySet[User], *, role: str, state: str, on: date) -> QuerySet[User]:
    """By a role that is not over, and by state ("active", "inactive"); "" asks for all."""
    if role:
        rows = rows.filter(pk__in=Duty.objects.not_over(on).filter(role=role).values("user"))
    if state in {"active", "inactive"}:
        rows = rows.filter(is_active=state == "active")
    return rows


def names_of_users(keys: Iterable[int | str]) -> dict[int | str, str]:
    """The names of these users by key; one query."""
    return dict(User.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name"))


def user_lines(users: Sequence[User], on: date) -> list[UserLine]:
    """The users of a page with their duties, in two queries whatever their number."""
    held: dict[int, list[Duty]] = {}
    for duty in Duty.objects.not_over(on).filter(user__in=users).order_by("division", "pk"):
        held.setdefault(duty.user_id, []).append(duty)
    places = names_of({duty.division for duties in held.values() for duty in duties})
    return [
        UserLine(
            user,
            [(duty.words, places.get(duty.division, duty.division), duty.waiting) for duty in held.get(user.pk, [])],
        )
        for user in users
    ]
