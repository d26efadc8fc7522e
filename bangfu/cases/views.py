"""Pages of the room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest) -> HttpResponse:
    """To be built."""
    return render(request, "ui/base.html")
