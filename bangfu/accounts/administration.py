"""Pages of the system administrator: users of the own range, their duties, one-time passwords, hand-over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bangfu.accounts import access, actions
from bangfu.accounts.factors import ask_factor_reset, has_factor
from bangfu.accounts.forms import DutyForm, NewUserForm, ReasonForm, SuccessorForm, UserForm
from bangfu.accounts.handover import open_work
from bangfu.accounts.models import Duty, User
from bangfu.accounts.queries import UserLine, filter_users, user_lines
from bangfu.accounts.roles import OFFICERS, Role
from bangfu.divisions.queries import names_of
from bangfu.ui.pages import keyset_page, render_part


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """The users of the administrator's range, by role and state."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    today = timezone.localdate()
    role, state = request.GET.get("role", ""), request.GET.get("state", "")
    rows = filter_users(access.visible_users(admin), role=role, state=state, on=today)
    page = keyset_page(rows, ("username",), after=request.GET.get("after", ""))
    lines: list[UserLine] = user_lines(page.rows, today)
    context = {
        "page": page, "lines": lines, "roles": Role.choices, "role": role, "state": state,
        "filtered": bool(role or state), "total": rows.count(),
    }  # fmt: skip
    return render_part(request, "accounts/users.html", "accounts/_users.html", context)


@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """A new user with a first duty; the one-time password is shown once."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    today, now = timezone.localdate(), timezone.now()
    given = request.POST if request.method == "POST" else None
    form, duty = NewUserForm(given), DutyForm(given, admin=admin, today=today)
    if request.method == "POST" and form.is_valid() & duty.is_valid():
        try:
            user, password = actions.open_user(**form.cleaned_data, duty=duty.duty(), by=admin, at=now)
        except actions.NotAllowed as refused:
            form.add_error("username", str(refused))
        else:
            return _show_password(request, user, password)
    context = {"form": form, "duty": duty, "places": access.places_of(admin)}
    return render(request, "accounts/user_new.html", context, status=422 if form.errors or duty.errors else 200)


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, key: int) -> HttpResponse:
    """One user: what is known, the duties, what can be done. The POST changes what is known."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    today = timezone.localdate()
    if request.method == "GET":
        return _page(request, admin, access.get_user(admin, key))
    found = access.get_managed_user(admin, key, today)
    form = UserForm(request.POST)
    if form.is_valid():
        try:
            actions.change_user(found, **form.cleaned_data, by=admin, at=timezone.now())
        except actions.NotAllowed as refused:
            form.add_error("sign_on", str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:user", key=key)
    return _page(request, admin, found, form=form)


@require_POST
def duty_new(request: HttpRequest, key: int) -> HttpResponse:
    """Give a user a further duty."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    today = timezone.localdate()
    found = access.get_managed_user(admin, key, today)
    form = DutyForm(request.POST, admin=admin, today=today)
    if form.is_valid():
        try:
            given = actions.give_duty(found, form.duty(), by=admin, at=timezone.now())
        except actions.NotAllowed as refused:
            form.add_error("role", str(refused))
        else:
            waits = _("The duty waits for a security administrator: it may export or decide money.")
            messages.success(request, waits if given.waiting else _("The duty is given."))
            return redirect("accounts:user", key=key)
    return _page(request, admin, found, duty=form)


@require_POST
def duty_end(request: HttpRequest, key: int, duty: int) -> HttpResponse:
    """End a duty now; open work goes to a successor where no other duty lets the user go on with it."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    found = access.get_managed_user(admin, key, timezone.localdate())
    row = access.get_duty(found, duty)
    form = _successor_form(request, admin, found, ending=row)
    if not form.is_valid():
        return _page(request, admin, found, successor=form)
    actions.end_duties([row.pk], successor=form.cleaned_data["successor"], by=admin, at=timezone.now())
    messages.success(request, _("The duty has ended."))
    return redirect("accounts:user", key=key)


@require_POST
def deactivate(request: HttpRequest, key: int) -> HttpResponse:
    """Nobody signs in by this user any more; open work goes to a successor."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    found = access.get_managed_user(admin, key, timezone.localdate())
    form = _successor_form(request, admin, found)
    if not form.is_valid():
        return _page(request, admin, found, successor=form)
    actions.deactivate_user(found, successor=form.cleaned_data["successor"], by=admin, at=timezone.now())
    messages.success(request, _("The user is deactivated: duties and sessions have ended."))
    return redirect("accounts:user", key=key)


@require_POST
def reset(request: HttpRequest, key: int) -> HttpResponse:
    """A one-time password, shown once."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    found = access.get_managed_user(admin, key, timezone.localdate())
    return _show_password(request, found, actions.reset_password(found, by=admin, at=timezone.now()))


@require_POST
def factor_lost(request: HttpRequest, key: int) -> HttpResponse:
    """Ask the security administrator to take a lost second factor away."""
    admin = access.require_holder(request.user, Role.SYSTEM_ADMIN)
    found = access.get_user(admin, key)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            ask_factor_reset(found, reason=form.cleaned_data["reason"], by=admin, at=timezone.now())
        except actions.NotAllowed as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("The security administrator decides about it."))
            return redirect("accounts:user", key=key)
    return _page(request, admin, found, reason=form)


def _successor_form(request: HttpRequest, admin: User, found: User, ending: Duty | None = None) -> SuccessorForm:
    """A successor is needed where work is left and no other duty of an officer goes on."""
    today = timezone.localdate()
    others = access.duties_of(found).filter(role__in=OFFICERS).exclude(pk=ending.pk if ending else None)
    goes_on = ending is not None and any(
        duty.valid_from <= today and (duty.valid_to is None or duty.valid_to > today) for duty in others
    )
    needed = bool(open_work(found)) and not goes_on
    successors = access.successors_for(admin, found, today)
    return SuccessorForm(request.POST, successors=successors, needed=needed)


def _show_password(request: HttpRequest, user: User, password: str) -> HttpResponse:
    context = {"user": user, "password": password, "hours": actions.ONE_TIME_HOURS}
    return render(request, "accounts/one_time.html", {"shown": context})


def _page(request: HttpRequest, admin: User, found: User, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    duties = list(access.duties_of(found))
    known = {"name": found.name, "office": found.office, "sign_on": found.sign_on or ""}
    context = {
        "found": found, "duties": duties, "places_named": names_of({duty.division for duty in duties}),
        "today": today, "manages": access.may_manage(admin, found, today), "work": open_work(found),
        "factor": has_factor(found), "places": access.places_of(admin),
        "form": forms.get("form") or UserForm(initial=known),
        "duty": forms.get("duty") or DutyForm(admin=admin, today=today),
        "reason": forms.get("reason") or ReasonForm(),
        "successor": forms.get("successor") or SuccessorForm(
            successors=access.successors_for(admin, found, today), needed=False
        ),
    }  # fmt: skip
    return render(request, "accounts/user.html", context, status=422 if forms else 200)
