"""A vacancy in words: its wage, what it asks, how long it stands."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bangfu.employers.models import Post
from bangfu.people.choices import Education
from bangfu.ui.amounts import amount_words

ENDS_SOON = timedelta(days=7)
LEVELS: Mapping[int, Promise] = {
    5: gettext_lazy("Junior worker (level 5)"),
    4: gettext_lazy("Intermediate worker (level 4)"),
    3: gettext_lazy("Senior worker (level 3)"),
    2: gettext_lazy("Technician (level 2)"),
    1: gettext_lazy("Senior technician (level 1)"),
}
"""The national skill levels that a vacancy may ask (policy.md B11)."""


def wage_words(post: Post) -> str:
    """The wage as 3,400–4,900, yuan a month; "to be agreed" where none is stated."""
    ends = [amount_words(amount) for amount in (post.wage_low_amount, post.wage_high_amount) if amount is not None]
    return "–".join(dict.fromkeys(ends)) or _("To be agreed")


def age_words(post: Post) -> str:
    """The age limits of the employer, "" without any."""
    if post.age_low and post.age_high:
        return _("aged %(low)s to %(high)s") % {"low": post.age_low, "high": post.age_high}
    if post.age_low:
        return _("aged %s or older") % post.age_low
    return _("aged %s or younger") % post.age_high if post.age_high else ""


def asked(post: Post) -> list[str]:
    """What the vacancy asks: schooling, skill level, age, other requirements; empty for nothing."""
    schooling = str(Education(post.education).label) if post.education in Education.values else ""
    level = str(LEVELS[post.level]) if post.level in LEVELS else ""
    return [part for part in (schooling, level, age_words(post), post.requirements) if part]


def state_of(post: Post, day: date) -> str:
    """closed (by somebody), expired, ending (its last days), later (not posted yet) or open, on the day."""
    if post.closed_on is not None and post.closed_on <= day:
        return "closed"
    if post.valid_until is not None and post.valid_until < day:
        return "expired"
    if post.posted_on > day:
        return "later"
    is_ending = post.valid_until is not None and post.valid_until <= day + ENDS_SOON
    return "ending" if is_ending else "open"
