"""What every answer carries, whichever page gave it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NoStore:
    """Forbids browsers and proxies to keep a copy: nearly every page names people. Static files never come here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, marked as not to be kept."""
        response = self.get_response(request)
        response["Cache-Control"] = "private, no-store"
        return response
