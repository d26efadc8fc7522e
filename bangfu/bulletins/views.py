"""Pages of the monthly bulletin: the month, its comparison, the rows behind a figure, the same as JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from bangfu.accounts.access import get_division_code, may_see_division
from bangfu.bulletins import queries
from bangfu.bulletins.behind import key_page, lines_of
from bangfu.bulletins.charts import line_chart
from bangfu.bulletins.forms import read_division, read_month
from bangfu.bulletins.paper import paper_of
from bangfu.bulletins.ranking import FEWEST
from bangfu.bulletins.ranking import ranking as ranked
from bangfu.bulletins.words import COUNTED, base_words, counted_on, groups_of, main_figures, pace_of
from bangfu.cases.words import spoken
from bangfu.divisions.queries import path_of
from bangfu.lake.snapshots import SnapshotError
from bangfu.rulebook.figures import DENOMINATOR, NUMERATOR, PARTS, moment_day
from bangfu.rulebook.rules import Rule
from bangfu.ui.pages import render_part


@dataclass(frozen=True)
class Asked:
    """The division and the month of a request, and the months beside it (None where one has not begun)."""

    division: str
    month: date
    before: date
    after: date | None


def _asked(request: HttpRequest) -> Asked:
    """Raises Http404 for a division outside the user's duties and for what is no month."""
    today = timezone.localdate()
    month = read_month(request.GET.get("month", ""), today)
    division = get_division_code(request.user, read_division(request.GET.get("division", "")))
    after = moment_day("month_end", month) + timedelta(days=1)
    before = moment_day("previous_month_end", month).replace(day=1)
    return Asked(division, month, before, after if after <= today else None)


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The bulletin of a division and a month; without either, of the user's own and of the last month over."""
    asked = _asked(request)
    path = [row for row in path_of(asked.division) if may_see_division(request.user, row.code)]
    context: dict[str, Any] = {"asked": asked, "path": path, "name": path[-1].name if path else asked.division}
    try:
        found = queries.bulletin(asked.division, asked.month)
        months, places = _history(asked, kept_only=True), _ranking(asked, kept_only=True)
    except (queries.NoSnapshotError, SnapshotError) as missing:
        broken = isinstance(missing, SnapshotError)
        return render(request, "bulletins/none.html", {**context, "broken": broken})
    on = counted_on(found, timezone.localdate(), moment_day("month_end", asked.month))
    shown = {
        "found": found, "groups": groups_of(found), "pace": pace_of(found), "on": on, "main": main_figures(found),
        "base": found.figures.get(queries.BASE), "base_words": base_words(found),
        "paper": paper_of(found, context["name"], on),
    }  # fmt: skip
    return render(request, "bulletins/month.html", {**context, **shown, **(months or {}), **(places or {})})


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """The chart of the last twelve months: a part of the month's page, which takes about a second."""
    return _part(request, "bulletins/_history.html", _history)


@require_GET
def ranking(request: HttpRequest) -> HttpResponse:
    """The divisions below side by side: a part of the month's page."""
    return _part(request, "bulletins/_ranking.html", _ranking)


def _part(request: HttpRequest, template: str, read: Callable[[Asked], dict[str, Any] | None]) -> HttpResponse:
    asked = _asked(request)
    try:
        context = read(asked) or {}
    except (queries.NoSnapshotError, SnapshotError) as missing:
        raise Http404 from missing
    return render(request, template, {"asked": asked, **context})


def _history(asked: Asked, *, kept_only: bool = False) -> dict[str, Any] | None:
    """None where `kept_only` and the months are not computed yet."""
    months = queries.history(asked.division, asked.month, kept_only=kept_only)
    if months is None:
        return None
    target = queries.targets([asked.division], asked.month.year).get(asked.division)
    return {"months": months, "chart": line_chart(months, target.value if target else None), "target": target}


def _ranking(asked: Asked, *, kept_only: bool = False) -> dict[str, Any] | None:
    """None where `kept_only` and the divisions are not computed yet."""
    places = ranked(asked.division, asked.month, kept_only=kept_only)
    if places is None:
        return None
    has_targets = any(place.share is not None for place in places)
    return {"places": places, "has_targets": has_targets, "fewest": FEWEST}


@require_GET
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind a part of a figure, as the month's snapshot had them."""
    user: Any = request.user
    asked = _asked(request)
    part = request.GET.get("part", NUMERATOR)
    try:
        found = queries.bulletin(asked.division, asked.month)
    except (queries.NoSnapshotError, SnapshotError) as missing:
        raise Http404 from missing
    figure, rule = found.figures.get(code), found.rules.get(code)
    if figure is None or rule is None or part not in PARTS:
        raise Http404
    keys = queries.rows_behind(code, asked.division, asked.month, part)
    page = key_page(keys, request.GET.get("after", ""))
    day = _moment(rule, part, found)
    lines = lines_of(user, figure.counts, page.rows, day)
    context = {
        "asked": asked, "found": found, "rule": rule, "title": spoken(rule.name), "part": part, "code": code,
        "figure": figure, "page": page, "lines": lines, "total": len(keys), "counts": figure.counts,
        "counted": COUNTED.get(figure.counts, figure.counts), "gone": len(page.rows) - len(lines),
        "on": day, "name": path_of(asked.division)[-1].name,
    }  # fmt: skip
    return render_part(request, "bulletins/rows.html", "bulletins/_rows.html", context)


def _moment(rule: Rule, part: str, found: queries.Bulletin) -> date:
    chosen = rule.denominator if part == DENOMINATOR else rule.numerator
    return moment_day(chosen.moment if chosen else "month_end", found.month, found.as_of)


@require_GET
def as_json(request: HttpRequest) -> HttpResponse:
    """What `bangfu bulletin --json` prints for the division and the month."""
    asked = _asked(request)
    try:
        answer = queries.bulletin(asked.division, asked.month).as_json()
    except queries.NoSnapshotError:
        return JsonResponse({"error": "no_snapshot"}, status=404)
    except SnapshotError as broken:
        return JsonResponse({"error": broken.code}, status=503)
    return JsonResponse(answer)
