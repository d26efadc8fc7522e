"""Pages of the room: the list with the upload form, the preview of one upload, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.intake import actions, queries, staging
from bangfu.intake.access import get_batch, require_writer, visible_batches
from bangfu.intake.failed_rows import WORKBOOK, failed_rows_workbook
from bangfu.intake.failures import BadLedger
from bangfu.intake.forms import UploadForm
from bangfu.intake.kinds import all_kinds, file_kinds
from bangfu.intake.models import Batch, BatchState
from bangfu.intake.shown import frame_context, rows_context
from bangfu.intake.tasks import apply_batch_task, follow_up_task
from bangfu.intake.words import explain_failure, left_because
from bangfu.ui.pages import keyset_page, render_part

STALLED_POLLS = 15  # seconds without a new row after which the page offers to go on


@require_http_methods(["GET", "POST"])
def batch_list(request: HttpRequest) -> HttpResponse:
    """What was uploaded, the newest first; a POST checks a file and goes to its preview."""
    if request.method == "POST":
        return _upload(request)
    return _list(request, UploadForm(initial={"kind": request.GET.get("kind") or file_kinds()[0].code}))


def _upload(request: HttpRequest) -> HttpResponse:
    user, now = require_writer(request.user), timezone.now()
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = staging.stage_file(
                form.kind_chosen(), file.name, form.content(), on=timezone.localdate(now), by=user, at=now,
                inside=user.ranges(), ask=True,
            )  # fmt: skip
        except BadLedger as error:
            form.add_error("file", explain_failure(error))
        else:
            if batch.created_at != now:
                messages.info(request, _("This file was sent before: here is the import of that time."))
            return redirect("intake:batch", batch.pk)
    return _list(request, form, status=422)


def _list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    page = keyset_page(visible_batches(user), ("-id",), after=request.GET.get("after", ""))
    kinds = all_kinds()
    lines = [(batch, kinds[batch.kind].title, queries.may_undo(batch, now)) for batch in page.rows]
    context = {
        "page": page, "lines": lines, "form": form, "kinds": file_kinds(), "may_write": user.may_write(),
        "today": timezone.localdate(now), "chosen": form["kind"].value(),
    }  # fmt: skip
    return render(request, "intake/list.html", context, status=status)


@require_GET
def batch(request: HttpRequest, key: int) -> HttpResponse:
    """The preview of one upload: the sum, the columns, the rows to look at and to import, and the decision."""
    upload = get_batch(request.user, key)
    return render_part(
        request, "intake/batch.html", "intake/_rows.html", rows_context(request, upload),
        full=lambda: frame_context(request, upload),
    )  # fmt: skip


@require_POST
def begin(request: HttpRequest, key: int) -> HttpResponse:
    """Import the accepted rows in the background; for one that was begun, go on where it stopped."""
    user = require_writer(request.user)
    upload = get_batch(user, key)
    if upload.state == BatchState.STAGED:
        actions.begin_batch(upload, by=user, at=timezone.now())
    if upload.state in (BatchState.STAGED, BatchState.APPLYING):
        apply_batch_task.enqueue(str(upload.pk))
    return redirect("intake:batch", key)


@never_cache
@require_GET
def progress(request: HttpRequest, key: int) -> HttpResponse:
    """How far the import is; asked every second until it is done. `seen` and `still` tell a worker that was killed."""
    upload = get_batch(request.user, key)
    still = 0
    if request.GET.get("seen") == str(upload.rows_applied):
        given = request.GET.get("still", "")
        still = min(int(given) + 1, 999) if given.isdecimal() and len(given) < 4 else 1
    user: Any = request.user
    context = {
        "batch": upload, "still": still, "stalled": still >= STALLED_POLLS, "applied": upload.rows_applied,
        "may_write": user.may_write(),
    }  # fmt: skip
    if upload.state != BatchState.APPLYING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "intake/_progress.html", context)


@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Give a checked file up."""
    user = require_writer(request.user)
    upload = get_batch(user, key)
    try:
        actions.drop_batch(upload, by=user, at=timezone.now())
    except Batch.DoesNotExist:
        messages.error(request, _("Nothing was changed: the import was decided already."))
        return redirect("intake:batch", key)
    messages.success(request, _("The file was given up. Nothing of it was kept."))
    return redirect("intake:list")


@require_POST
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Take an import back; what newer facts rest on stays, and is named."""
    user, now = require_writer(request.user), timezone.now()
    upload = get_batch(user, key)
    if not queries.may_undo(upload, now):
        messages.error(request, _("This import cannot be taken back any more."))
        return redirect("intake:batch", key)
    try:
        left = actions.undo_batch(upload, by=user, at=now)
    except Batch.DoesNotExist:
        messages.error(request, _("Nothing was changed: the import was decided already."))
        return redirect("intake:batch", key)
    follow_up_task.enqueue(str(upload.pk))
    messages.success(request, _("The import was taken back."))
    for reason, number in left.items():
        said = ngettext(
            "%(n)s entry stayed as it is, because %(why)s.",
            "%(n)s entries stayed as they are, because %(why)s.",
            number,
        )
        messages.warning(request, said % {"n": number_format(number), "why": left_because(reason)})
    return redirect("intake:batch", key)


@never_cache
@require_GET
def failed_rows(request: HttpRequest, key: int) -> HttpResponse:
    """The rejected rows as a workbook in the columns of the file, with why; the download is recorded."""
    user = require_writer(request.user)
    upload = get_batch(user, key)
    rows = actions.hand_out_failed_rows(upload, by=user, at=timezone.now())
    response = HttpResponse(failed_rows_workbook(rows), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="rejected-{upload.pk}.xlsx"'
    return response
