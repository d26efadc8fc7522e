"""The scope of a user: the one place that turns duties into a filter."""

import re

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from bangfu.accounts.models import User
from bangfu.divisions.ranges import code_range

Viewer = User | AnonymousUser
_CODE = re.compile(r"[0-9]{12}")


def inside(user: Viewer, field: str = "division") -> Q:
    """The rows whose division code lies in a range of the user's duties of today; none without a duty."""
    scope = Q(pk__in=())
    if isinstance(user, User):
        for low, high in user.ranges():
            scope |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
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


def require_writer(user: Viewer) -> User:
    """The user, when some duty of today lets them change facts. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.may_write():
        raise PermissionDenied
    return user


def require_exporter(user: Viewer) -> User:
    """The user, when some duty of today lets them take lists out as files. Raises PermissionDenied."""
    if not isinstance(user, User) or not user.may_export():
        raise PermissionDenied
    return user
