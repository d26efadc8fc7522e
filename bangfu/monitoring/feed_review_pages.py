"""The page on which an officer decides whom lines without a usable ID number speak of."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.models import User
from bangfu.monitoring import feed_lists
from bangfu.monitoring.access import get_feed, get_unsure_line, unsure_lines
from bangfu.monitoring.feed_review_lines import Shown, lines_shown, with_candidates
from bangfu.monitoring.feed_reviews import LineDecidedError, accept_candidates, reject_lines, reopen_lines
from bangfu.monitoring.line_models import LineState, UnsureLine
from bangfu.ui.pages import keyset_page, render_part

OPEN, DECIDED = "open", "decided"
NOBODY, AGAIN = "nobody", "again"


class ChoiceForm(forms.Form):
    """Which of the candidates it is, nobody of them, or that the decision is taken back."""

    choice = forms.ChoiceField()

    def __init__(self, data: Any, shown: Shown) -> None:
        super().__init__(data)
        field: Any = self.fields["choice"]
        field.choices = [(NOBODY, ""), (AGAIN, ""), *((str(choice.row.pk), "") for choice in shown.choices)]


@never_cache
@require_GET
def review(request: HttpRequest, key: int) -> HttpResponse:
    """The unsure lines of a list in the order of the file, beside who they may be."""
    user: Any = request.user
    one = get_feed(user, key)
    state = DECIDED if request.GET.get("state") == DECIDED else OPEN
    rows = unsure_lines(one)
    rows = rows.exclude(state=LineState.OPEN) if state == DECIDED else rows.filter(state=LineState.OPEN)
    page = keyset_page(with_candidates(rows), ("id",), after=request.GET.get("after", ""))
    context = {
        "page": page, "lines": lines_shown(page.rows), "state": state, "total": rows.count(), "feed": one,
        "may_write": user.may_write(),
    }  # fmt: skip
    return render_part(
        request, "monitoring/feed_review.html", "monitoring/_feed_review.html", context,
        full=lambda: {"shown": feed_lists.shown_feeds([one])[0]},
    )  # fmt: skip


@require_POST
def decide_line(request: HttpRequest, key: int, line: int) -> HttpResponse:
    """Decide that a line is of one of those shown, or of nobody, or take that back; answers with the line as it stands
    then."""
    user = require_writer(request.user)
    one = get_feed(user, key)
    found = get_unsure_line(one, line)
    form = ChoiceForm(request.POST, _shown(found))
    refused = ""
    if not form.is_valid():
        refused = _("Nothing was changed: this person is not among those shown any more. Look again.")
    else:
        try:
            _decide(found, form.cleaned_data["choice"], user)
        except LineDecidedError:
            refused = _("Nothing was changed: somebody decided this meanwhile, or the list was replaced.")
    if request.headers.get("HX-Request"):
        context = {"one": _shown(found), "feed": one, "may_write": True, "refused": refused, "is_answer": True}
        return render(request, "monitoring/_unsure_line.html", context)
    if refused:
        messages.error(request, refused)
    return redirect("monitoring:review-feed", one.pk)


def _shown(line: UnsureLine) -> Shown:
    """The line as it stands now."""
    return lines_shown(list(with_candidates(unsure_lines(line.feed).filter(pk=line.pk))))[0]


def _decide(line: UnsureLine, choice: str, user: User) -> None:
    now = timezone.now()
    if choice == AGAIN:
        reopen_lines([line], by=user, at=now)
    elif choice == NOBODY:
        reject_lines([line], by=user, at=now)
    else:
        accept_candidates([one.row for one in _shown(line).choices if str(one.row.pk) == choice], by=user, at=now)
