"""Pages of outside lists: what came and what is missing, sending one in, deciding about a held one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts.access import require_writer
from bangfu.accounts.models import User
from bangfu.cases.words import spoken
from bangfu.intake.failed_rows import WORKBOOK
from bangfu.intake.failures import BadLedger
from bangfu.intake.forms import FileOnlyForm
from bangfu.monitoring import feed_lists, feeds
from bangfu.monitoring.access import get_feed, visible_feeds
from bangfu.monitoring.feed_files import bad_lines_workbook, list_workbook
from bangfu.monitoring.feed_words import explain_feed
from bangfu.monitoring.models import Feed, FeedState
from bangfu.monitoring.queries import held_feeds
from bangfu.monitoring.rules import completeness, feed_kinds
from bangfu.rulebook.feed_kinds import FeedKind
from bangfu.ui.fields import DayField, SelectField, TextField
from bangfu.ui.pages import keyset_page, render_part

WRONG = 422
MOST_HELD = 25


class FeedForm(FileOnlyForm):
    """A list, its kind, and the period that it is of."""

    kind = SelectField(label=gettext_lazy("Kind of list"), error_messages={"required": gettext_lazy("Choose a kind.")})
    period = DayField(
        label=gettext_lazy("Period"),
        help_text=gettext_lazy("Of a monthly list any day of its month; else the day as of which it holds."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["kind"]
        choices.choices = [("", "—"), *((kind.code, spoken(kind.name)) for kind in feed_kinds().values())]

    def kind_chosen(self) -> FeedKind:
        """The mapping file of the kind."""
        return feed_kinds()[self.cleaned_data["kind"]]


class DecisionForm(forms.Form):
    """What to do with a list that is too short, and why."""

    decision = forms.ChoiceField(choices=[("release", ""), ("reject", "")])
    reason = TextField(
        label=gettext_lazy("Reason"), max_length=200,
        help_text=gettext_lazy("What the sender said about the lines that are missing; no names or numbers."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def feed_list(request: HttpRequest) -> HttpResponse:
    """Every kind with what came and what is late, what is held, and all lists; a POST takes one in."""
    if request.method == "POST":
        return _upload(request)
    return _list(request, FeedForm(initial={"kind": request.GET.get("kind", ""), "period": timezone.localdate()}))


def _upload(request: HttpRequest) -> HttpResponse:
    user, now = require_writer(request.user), timezone.now()
    form = FeedForm(request.POST, request.FILES)
    if form.is_valid():
        kind = form.kind_chosen()
        try:
            feed = feeds.receive_feed(
                kind, form.content(), form.cleaned_data["file"].name, period=form.cleaned_data["period"],
                division=user.division, on=timezone.localdate(now), by=user, at=now,
            )  # fmt: skip
        except BadLedger as error:
            form.add_error("file", explain_feed(error, kind))
        else:
            if feed.received_at != now:
                messages.info(request, _("This file was sent before: here is what came of it."))
            return redirect("monitoring:feed", feed.pk)
    return _list(request, form, status=WRONG)


def _list(request: HttpRequest, form: FeedForm, status: int = 200) -> HttpResponse:
    user: Any = request.user
    page = keyset_page(visible_feeds(user), ("-id",), after=request.GET.get("after", ""))
    held = visible_feeds(user).filter(pk__in=held_feeds().values("pk")).order_by("received_at")[:MOST_HELD]

    def frame() -> dict[str, Any]:
        today = timezone.localdate()
        return {
            "form": form, "may_write": user.may_write(), "kinds": feed_lists.kind_lines(user, user.division, today),
            "held": feed_lists.shown_feeds(held),
        }  # fmt: skip

    context = {"page": page, "lines": feed_lists.shown_feeds(page.rows)}
    if status != 200:
        return render(request, "monitoring/feeds.html", {**context, **frame()}, status=status)
    return render_part(request, "monitoring/feeds.html", "monitoring/_feeds.html", context, full=frame)


@require_GET
def feed(request: HttpRequest, key: int) -> HttpResponse:
    """One list: its counts, why lines were left out, and the decision where it is held."""
    return _feed(request, get_feed(request.user, key), None)


def _feed(request: HttpRequest, one: Feed, form: DecisionForm | None) -> HttpResponse:
    user: Any = request.user
    kind = feed_kinds().get(one.kind)
    context = {
        "shown": feed_lists.shown_feeds([one])[0], "kind": kind, "form": form or DecisionForm(),
        "tells": spoken(kind.tells) if kind else "", "sender": spoken(kind.sender) if kind else "",
        "source": spoken(kind.source) if kind else "", "reasons": feed_lists.reasons_of(one),
        "unread": feed_lists.unread_of(one), "rule": completeness(), "rule_words": spoken(completeness().source),
        "may_write": user.may_write(),
        "has_bad_lines": feeds.has_bad_lines(one), "lost": max((one.compared or 0) - one.good, 0),
        "lost_share": _share(one), "waits": one.state == FeedState.HELD and one.superseded_at is None,
    }  # fmt: skip
    return render(request, "monitoring/feed.html", context, status=WRONG if form and form.errors else 200)


def _share(one: Feed) -> int | None:
    """How many percent of the lines before are missing, None where there is nothing to compare or nothing missing."""
    if not one.compared or one.good >= one.compared:
        return None
    return round(100 * (one.compared - one.good) / one.compared)


@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    """Release or reject a held list, with a reason."""
    user: User = require_writer(request.user)
    one = get_feed(user, key)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _feed(request, one, form)
    verb = feeds.release_feeds if form.cleaned_data["decision"] == "release" else feeds.reject_feeds
    try:
        verb([one], reason=form.cleaned_data["reason"], by=user, at=timezone.now())
    except feeds.FeedDecidedError:
        messages.error(request, _("Nothing was done: the list is not held any more, or a wider one took its place."))
    return redirect("monitoring:feed", key)


@require_GET
def list_to_fill(request: HttpRequest, code: str) -> HttpResponse:
    """A workbook to fill in with a list of a kind."""
    require_writer(request.user)
    kind = feed_kinds().get(code)
    if kind is None:
        raise Http404
    response = HttpResponse(list_workbook(kind), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{code}.xlsx"'
    return response


@require_GET
def bad_lines(request: HttpRequest, key: int) -> HttpResponse:
    """The kept bad lines as a workbook, with why; the download is recorded."""
    user = require_writer(request.user)
    one = get_feed(user, key)
    lines = feeds.hand_out_bad_lines(one, by=user, at=timezone.now())
    response = HttpResponse(bad_lines_workbook(feed_kinds().get(one.kind), lines), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="bad-lines-{one.pk}.xlsx"'
    return response
