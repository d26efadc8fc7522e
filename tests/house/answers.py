"""Asking an address, and what must hold of every answer whoever asks: no leak by header, script or cache."""

from html.parser import HTMLParser

from django.urls import reverse

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
        page = Page()
        page.feed(response.content.decode())
        assert not page.inline
    return response


class Page(HTMLParser):
    """Reads a page as a browser would; `inline` lists what the policy of scripts and styles forbids."""

    def __init__(self):
        super().__init__()
        self.inline = []

    def handle_starttag(self, tag, attrs):
        """Scripts without a file, styles, handlers, addresses that are scripts."""
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        handlers = [name for name in given if name == "style" or name.startswith(("on", "hx-on"))]
        scripts = [value for value in given.values() if (value or "").strip().lower().startswith("javascript:")]
        self.inline += handlers + scripts


def said(response) -> str:
    """All that an answer tells: its body, its headers, its cookies."""
    body = "" if response.streaming else response.content.decode(errors="replace")
    return f"{body}\n{response.headers}\n{response.cookies}"
