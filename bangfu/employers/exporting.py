"""The list of vacancies as a file. The contact stays in the system: showing it is a deed of its own."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.accounts.models import User
from bangfu.employers.access import visible_posts
from bangfu.employers.forms import PostFilter
from bangfu.employers.listing import ORDER, lines_of
from bangfu.employers.models import Post
from bangfu.employers.queries import filter_posts
from bangfu.exports.lists import COUNT, DAY, MONEY, Column, ExportList, Listed


def _read(user: User, given: Mapping[str, str], at: datetime) -> Listed:
    form = PostFilter(given, division=user.division)
    rows = filter_posts(visible_posts(user), day=timezone.localdate(at), **form.chosen())
    words = [(_("State"), str(dict(form.states)[form.state_chosen]))]
    if form.place_chosen:
        words.append((_("Place of work"), str(dict(form.places)[form.place_chosen])))
    return Listed(rows, ORDER, words)


def _cells(user: User, rows: Sequence[Post], _wanted: frozenset[str], _at: datetime) -> Iterator[Mapping[str, Any]]:
    for line in lines_of(rows, user.division):
        post = line.post
        yield {
            "title": post.title, "employer": post.employer.name, "uscc": post.employer.uscc, "place": line.place,
            "wage_low": post.wage_low_amount, "wage_high": post.wage_high_amount, "headcount": post.headcount,
            "offered": line.taken.out, "hired": line.taken.hired, "asks": " · ".join(line.asks),
            "lodging": post.lodging, "insured": post.insured, "posted_on": post.posted_on,
            "valid_until": post.valid_until, "closed_on": post.closed_on,
        }  # fmt: skip


POSTS = ExportList(
    code="posts",
    title=gettext_lazy("Posts and employers"),
    page="employers:list",
    parameters=("state", "place"),
    columns=(
        Column("title", gettext_lazy("Post")), Column("employer", gettext_lazy("Employer")),
        Column("uscc", gettext_lazy("Credit code"), shown=False), Column("place", gettext_lazy("Place of work")),
        Column("wage_low", gettext_lazy("Lowest wage (yuan)"), MONEY),
        Column("wage_high", gettext_lazy("Highest wage (yuan)"), MONEY),
        Column("headcount", gettext_lazy("Places"), COUNT), Column("offered", gettext_lazy("Offered"), COUNT),
        Column("hired", gettext_lazy("Hired"), COUNT), Column("asks", gettext_lazy("Asks")),
        Column("lodging", gettext_lazy("Board and lodging")), Column("insured", gettext_lazy("Social insurance")),
        Column("posted_on", gettext_lazy("Posted on"), DAY, shown=False),
        Column("valid_until", gettext_lazy("Valid until"), DAY),
        Column("closed_on", gettext_lazy("Closed on"), DAY, shown=False),
    ),
    read=_read,
    cells=_cells,
)  # fmt: skip
