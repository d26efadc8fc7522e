"""The tags that every page may use: icons, clocks, days, figures."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.core.retirement import full_years

register = template.Library()

_DAY = timedelta(days=1)


@register.simple_tag
@lru_cache(maxsize=256)  # a page has some hundred, of a few dozen names
def icon(name: str) -> SafeString:
    """A line icon; it says nothing to a screen reader, so a word stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>', static("ui/icons.svg"), name
    )


@register.inclusion_tag("ui/_clock.html")
def clock(due_at: datetime | None, opened_at: datetime | None = None, now: datetime | None = None) -> dict[str, Any]:
    """The state of a running leg: time left, due today, or overdue; the bar shows the share that is used up."""
    moment = now or timezone.now()
    if due_at is None:
        return {"state": "", "words": ""}
    left = due_at - moment
    if left < timedelta(0):
        state, words, symbol = "over", _("%s overdue") % span(-left), "alert-triangle"
    else:
        today = timezone.localtime(due_at - timedelta(microseconds=1)).date() <= timezone.localdate(moment)
        state, symbol = ("due" if today else "ok"), "clock"
        words = _("%s left") % span(left)
    used = 100
    if opened_at and due_at > opened_at:
        used = max(0, min(100, round((moment - opened_at) / (due_at - opened_at) * 100)))
    return {"state": state, "words": words, "symbol": symbol, "used": used, "due_at": due_at}


def span(length: timedelta) -> str:
    """A length of time in the two largest units that matter: days and hours, or hours and minutes."""
    minutes = int(length.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days >= 3:
        return ngettext("%d day", "%d days", days) % days
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [_unit(count, unit) for count, unit in parts if count][:2]
    return " ".join(said) or _unit(0, "minute")


def _unit(count: int, unit: str) -> str:
    if unit == "day":
        return ngettext("%d day", "%d days", count) % count
    if unit == "hour":
        return ngettext("%d h", "%d h", count) % count
    return ngettext("%d min", "%d min", count) % count


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as 2026-06-30; a dash for None."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat()


@register.filter
def moment(value: datetime | None) -> str:
    """An instant as 2026-06-30 09:40; a dash for None."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else "—"


@register.filter
def short_moment(value: datetime | None) -> str:
    """An instant as 06-30 09:40, for narrow columns; a dash for None."""
    return f"{timezone.localtime(value):%m-%d %H:%M}" if value else "—"


@register.filter
def month(value: date | None) -> str:
    """A month as 2026-06; a dash for None."""
    return f"{value:%Y-%m}" if value else "—"


@register.filter
def count(value: float | None) -> str:
    """A figure with thousands separators; a dash for what was not collected."""
    return "—" if value is None else number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def item(mapping: dict[Any, Any] | None, key: Any) -> Any:
    """The value of a key, None when it is missing."""
    return (mapping or {}).get(key)


@register.filter
def age_on(born_on: date | None, day_: date | None = None) -> int | str:
    """Full years of age today, or on the day given; a dash for None."""
    if born_on is None:
        return "—"
    return full_years(born_on, day_ or timezone.localdate())


@register.inclusion_tag("ui/_bar.html")
def composition(red: int, amber: int, rest: int) -> dict[str, Any]:
    """A bar of three parts; even a small part can be seen."""
    total = red + amber + rest
    parts, left = [], 0.0
    shares = [("f-r", red), ("f-a", amber), ("f-n", rest)]
    for colour, number in shares:
        if not total or not number:
            continue
        width = max(300 * number / total, 3)
        parts.append({"colour": colour, "x": round(left, 1), "width": round(min(width, 300 - left), 1)})
        left += width + 1
    return {"parts": parts}


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The query string of this page with some parameters changed; None or "" takes one away, paging restarts."""
    params = context["request"].GET.copy()
    params.pop("after", None)
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, ""):
            params[name] = value
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def narrow(context: dict[str, Any], parameter: str, value: str) -> str:
    """As `query`, for a parameter whose name is known only when the page is made."""
    return query(context, **{parameter: value})
