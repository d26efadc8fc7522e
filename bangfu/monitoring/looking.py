"""What a night finds of a place or of somebody's records: opened when it is newly true, renewed, closed when it is
true no more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bangfu.core.keys import new_keys
from bangfu.monitoring.look_models import LookedInto
from bangfu.rulebook.evaluate import Found

_RENEWED = ["judged_on", "reasons", "division", "version", "closed_on"]


def keep_found(
    model: type[LookedInto], subject: str, found: Mapping[tuple[str, Any], Found], on: date
) -> tuple[int, int]:
    """Keep what rules find true, by (code, subject), `subject` naming its column; returns how many opened and closed.

    Part of one transaction: there are as many as towns or recorders at most. Run twice it changes nothing.
    """
    rows = model._default_manager.select_for_update().filter(closed_on__isnull=True)
    standing = {(row.code, getattr(row, subject)): row for row in rows}
    for key, row in standing.items():
        if key in found:
            row.judged_on, row.reasons, row.division = on, found[key].values, found[key].division or ""
            row.version = found[key].version
        else:
            row.closed_on = max(on, row.opened_on)
    model._default_manager.bulk_update(standing.values(), _RENEWED, batch_size=500)
    fresh = [(key, one) for key, one in sorted(found.items()) if key not in standing]
    model._default_manager.bulk_create(
        model(
            id=key, code=code, version=one.version, opened_on=on, judged_on=on, reasons=one.values,
            **{"division": one.division or "", subject: whose},
        )
        for key, ((code, whose), one) in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    return len(fresh), sum(key not in found for key in standing)
