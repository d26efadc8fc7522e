"""What a visitor sees when a page is missing, forbidden or broken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Missing, or outside the visitor's duties: the two look alike."""
    return _page(request, 404, "inbox", _("Not found"), _("It does not exist, or it lies outside your area."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A duty that reads but does not write."""
    return _page(request, 403, "lock", _("Your duty does not allow this"), _("Ask your security administrator."))


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of another session, or sent from another site: nothing of it was done."""
    advice = _("Nothing was changed. Load the page again and send it once more.")
    return _page(request, 403, "lock", _("This page is out of date"), advice)


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault; nothing of the request is shown or logged."""
    advice = _("Nothing was stored half. Go back and try again; if it fails again, tell the operator the time.")
    return _page(request, 500, "alert-circle", _("This did not work"), advice)


def _page(request: HttpRequest, status: int, symbol: str, title: str, advice: str) -> HttpResponse:
    context = {"symbol": symbol, "title": title, "advice": advice}
    return render(request, "ui/error.html", context, status=status)
