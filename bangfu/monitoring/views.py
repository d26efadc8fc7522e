"""Pages of signals: the rules with what is open, and one rule with its persons."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bangfu.cases.words import spoken
from bangfu.monitoring import queries
from bangfu.monitoring.access import visible_signals
from bangfu.monitoring.listing import ORDER, rule_for, rules_for, signal_lines
from bangfu.monitoring.rule_words import rule_in_words
from bangfu.monitoring.words import FEEDS, SEVERITIES
from bangfu.people.area import read_area
from bangfu.rulebook.rules import SEVERITIES as IN_ORDER
from bangfu.rulebook.rules import Rule
from bangfu.ui.pages import keyset_page, render_part


@dataclass(frozen=True)
class RuleLine:
    """A rule in the reader's words, with what is open."""

    rule: Rule
    name: str
    source: str
    advice: str
    severity: str
    colour: str
    open: queries.OpenCount


@require_GET
def signal_list(request: HttpRequest) -> HttpResponse:
    """The rules that hold in the user's division today, the most severe first, with the signals open in the area."""
    user: Any = request.user
    area = read_area(user, request.GET)
    night = queries.last_night()
    counts = queries.open_counts(area.narrow(visible_signals(user)), night.acted_on if night else None)
    lines = [_rule_line(rule, counts.get(rule.code, queries.OpenCount())) for rule in rules_for(user.division)]
    lines.sort(key=lambda line: (IN_ORDER.index(line.rule.severity), line.rule.code))
    context = {
        "lines": lines, "area": area, "night": night, "total": sum(line.open.all for line in lines),
        "new": sum(line.open.new for line in lines),
        "in_area": f"?{urlencode(area.parameters)}" if area.parameters else "",
        "feeds": [(FEEDS.get(feed.kind, feed.kind), feed) for feed in queries.last_feeds()],
    }  # fmt: skip
    return render_part(request, "monitoring/list.html", "monitoring/_list.html", context)


def _rule_line(rule: Rule, counts: queries.OpenCount) -> RuleLine:
    words, colour = SEVERITIES[rule.severity]
    advice = spoken(rule.advice) if rule.advice else ""
    return RuleLine(rule, spoken(rule.name), spoken(rule.source), advice, str(words), colour, counts)


@require_GET
def rule_page(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in words, and the persons of whom it is true, the newest first."""
    user: Any = request.user
    rule = rule_for(code, user.division)
    area = read_area(user, request.GET)
    rows = queries.open_of_rule(area.narrow(visible_signals(user)), code)
    page = keyset_page(rows, ORDER, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "lines": signal_lines(user, rule, page.rows),
        "area": area,
        "code": code,
        "may_export": user.may_export(),
    }
    return render_part(
        request, "monitoring/rule.html", "monitoring/_signals.html", {**context, "total": rows.count()},
        full=lambda: {"line": _rule_line(rule, queries.OpenCount()), "shown": rule_in_words(rule)},
    )  # fmt: skip
