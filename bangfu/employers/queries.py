"""Reading posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import ancestors_of
from bangfu.employers.models import Post

_OFFER_OUT = ("proposed", "thinking", "accepted")
_OFFER_HIRED = "hired"
_GROUPING = "市辖区"


@dataclass(frozen=True)
class Sums:
    """How many vacancies, their places together, and their employers."""

    posts: int
    places: int
    employers: int


@dataclass(frozen=True)
class Taken:
    """What of a vacancy's places is spoken for: offers that hold a place, and persons hired."""

    out: int = 0
    hired: int = 0


def open_on(day: date) -> Q:
    """The condition of a vacancy that is open on the day."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    running = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return valid & running & Q(posted_on__lte=day)


def open_posts(day: date) -> QuerySet[Post]:
    """Vacancies that are open on the day."""
    return Post.objects.filter(open_on(day))


def filter_posts(
    rows: QuerySet[Post],
    *,
    state: str,
    day: date,
    place: tuple[str, str] | None = None,
    outside: tuple[str, str] | None = None,
) -> QuerySet[Post]:
    """The list of vacancies: `state` open, closed or "" for all; narrowed by a range of division codes, or to
    the stated places outside one.

    Each row has `employer_name`, for paging.
    """
    if state == "open":
        rows = rows.filter(open_on(day))
    elif state == "closed":
        rows = rows.exclude(open_on(day))
    if place:
        rows = rows.filter(place__gte=place[0], place__lt=place[1])
    if outside:
        rows = rows.exclude(place="").exclude(place__gte=outside[0], place__lt=outside[1])
    return rows.select_related("employer").annotate(employer_name=F("employer__name"))


def sum_posts(rows: QuerySet[Post]) -> Sums:
    """The vacancies of a list, added up."""
    found = rows.order_by().aggregate(
        posts=Count("pk"), places=Sum("headcount", default=0), employers=Count("employer", distinct=True)
    )
    return Sums(**found)


def taken(posts: Sequence[int], day: date) -> dict[int, Taken]:
    """What of these vacancies (by key) is spoken for on the day; one query.

    Offers belong to the room above, which hangs them on a vacancy as `offers`; they are only counted here.
    """
    rows = Post.objects.filter(pk__in=posts).annotate(
        out=Count("offers", filter=Q(offers__state__in=_OFFER_OUT, offers__holds_until__gte=day)),
        hired=Count("offers", filter=Q(offers__state=_OFFER_HIRED)),
    )
    return {key: Taken(out, hired) for key, out, hired in rows.values_list("pk", "out", "hired")}


def place_names(places: Iterable[str], own: str) -> dict[str, str]:
    """Where work is, by division code, "" for a code that is not loaded or not stated; one query.

    The province is left out where it is that of `own`, the reader's division; so is a level that is only a
    grouping, as in Beijing.
    """
    home = (ancestors_of(own) or [own])[0]
    codes = list(places)
    names = full_names_of([home, *codes])
    prefix = f"{names.get(home, '')} "
    return {code: names.get(code, "").removeprefix(prefix).replace(f" {_GROUPING} ", " ") for code in codes}
