"""The only door through which pages get vacancies: everybody who signs in sees all, their office changes them."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer, inside
from bangfu.accounts.models import User
from bangfu.employers.models import Post


def visible_posts(user: Viewer) -> QuerySet[Post]:
    """All vacancies for a user with a duty; none without."""
    has_duty = isinstance(user, User) and bool(user.duties_today)
    return Post.objects.all() if has_duty else Post.objects.none()


def get_post(user: Viewer, key: int) -> Post:
    """The vacancy with that key. Raises Http404."""
    return get_object_or_404(visible_posts(user).select_related("employer"), pk=key)


def kept_posts(user: Viewer) -> QuerySet[Post]:
    """The vacancies that the user's offices keep: brought in by one of them or, from the console, with work there."""
    return Post.objects.filter(inside(user) | (Q(division="") & inside(user, "place")))


def get_kept_post(user: Viewer, key: int) -> Post:
    """The vacancy with that key, to be changed. Raises Http404 for one that another office keeps."""
    return get_object_or_404(kept_posts(user), pk=key)
