"""What the page of one upload shows: its rows, and what stands around them."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bangfu.intake import previewing, queries
from bangfu.intake.kinds import STATES, all_kinds
from bangfu.intake.models import Batch, BatchState
from bangfu.intake.words import field_name
from bangfu.ui.pages import keyset_page

ACCEPTED = "accepted"


def rows_context(request: HttpRequest, upload: Batch) -> dict[str, Any]:
    """One page of the rows that `show` asks for: those to look at, or those to import."""
    user: Any = request.user
    is_waiting = upload.state == BatchState.STAGED
    first = (
        queries.REJECTED
        if upload.rows_rejected
        else ""
        if upload.report["warned"] or not upload.rows_accepted
        else ACCEPTED
    )
    show = request.GET.get("show", first) or "all"
    warned = queries.flagged_rows(upload, queries.WARNED).count()
    context: dict[str, Any] = {
        "batch": upload, "show": show, "many": len(upload.columns) > 1, "warned": warned,
        "flagged": 0 if upload.state == BatchState.DROPPED else upload.rows_rejected + warned,
        "states": previewing.states_of(upload) if is_waiting else [], "here": request.GET.urlencode(),
        "may_mend": is_waiting and user.may_write(), "accepted": upload.rows_accepted if is_waiting else 0,
    }  # fmt: skip
    if is_waiting and show in (ACCEPTED, *STATES):
        kind = all_kinds()[upload.kind]
        given = request.GET.get("start", "")
        start = int(given) if given.isdecimal() and len(given) < 8 else 0
        state = "" if show == ACCEPTED else show
        return {**context, "preview": previewing.accepted_page(upload, kind, state, start)}
    page = keyset_page(queries.flagged_rows(upload, show), ("position",), after=request.GET.get("after", ""))
    heads, lines = queries.lines_of(upload, page.rows, upload.acted_on)
    return {**context, "page": page, "heads": heads, "lines": lines}


def frame_context(request: HttpRequest, upload: Batch) -> dict[str, Any]:
    """What stands around the rows: the sum, the columns, and what may be done."""
    user: Any = request.user
    kind = all_kinds()[upload.kind]
    return {
        "kind": kind,
        "recognised": queries.columns_of(upload),
        "fillable": [(name, field_name(name)) for name in kind.columns.labels] if kind.columns else [],
        "lacks": [field_name(name) for name in upload.lacks],
        "may_choose": user.may_write() and kind.columns is not None and upload.state == BatchState.STAGED,
        "may_write": user.may_write(),
        "may_undo": user.may_write() and queries.may_undo(upload, timezone.now()),
        "undo_until": queries.undo_until(upload),
        "stage": 2 if upload.lacks else _STAGES[upload.state],
        "applied": upload.rows_applied,
        "stalled": False,
        "still": 0,
    }


_STAGES = {
    BatchState.STAGED: 3, BatchState.APPLYING: 4, BatchState.DONE: 5, BatchState.DROPPED: 5, BatchState.UNDONE: 5,
}  # fmt: skip
