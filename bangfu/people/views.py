"""Pages of the room."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bangfu.people.choices import CategoryKind, WorkStatus
from bangfu.people.listing import ORDER, lines_of, read_list
from bangfu.ui.pages import keyset_page, render_part


@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """The people inside the user's duties, by place; the filters are codes in the URL."""
    user: Any = request.user
    listing = read_list(user, request.GET)
    page = keyset_page(listing.rows, ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page, "lines": lines_of(page.rows), "total": listing.rows.count(), "area": listing.area,
        "filtered": listing.filtered, "works": WorkStatus.choices, "categories": CategoryKind.choices,
        "chosen": listing.chosen, "may_write": user.may_write(), "may_export": user.may_export(),
    }  # fmt: skip
    return render_part(request, "people/list.html", "people/_list.html", context)
