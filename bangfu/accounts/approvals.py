"""Pages of the security administrator (the second person), and the notices of looks from outside."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts import access
from bangfu.accounts.actions import NotAllowed, approve_duties, refuse_duties
from bangfu.accounts.factors import decide_factor_resets
from bangfu.accounts.roles import Role
from bangfu.accounts.special import mark_seen, notices_for
from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PREFECTURE
from bangfu.ui.pages import keyset_page


@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Duties and lost factors that wait for a second person."""
    admin = access.require_holder(request.user, Role.SECURITY_ADMIN)
    duties = list(access.waiting_duties(admin)[:200])
    places = full_names_of({duty.division for duty in duties}, above=PREFECTURE)
    context = {
        "duties": [(duty, places.get(duty.division, "")) for duty in duties],
        "resets": list(access.open_factor_resets(admin)[:200]),
    }
    return render(request, "accounts/approvals.html", context)


@require_POST
def duty_decide(request: HttpRequest, key: int) -> HttpResponse:
    """Approve or refuse one duty."""
    admin = access.require_holder(request.user, Role.SECURITY_ADMIN)
    duty = get_object_or_404(access.waiting_duties(admin), pk=key)
    try:
        if request.POST.get("answer") == "approve":
            approve_duties([duty.pk], by=admin, at=timezone.now())
            messages.success(request, _("The duty is in force."))
        else:
            refuse_duties([duty.pk], reason=request.POST.get("reason", ""), by=admin, at=timezone.now())
            messages.success(request, _("The duty is refused."))
    except NotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("accounts:approvals")


@require_POST
def factor_decide(request: HttpRequest, key: int) -> HttpResponse:
    """Agree that a lost second factor is taken away, or not."""
    admin = access.require_holder(request.user, Role.SECURITY_ADMIN)
    reset = get_object_or_404(access.open_factor_resets(admin), pk=key)
    granted = request.POST.get("answer") == "approve"
    try:
        decide_factor_resets([reset.pk], granted=granted, by=admin, at=timezone.now())
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Decided. The user can set up a new factor.") if granted else _("Decided."))
    return redirect("accounts:approvals")


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Who from outside looked at people of this area, with the reason."""
    user: Any = request.user
    if not user.ranges() and not user.may_audit():
        raise PermissionDenied
    page = keyset_page(notices_for(user), ("-valid_from", "-id"), after=request.GET.get("after", ""))
    places = full_names_of({row.division for row in page.rows}, above=PREFECTURE)
    context = {
        "page": page, "lines": [(row, places.get(row.division, "")) for row in page.rows],
        "unseen": any(row.seen_at is None for row in page.rows) and user.may_write(),
    }  # fmt: skip
    return render(request, "accounts/notices.html", context)


@require_POST
def notices_seen(request: HttpRequest) -> HttpResponse:
    """The office has read its notices."""
    user = access.require_writer(request.user)
    mark_seen(notices_for(user), by=user, at=timezone.now())
    return redirect("accounts:notices")
