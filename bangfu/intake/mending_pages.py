"""Pages that mend an upload before it is decided: its columns, its cells, and judging it once more."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.intake import queries, staging
from bangfu.intake.access import get_batch, require_writer
from bangfu.intake.failed_rows import WORKBOOK
from bangfu.intake.failures import BadLedger
from bangfu.intake.kinds import all_kinds
from bangfu.intake.models import Batch, BatchState, FlaggedRow
from bangfu.intake.shown import frame_context, rows_context
from bangfu.intake.templates_to_fill import template_workbook
from bangfu.intake.words import explain_failure, field_name


@require_POST
def choose_columns(request: HttpRequest, key: int) -> HttpResponse:
    """Say what columns fill, as `labels` and one `field-N` for each column of that set; the file is checked again."""
    user = require_writer(request.user)
    upload = get_batch(user, key)
    found = next((one for one in queries.columns_of(upload) if one.labels == request.POST.get("labels")), None)
    kind = all_kinds()[upload.kind]
    if found is None or kind.columns is None:
        raise Http404
    chosen = {
        column.key: name if (name := request.POST.get(f"field-{at}", "")) in kind.columns.labels else None
        for at, column in enumerate(found.columns)
    }
    try:
        after = staging.choose_columns(
            upload, {found.labels: chosen}, by=user, at=timezone.now(), inside=user.ranges()
        )  # fmt: skip
    except ValueError as error:
        names = "、".join(field_name(str(name)) for name in error.args)
        messages.error(
            request, _("Two columns cannot fill the same: %(names)s. Nothing was changed.") % {"names": names}
        )
    except Batch.DoesNotExist:
        _say_decided(request)
    else:
        if after.lacks:
            messages.warning(request, _("Columns are still missing. The file is checked when all of them are chosen."))
        else:
            messages.success(request, _("The file was checked again. Your office's choice is kept for the next file."))
    return redirect("intake:batch", key)


def _say_decided(request: HttpRequest) -> None:
    messages.error(request, _("Nothing was changed: the import was decided already."))


@never_cache
@require_POST
def correct(request: HttpRequest, key: int, row: int) -> HttpResponse:
    """Correct cells of a flagged row, `column-N` and `cell-N`, and check it again."""
    user = require_writer(request.user)
    upload = get_batch(user, key)
    name = upload.flagged.filter(pk=row).values_list("name", flat=True).first()
    if name is None and not request.headers.get("HX-Request"):
        raise Http404
    cells = {
        request.POST[f"column-{at}"]: request.POST[f"cell-{at}"][:500]
        for at in range(5)
        if request.POST.get(f"column-{at}") and request.POST.get(f"cell-{at}")
    }
    now = timezone.now()
    try:
        left = staging.correct_row(upload, name or "", cells, by=user, at=now, inside=user.ranges())
    except (Batch.DoesNotExist, FlaggedRow.DoesNotExist):
        return _mended(request, key, _("Nothing was changed: this row was mended or decided already."))
    except KeyError as error:
        raise Http404 from error
    return _mended(request, key, _outcome(name or "", left, bool(cells)))


def _outcome(name: str, left: FlaggedRow | None, given: bool) -> str:
    number = name.rpartition("!")[2]
    if not given:
        return _("Row %(row)s: write the right value first.") % {"row": number}
    if left is None:
        return _("Row %(row)s is in order now and will be imported.") % {"row": number}
    if left.rejected:
        return _("Row %(row)s is still not right: see why below.") % {"row": number}
    return _("Row %(row)s will be imported; something is left to look at.") % {"row": number}


def _mended(request: HttpRequest, key: int, words: str) -> HttpResponse:
    """The rows and the sum as they are now; without htmx, the page."""
    if not request.headers.get("HX-Request"):
        messages.info(request, words)
        return redirect(f"{reverse('intake:batch', args=[key])}?{request.GET.urlencode()}#rows")
    upload = get_batch(request.user, key)
    context = {**rows_context(request, upload), **frame_context(request, upload), "words": words}
    return render(request, "intake/_mended.html", context)


@require_POST
def check_again(request: HttpRequest, key: int) -> HttpResponse:
    """Check a waiting file once more; of a decided one, stage the rejected rows once more as an upload of their own."""
    user, now = require_writer(request.user), timezone.now()
    upload = get_batch(user, key)
    inside: Any = user.ranges()
    try:
        if upload.state == BatchState.STAGED:
            staging.check_again(upload, by=user, at=now, inside=inside)
            messages.success(request, _("The file was checked again against the register of now."))
        else:
            before = upload.rows_rejected
            upload = staging.retry_failed_rows(upload, on=timezone.localdate(now), by=user, at=now, inside=inside)
            said = ngettext(
                "%(n)s rejected row was checked again.", "%(n)s rejected rows were checked again.", before
            )  # fmt: skip
            messages.success(request, said % {"n": before})
    except Batch.DoesNotExist:
        _say_decided(request)
    except BadLedger as error:
        messages.error(request, explain_failure(error))
    return redirect("intake:batch", upload.pk)


@require_GET
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """The workbook to fill in for a kind of ledger."""
    require_writer(request.user)
    found = all_kinds().get(kind)
    if found is None or found.columns is None:
        raise Http404
    response = HttpResponse(template_workbook(found), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="template-{kind}.xlsx"'
    return response
