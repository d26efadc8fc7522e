"""The list of vacancies: what it shows for the filters of its address, on the page and in a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from bangfu.employers.models import Post
from bangfu.employers.queries import Taken, place_names, taken
from bangfu.employers.words import asked, state_of, wage_words

ORDER = ("-id",)


@dataclass(frozen=True)
class Line:
    """One row of the list: `asks` are its requirements in words, `state` is that of today."""

    post: Post
    place: str
    wage: str
    asks: Sequence[str]
    state: str
    taken: Taken


def lines_of(posts: Sequence[Post], own: str) -> list[Line]:
    """The vacancies with what the list shows beside them, places as seen from the division `own`; two queries."""
    today = timezone.localdate()
    places, used = place_names([post.place for post in posts], own), taken([post.pk for post in posts], today)
    return [
        Line(post, places[post.place], wage_words(post), asked(post), state_of(post, today), used[post.pk])
        for post in posts
    ]
