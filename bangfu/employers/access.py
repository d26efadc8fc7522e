"""The only door through which pages get vacancies. They are public: everybody who signs in sees all of them."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from bangfu.accounts.access import Viewer
from bangfu.accounts.models import User
from bangfu.employers.models import Post


def visible_posts(user: Viewer) -> QuerySet[Post]:
    """All vacancies for a user with a duty; none without."""
    has_duty = isinstance(user, User) and bool(user.duties_today)
    return Post.objects.all() if has_duty else Post.objects.none()


def get_post(user: Viewer, key: int) -> Post:
    """The vacancy with that key. Raises Http404."""
    return get_object_or_404(visible_posts(user).select_related("employer"), pk=key)
