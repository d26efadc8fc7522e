"""What list pages share: keyset paging, and sending a page or only the part that htmx swaps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


@dataclass(frozen=True)
class Page:
    """Rows of one page; `next` is the mark of the following page, "" on the last."""

    rows: Sequence[Any]
    next: str
    after_start: bool


def keyset_page(
    rows: QuerySet[Any], order: Sequence[str], *, after: str, size: int = 25, keys_first: bool = False
) -> Page:
    """The page of `size` rows that follows the mark `after` ("" for the first), without counting all rows.

    `order` names columns in rising order ("-name" in falling order), the last one unique and none of them null. The
    mark is signed for this list, so that a made-up one, or one of another list, is ignored: the first page is shown.
    `keys_first` is for a list that no index sorts: the sort then carries keys, not every column of the rows and of
    what is joined to them, for one more statement.
    """
    salt = ".".join(("page", rows.model._meta.label_lower, *order))
    values = _read_mark(after, salt)
    if values:
        rows = rows.filter(_beyond(order, values))
    rows = rows.order_by(*order)
    if keys_first:
        rows = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[: size + 1]))
    found = list(rows[: size + 1])
    mark = signing.dumps([_plain(found[size - 1], name) for name in order], salt=salt) if len(found) > size else ""
    return Page(found[:size], mark, bool(values))


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    beyond, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        path = name.removeprefix("-")
        beyond |= equal & Q(**{f"{path}__{'lt' if path != name else 'gt'}": value})
        equal &= Q(**{path: value})
    return beyond


def _plain(row: Any, path: str) -> Any:
    for name in path.removeprefix("-").split("__"):
        row = getattr(row, name)
    return row.isoformat() if hasattr(row, "isoformat") else row


def _read_mark(after: str, salt: str) -> list[Any]:
    try:
        values: list[Any] = signing.loads(after, salt=salt) if after else []
    except signing.BadSignature:
        return []
    return values


def render_part(
    request: HttpRequest,
    page: str,
    part: str,
    context: dict[str, Any],
    *,
    full: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:
    """The part for a request by htmx, else the whole page; `full` gives what only the whole page needs."""
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        response = render(request, part, context)
    else:
        response = render(request, page, {**context, **(full() if full else {})})
    patch_vary_headers(response, ["HX-Request"])
    return response


def page_of_keys(keys: Sequence[int], size: int, after: int) -> Page:
    """The page of keys asked for beyond the key `after`, rising, of which `size` and one more were fetched."""
    return Page(keys[:size], str(keys[size - 1]) if len(keys) > size else "", after > 0)
