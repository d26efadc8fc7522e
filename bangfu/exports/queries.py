"""Reading exports for pages."""

from datetime import datetime
from typing import Any

from django.conf import settings

from bangfu.accounts.models import User
from bangfu.exports.lists import ExportList
from bangfu.exports.models import Export, ExportState


def preview(one: ExportList, user: User, parameters: dict[str, str], at: datetime) -> dict[str, Any]:
    """What the file would hold now: rows, persons (None where the list is not about persons), filter in words."""
    listed = one.read(user, parameters, at)
    rows = listed.rows.order_by()
    persons = rows.values(one.person).distinct().count() if one.person else None
    return {"rows": rows.count(), "persons": persons, "filter": listed.filter}


def is_small(export: Export) -> bool:
    """Whether the file may be made while the asker waits: few rows, and nobody else has to decide."""
    return export.state == ExportState.APPROVED and export.rows_asked <= settings.EXPORT_AT_ONCE_ROWS
