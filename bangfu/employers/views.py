"""Pages of vacancies."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bangfu.accounts.access import require_writer
from bangfu.employers.access import get_kept_post, get_post, kept_posts, visible_posts
from bangfu.employers.actions import close_posts, show_contact
from bangfu.employers.forms import PostFilter
from bangfu.employers.listing import ORDER, lines_of
from bangfu.employers.models import Post
from bangfu.employers.queries import filter_posts, place_names, sum_posts, taken
from bangfu.employers.words import LEVELS, age_words, state_of, wage_words
from bangfu.people.choices import Education
from bangfu.ui.pages import keyset_page, render_part


@require_GET
def post_list(request: HttpRequest) -> HttpResponse:
    """Vacancies, the newest first, with filters by state and place in the URL."""
    user: Any = request.user
    today = timezone.localdate()
    form = PostFilter(request.GET, division=user.division)
    rows = filter_posts(visible_posts(user), day=today, **form.chosen())
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""))
    context = {"page": page, "lines": lines_of(page.rows, user.division), "sums": sum_posts(rows), "form": form}
    frame = {"may_write": user.may_write(), "may_export": user.may_export()}
    return render_part(request, "employers/list.html", "employers/_list.html", {**context, **frame})


@require_GET
def post_page(request: HttpRequest, key: int) -> HttpResponse:
    """One vacancy with all that is known of it."""
    user: Any = request.user
    return render(request, "employers/post.html", _shown(get_post(user, key), user))


def _shown(post: Post, user: Any) -> dict[str, Any]:
    today = timezone.localdate()
    used = taken([post.pk], today)[post.pk]
    return {
        "post": post, "place": place_names([post.place], user.division)[post.place], "wage": wage_words(post),
        "education": str(Education(post.education).label) if post.education in Education.values else "",
        "level": LEVELS.get(post.level) if post.level else "", "ages": age_words(post),
        "state": state_of(post, today), "taken": used, "left": max(post.headcount - used.hired, 0),
        "may_write": user.may_write() and kept_posts(user).filter(pk=post.pk).exists(),
    }  # fmt: skip


@require_POST
def close(request: HttpRequest, key: int) -> HttpResponse:
    """Take one vacancy off the list from today on; one that is closed already stays as it is."""
    user = require_writer(request.user)
    post = get_kept_post(user, key)
    if close_posts([post.pk], on=timezone.localdate(), by=user, at=timezone.now()):
        messages.success(request, _("This vacancy is closed: it is offered to nobody from today."))
    else:
        messages.warning(request, _("This vacancy was closed already."))
    return redirect("employers:post", key)


@never_cache
@require_POST
def contact(request: HttpRequest, key: int) -> HttpResponse:
    """The contact of a vacancy; the look is recorded."""
    user = require_writer(request.user)
    post = get_post(user, key)
    shown = show_contact(post, by=user, at=timezone.now())
    if request.headers.get("HX-Request"):
        return render(request, "employers/_contact.html", {"contact": shown})
    return render(request, "employers/post.html", {**_shown(post, user), "contact": shown})
