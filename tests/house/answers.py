"""Asking an address, and what must hold of every answer whoever asks: no leak by header, script or cache."""

import re

from django.urls import reverse

SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE)
INLINE = re.compile(r"<[^>]*\s(?:style|on[a-z]+|hx-on[a-z:-]*)\s*=", re.IGNORECASE)
TYPES = (
    "text/html; charset=utf-8",
    "application/json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


def ask(client, deed, place, **headers):
    """The answer to a deed of the table of addresses."""
    send = getattr(client, deed.method)
    return checked(send(reverse(deed.name, args=deed.args(place)), deed.data(place), **headers))


def checked(response):
    """The same answer, when it is fit to be sent to anybody."""
    assert response.status_code < 500
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    if response.status_code == 200:
        assert response["Content-Type"] in TYPES
    if response.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode()
        assert not SCRIPT.search(page)
        assert not INLINE.search(page)
        assert "<style" not in page
        assert "javascript:" not in page
    return response


def said(response) -> str:
    """All that an answer tells: its body, its headers, its cookies."""
    body = "" if response.streaming else response.content.decode(errors="replace")
    return f"{body}\n{response.headers}\n{response.cookies}"
