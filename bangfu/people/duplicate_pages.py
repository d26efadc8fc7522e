"""Pages of probable duplicates: the list, two rows side by side, one made of them or set apart, and taking back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import require_writer
from bangfu.people.access import get_duplicate, get_merge, visible_duplicates
from bangfu.people.choices import DuplicateState
from bangfu.people.doubles import OPEN, compared, lines_of, merged_by
from bangfu.people.duplicates import set_apart
from bangfu.people.facts_shown import hidden_from
from bangfu.people.forms import PairForm
from bangfu.people.merging import CannotMerge, merge_people, unmerge_people
from bangfu.people.models import Duplicate, Merge
from bangfu.ui.pages import keyset_page, render_part

WRONG = 422
_REFUSED = {
    "both_in_cases": gettext_lazy("Both rows have an open case: close one of the two first."),
    "not_on_register": gettext_lazy("One of the rows is no longer on the register."),
    "same_row": gettext_lazy("These are one row already."),
}


@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs of rows that look like one person, the likeliest first."""
    user: Any = request.user
    state = request.GET.get("state", OPEN)
    rows = visible_duplicates(user)
    rows = rows.filter(state=DuplicateState.OPEN) if state == OPEN else rows.exclude(state=DuplicateState.OPEN)
    page = keyset_page(rows, ("-likelihood", "id"), after=request.GET.get("after", ""))
    context = {"page": page, "lines": lines_of(page.rows), "state": state, "total": rows.count()}
    return render_part(request, "people/duplicates.html", "people/_duplicates.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, key: int) -> HttpResponse:
    """Two rows side by side; a POST makes them one or sets them apart, with a reason."""
    user: Any = require_writer(request.user) if request.method == "POST" else request.user
    row = get_duplicate(user, key)
    form = PairForm(request.POST or None, persons=(row.first_id, row.second_id))
    if request.method == "POST" and form.is_valid():
        return _decide(request, row, form)
    context = {
        "row": row, "sides": compared(row, hidden_from(user)), "form": form, "may_write": user.may_write(),
        "line": lines_of([row])[0],
        "merge": merged_by(row),
    }  # fmt: skip
    return render(request, "people/duplicate.html", context, status=WRONG if form.errors else 200)


def _decide(request: HttpRequest, row: Duplicate, form: PairForm) -> HttpResponse:
    said, user, now = form.cleaned_data, require_writer(request.user), timezone.now()
    try:
        if said["decision"] == PairForm.APART:
            set_apart([row.pk], reason=said["reason"], by=user, at=now)
            messages.success(request, _("The two rows stay apart and are not asked about again."))
            return redirect("people:duplicates")
        kept = int(said["kept"])
        gone = row.second_id if kept == row.first_id else row.first_id
        merge_people(kept, gone, reason=said["reason"], by=user, at=now)
    except CannotMerge as refused:
        messages.error(request, str(_REFUSED[refused.code]))
        return redirect("people:duplicate", row.pk)
    except Duplicate.DoesNotExist:
        messages.error(request, _("Nothing was changed: somebody decided this meanwhile."))
        return redirect("people:duplicate", row.pk)
    messages.success(request, _("The two rows are one person now. It can be taken back on this page."))
    return redirect("home:person", kept)


@require_POST
def unmerge(request: HttpRequest, key: int) -> HttpResponse:
    """Take a merge back."""
    user = require_writer(request.user)
    merge = get_merge(user, key)
    try:
        left = unmerge_people(merge.pk, by=user, at=timezone.now())
    except Merge.DoesNotExist:
        messages.error(request, _("Nothing was changed: this was taken back already."))
        return redirect("home:person", merge.kept_id)
    messages.success(request, _("The two rows are apart again."))
    stayed = sum(left.values())
    if stayed:
        said = ngettext(
            "%d entry recorded since then stays with this row.", "%d entries recorded since then stay with this row.",
            stayed,
        )  # fmt: skip
        messages.warning(request, said % stayed)
    return redirect("home:person", merge.kept_id)
