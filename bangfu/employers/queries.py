"""Reading posts."""

from datetime import date

from django.db.models import F, Q, QuerySet

from bangfu.employers.models import Post


def open_on(day: date) -> Q:
    """The condition of a vacancy that is open on the day."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    running = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return valid & running & Q(posted_on__lte=day)


def open_posts(day: date) -> QuerySet[Post]:
    """Vacancies that are open on the day."""
    return Post.objects.filter(open_on(day))


def filter_posts(
    rows: QuerySet[Post], *, state: str, day: date, place: tuple[str, str] | None = None
) -> QuerySet[Post]:
    """The list of vacancies: `state` open, closed or "" for all; narrowed by a range of division codes."""
    if state == "open":
        rows = rows.filter(open_on(day))
    elif state == "closed":
        rows = rows.exclude(open_on(day))
    if place:
        rows = rows.filter(place__gte=place[0], place__lt=place[1])
    return rows.select_related("employer").annotate(employer_name=F("employer__name"))
