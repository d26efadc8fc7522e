"""Referrals that one's county sent and got: answered within working days, withdrawn when no longer needed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.cases.access import COUNTY_OFFICERS, get_referral, visible_referrals
from bangfu.cases.actions import NotAllowedNow
from bangfu.cases.course_forms import ReferralForm
from bangfu.cases.referral_models import ReferralAnswer
from bangfu.cases.referring import answer_referrals
from bangfu.divisions.queries import full_names_of
from bangfu.ui.pages import keyset_page


@never_cache
@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """What other counties ask of one's own, what waits first; or what one's own asks of others."""
    user: Any = request.user
    sent = request.GET.get("way", "") == "sent"
    rows = visible_referrals(user, sent=sent).select_related("case__person", "sent_by", "answered_by")
    page = keyset_page(rows, ("answer", "due_at", "id"), after=request.GET.get("after", ""))
    places = full_names_of({row.from_county for row in page.rows} | {row.to_county for row in page.rows})
    may_answer = user.may_write() and user.holds(COUNTY_OFFICERS)
    lines = [
        (
            row,
            places.get(row.to_county if sent else row.from_county, ""),
            ReferralForm(auto_id=f"answer-{row.pk}-%s") if may_answer and not sent and not row.answer else None,
            may_answer and sent and row.answer in {"", ReferralAnswer.ACCEPTED},
        )
        for row in page.rows
    ]
    context = {"page": page, "lines": lines, "sent": sent, "now": timezone.now()}
    return render(request, "cases/referrals.html", context)


@require_POST
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Accept or reject what another county asks."""
    user = require_writer(request.user)
    referral = get_referral(user, key, sent=False)
    form = ReferralForm(request.POST)
    if not form.is_valid() or not user.holds(COUNTY_OFFICERS):
        messages.error(request, _("Choose a decision, and say why where you turn it down."))
        return redirect("cases:referrals")
    said = form.cleaned_data
    return _answered(request, referral.pk, said["decision"], said["said"], "")


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Take back what one's own county asked."""
    user = require_writer(request.user)
    referral = get_referral(user, key, sent=True)
    return _answered(request, referral.pk, ReferralAnswer.WITHDRAWN, "", "?way=sent")


def _answered(request: HttpRequest, key: int, answer_: str, said: str, way: str) -> HttpResponse:
    try:
        answer_referrals([key], answer_, said, by=request.user, at=timezone.now())
    except NotAllowedNow:
        messages.error(request, _("Nothing was changed: it was answered or withdrawn meanwhile."))
    else:
        messages.success(request, _("The decision is recorded."))
    response = redirect("cases:referrals")
    response["Location"] += way
    return response
