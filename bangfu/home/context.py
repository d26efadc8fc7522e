"""What every page's frame shows: the menu, the place, how old last night's figures are."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bangfu.accounts.access import open_factor_resets, waiting_duties
from bangfu.accounts.models import User
from bangfu.accounts.roles import Role
from bangfu.cases.queries import overdue_count
from bangfu.divisions.queries import names_of
from bangfu.monitoring.access import may_screen
from bangfu.monitoring.queries import last_night, open_signal_count


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame for a signed-in user; nothing for the entry page and for parts that htmx swaps."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.headers.get("HX-Request"):
        return {}
    night = last_night()
    return {
        "shell": {
            "menu": _marked(list(_menu(request)), request.path),
            "division_name": names_of([user.division]).get(user.division, "—"),
            "as_of": night.ran_at if night else None,
        }
    }


def _menu(request: HttpRequest) -> Any:
    """What the user's duties open: the daily work for who sees people, the rest for auditors and administrators."""
    user: Any = request.user
    if user.ranges():
        yield from _work(user)
    yield from _oversight(user)


def _oversight(user: User) -> Any:
    entries = []
    if user.ranges():
        entries.append((_("Nobody falls through"), "shield-check", "monitoring:coverage", 0, False))
        entries.append((_("Monthly bulletin"), "report-analytics", "bulletins:month", 0, False))
    if may_screen(user):
        entries.append((_("Screen against made-up records"), "search", "monitoring:screen", 0, False))
    if user.may_export():
        entries.append((_("Exports"), "download", "exports:list", 0, False))
    if user.may_audit():
        entries.append((_("Record of deeds"), "history", "home:audit", 0, False))
    if user.ranges() or user.may_audit():
        entries.append((_("Looks from outside"), "eye", "accounts:notices", 0, False))
    if entries:
        yield _group(_("Supervision"), *entries)
    entries = []
    if user.holds({Role.SYSTEM_ADMIN}):
        entries.append((_("Users and duties"), "users", "accounts:users", 0, False))
    if user.holds({Role.SECURITY_ADMIN}):
        waiting = waiting_duties(user).count() + open_factor_resets(user).count()
        entries.append((_("Approvals"), "shield-check", "accounts:approvals", waiting, bool(waiting)))
    if entries:
        yield _group(_("Administration"), *entries)


def _work(user: User) -> Any:
    late = overdue_count(user)
    yield _group("", (_("Worklist"), "list-check", "home:worklist", late, bool(late)))
    register = [
        (_("People and households"), "users", "people:list", 0, False),
        (_("Work round"), "calendar", "people:work-round", 0, False),
        (_("Signals"), "alert-circle", "monitoring:list", open_signal_count(user), False),
        (_("Zero-employment families"), "home", "monitoring:zero-families", 0, False),
        (_("Outside lists"), "inbox", "monitoring:feeds", 0, False),
        (_("Rules"), "clipboard-list", "monitoring:rules", 0, False),
        (_("Map by place"), "columns", "monitoring:map", 0, False),
        (_("Where people work"), "briefcase", "monitoring:flow", 0, False),
    ]
    if user.may_write():
        register.insert(2, (_("Ledger import"), "file-import", "intake:list", 0, False))
    yield _group(_("Register and monitoring"), *register)
    yield _group(
        _("Data review"),
        (_("Data quality"), "flag", "monitoring:findings", 0, False),
        (_("Differences between sources"), "columns", "people:differences", 0, False),
        (_("Probable duplicates"), "users", "people:duplicates", 0, False),
        (_("Corrections and objections"), "message-circle", "people:corrections", 0, False),
    )
    yield _group(
        _("Service and jobs"),
        (_("Cases"), "clipboard-check", "cases:list", 0, False),
        (_("Clearing board"), "columns", "home:board", 0, False),
        (_("Pairing"), "home", "cases:pairing", 0, False),
        (_("Forecast"), "report-analytics", "cases:forecast", 0, False),
        (_("Deadlines that ran out"), "alert-triangle", "cases:escalations", 0, False),
        (_("Ways out"), "flag", "cases:ways-out", 0, False),
        (_("Referrals"), "users", "cases:referrals", 0, False),
        (_("Matching"), "target", "placements:rounds", 0, False),
        (_("Posts and employers"), "briefcase", "employers:list", 0, False),
    )


def _group(title: str, *entries: tuple[str, str, str, int, bool]) -> dict[str, Any]:
    shown = [
        {"title": words, "icon": symbol, "url": reverse(name), "count": count, "late": late}
        for words, symbol, name, count, late in entries
    ]
    return {"title": title, "entries": shown}


def _marked(groups: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    """The menu with the entry marked that is nearest to the page: /people/ holds /people/work-round/."""
    urls = [entry["url"] for group in groups for entry in group["entries"]]
    here = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    nearest = max(here, key=len, default="")
    for group in groups:
        for entry in group["entries"]:
            entry["current"] = entry["url"] == nearest
    return groups
