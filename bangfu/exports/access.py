"""The only door through which pages get exports and templates."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import require_exporter
from bangfu.accounts.models import User
from bangfu.accounts.roles import EXPORTERS
from bangfu.divisions.queries import within
from bangfu.divisions.ranges import COUNTY, ancestors_of, code_range, level_of
from bangfu.exports.lists import ExportList, all_lists
from bangfu.exports.models import Export, ExportState, Template

_WAITING_LIMIT = 200


def area_of(user: User) -> list[str]:
    """The divisions of the user's duties of today, in order: what their lists are drawn from."""
    return sorted({duty.division for duty in user.duties_today})


def may_export_area(user: User, area: Iterable[str]) -> bool:
    """Whether each of the divisions lies inside a duty of today that lets the user export."""
    own = [code_range(duty.division) for duty in user.duties_today if duty.role in EXPORTERS]
    wanted = [code_range(code) for code in area]
    return bool(wanted) and all(any(low <= first and last <= high for low, high in own) for first, last in wanted)


def require_whole_area(user: Any) -> User:
    """The user, when every one of their duties of today lets them export: a list is drawn from all of them.

    Raises PermissionDenied.
    """
    exporter = require_exporter(user)
    if not may_export_area(exporter, area_of(exporter)):
        raise PermissionDenied
    return exporter


def get_list(code: str) -> ExportList:
    """The list of that code. Raises Http404."""
    try:
        return all_lists()[code]
    except KeyError as missing:
        raise Http404 from missing


def own_exports(user: User) -> QuerySet[Export]:
    """What the user asked for."""
    return Export.objects.filter(by=user).select_related("by", "decided_by")


def waiting_exports(user: User) -> Sequence[Export]:
    """What others in the user's area ask for and the user may decide, the oldest first; at most 200 are looked at."""
    rows = Export.objects.filter(_inside(user), state=ExportState.ASKED).exclude(by=user).select_related("by")
    return [export for export in rows.order_by("pk")[:_WAITING_LIMIT] if may_export_area(user, export.area)]


def _inside(user: User) -> Q:
    return within(code_range(duty.division) for duty in user.duties_today if duty.role in EXPORTERS)


def get_export(user: Any, key: int) -> Export:
    """The export with that key: one's own, one that waits for a second person of the area, one decided by the user.

    Raises Http404.
    """
    if not isinstance(user, User) or not user.may_export():
        raise Http404
    seen = Q(by=user) | Q(decided_by=user) | (Q(state=ExportState.ASKED) & _inside(user))
    export = get_object_or_404(Export.objects.filter(seen).select_related("by", "decided_by"), pk=key)
    if not may_export_area(user, export.area):
        raise Http404
    return export


def visible_templates(user: User) -> QuerySet[Template]:
    """The templates in use that the user's office, one above it or one below it keeps."""
    scope = Q(pk__in=())
    for code in area_of(user):
        low, high = code_range(code)
        scope |= Q(division__in=ancestors_of(code)) | Q(division__gte=low, division__lt=high)
    return Template.objects.filter(scope, ended_at__isnull=True).select_related("by")


def usable_templates(user: User, code: str) -> QuerySet[Template]:
    """Those of them that belong to a list and to the user's office or one above it."""
    codes = {part for own in area_of(user) for part in (*ancestors_of(own), own)}
    return visible_templates(user).filter(list=code, division__in=codes).order_by("recipient")


def may_keep_templates(user: User) -> bool:
    """Whether the user keeps templates: writers of a county office or one above it."""
    return (
        any(duty.role in EXPORTERS and level_of(duty.division) <= COUNTY for duty in user.duties_today)
        and user.may_write()
    )


def require_keeper(user: Any) -> User:
    """The user, when they keep templates. Raises PermissionDenied."""
    exporter = require_exporter(user)
    if not may_keep_templates(exporter):
        raise PermissionDenied
    return exporter


def get_template(user: Any, key: int) -> Template:
    """The template in use with that key, to be changed by an office inside whose area its own lies.

    Raises Http404.
    """
    if not isinstance(user, User):
        raise Http404
    template = get_object_or_404(visible_templates(user), pk=key)
    if not may_export_area(user, [template.division]):
        raise Http404
    return template
