"""The scope of a user: the one place that turns duties into a filter."""

import re
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.models import Duty, FactorReset, User
from bangfu.accounts.roles import ADMINISTRATORS, FIELDS, OFFICERS, Field, Role
from bangfu.divisions.models import Division
from bangfu.divisions.queries import within
from bangfu.divisions.ranges import code_range

Viewer = User | AnonymousUser
_CODE = re.compile(r"[0-9]{12}")


def inside(user: Viewer, field: str = "division", *, person: str = "") -> Q:
    """The rows whose division code lies in a range of the user's duties of today; none without a duty.

    `person` names the column with the person's key: given, it also lets in whom the user may read by a special
    access, which holds while a page is read and never while something is written.
    """
    if not isinstance(user, User):
        return within((), field)
    scope = within(user.ranges(), field)
    if person and user.special_persons:
        scope |= Q(**{f"{person}__in": list(user.special_persons)})
    return scope


def may_see_division(user: Viewer, code: str) -> bool:
    """Whether the whole of the division lies inside one range of the user; never for what is no 12-digit code."""
    if not _CODE.fullmatch(code):
        return False
    first, last = code_range(code)
    return isinstance(user, User) and any(low <= first and last <= high for low, high in user.ranges())


def get_division_code(user: Viewer, code: str) -> str:
    """`code`, or the user's own division for "". Raises Http404 outside the user's ranges."""
    wanted = code or (user.division if isinstance(user, User) else "")
    if not wanted or not may_see_division(user, wanted):
        raise Http404
    return wanted


def visible_fields(user: Viewer) -> frozenset[Field]:
    """What of a person the user's duties of today show beside the name (roles.FIELDS); nothing without a duty."""
    held = [duty.role for duty in user.duties_today] if isinstance(user, User) else []
    return frozenset(field for role in held for field in FIELDS.get(role, ()))


def require_writer(user: Viewer) -> User:
    """The user, when some duty of today lets them change facts. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.may_write():
        raise PermissionDenied
    return user


def require_exporter(user: Viewer) -> User:
    """The user, when some duty of today lets them export. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.may_export():
        raise PermissionDenied
    return user


def require_holder(user: Viewer, role: Role) -> User:
    """The user, when some duty of today has that role. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.holds({role}):
        raise PermissionDenied
    return user


def visible_users(admin: User) -> QuerySet[User]:
    """Users with a duty, now or before, inside a system administrator's range."""
    return User.objects.filter(_any(admin, Role.SYSTEM_ADMIN, "duties__division")).distinct()


def get_user(admin: User, key: int) -> User:
    """The user with that key. Raises Http404 outside the system administrator's range."""
    return get_object_or_404(visible_users(admin), pk=key)


def may_manage(admin: User, user: User, day: date) -> bool:
    """Whether a system administrator may change this user: not themself, no administrator, nobody with a duty that
    reaches outside the own range. Administrators are made at the console and by a second person."""
    held = list(Duty.objects.filter(user=user).not_over(day))
    mine = admin.ranges_as({Role.SYSTEM_ADMIN})
    reach = all(any(low <= duty.division < high for low, high in mine) for duty in held)
    return user.pk != admin.pk and reach and not any(duty.role in ADMINISTRATORS for duty in held)


def get_managed_user(admin: User, key: int, day: date) -> User:
    """The user, to be changed. Raises Http404 where there is none, PermissionDenied where it may not be changed."""
    user = get_user(admin, key)
    if not may_manage(admin, user, day):
        raise PermissionDenied
    return user


def get_duty(user: User, key: int) -> Duty:
    """A duty of that user. Raises Http404."""
    return get_object_or_404(Duty, user=user, pk=key)


def duties_of(user: User) -> QuerySet[Duty]:
    """All duties of a user, the latest first."""
    return user.duties.select_related("given_by", "approved_by").order_by("-valid_from", "-pk")


def successors_for(admin: User, user: User, day: date) -> QuerySet[User]:
    """Who may take over: users with an officer's duty of that day inside the administrator's range."""
    duties = Duty.objects.in_force(day).filter(_any(admin, Role.SYSTEM_ADMIN, "division"), role__in=OFFICERS)
    return User.objects.filter(pk__in=duties.values("user"), is_active=True).exclude(pk=user.pk).order_by("name", "pk")


def waiting_duties(admin: User) -> QuerySet[Duty]:
    """Duties that wait for a security administrator of their place, the oldest first."""
    rows = Duty.objects.filter(_any(admin, Role.SECURITY_ADMIN, "division"), waiting=True)
    return rows.select_related("user", "given_by").order_by("pk")


def open_factor_resets(admin: User) -> QuerySet[FactorReset]:
    """Lost factors that wait for a security administrator of the user's place, the oldest first."""
    rows = FactorReset.objects.filter(_any(admin, Role.SECURITY_ADMIN, "user__duties__division"))
    return rows.filter(decided_at__isnull=True).select_related("user", "asked_by").distinct().order_by("pk")


def user_named(name: str) -> User | None:
    """The user who signs in by that name, None where there is none."""
    return User.objects.filter(username__iexact=name).first() if name else None


def places_of(admin: User) -> list[Division]:
    """The places in which a system administrator may give duties: the own ones and two levels below, at most 600."""
    scope = _any(admin, Role.SYSTEM_ADMIN, "code")
    rows = Division.objects.filter(scope, valid_to__isnull=True).order_by("level", "code")
    return list(rows[:600])


def find_places(admin: User, text: str) -> list[Division]:
    """Places in the administrator's range by code, by name, or by "name code" as the page offers it; at most 9."""
    words = text.split()
    code = next((word for word in words if word.isdecimal() and len(word) <= 12), "")
    rows = Division.objects.filter(_any(admin, Role.SYSTEM_ADMIN, "code"), valid_to__isnull=True)
    wanted = Q(code=code.ljust(12, "0")) if code else Q(name="".join(words))
    return list(rows.filter(wanted).order_by("code")[:9])


def _any(admin: User, role: Role, field: str) -> Q:
    return within(admin.ranges_as({role}), field)
