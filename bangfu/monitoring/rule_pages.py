"""Pages of the rulebook: all rules, and one rule with its source, values over time, cases and uses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import PROVINCE
from bangfu.monitoring.rule_words import KINDS, rule_in_words
from bangfu.monitoring.rules import rulebook
from bangfu.rulebook.rules import ALARM, CLEARING, INDICATOR, SCREEN, SIGNAL, Rule


@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    """The rules of a kind, those of every place and term: they are public."""
    rules = rulebook().rules
    chosen = request.GET.get("kind", SIGNAL)
    if chosen not in KINDS:
        chosen = SIGNAL
    mine = [rule for rule in rules if rule.kind == chosen]
    places = full_names_of([rule.place for rule in mine if rule.place], above=PROVINCE)
    context = {
        "kinds": [(kind, words, sum(rule.kind == kind for rule in rules)) for kind, words in KINDS.items()],
        "chosen": chosen,
        "lines": [(rule_in_words(rule), places.get(rule.place or "", "")) for rule in mine],
    }
    return render(request, "monitoring/rules.html", context)


@require_GET
def rule_text(request: HttpRequest, code: str) -> HttpResponse:
    """One rule in words: that of the reader's place today, or that of `?file=`. Raises Http404."""
    user: Any = request.user
    rules = [rule for rule in rulebook().rules if rule.code == code]
    if not rules:
        raise Http404
    rule = _chosen(rules, request.GET.get("file", ""), user.division)
    places = full_names_of([each.place for each in rules if each.place], above=PROVINCE)
    where = {each.file: places.get(each.place or "", each.place or _("the whole country")) for each in rules}
    context = {
        "shown": rule_in_words(rule), "place": where[rule.file], "uses": _uses(rule),
        "others": [(each, where[each.file]) for each in rules if each is not rule],
    }  # fmt: skip
    return render(request, "monitoring/rule_text.html", context)


def _chosen(rules: list[Rule], file: str, division: str) -> Rule:
    here = rulebook().holding(rules[0].kind, division or None, timezone.localdate())
    holding = [rule for rule in rules if rule in here]
    return next((rule for rule in rules if rule.file == file), (holding or rules)[0])


def _uses(rule: Rule) -> list[tuple[str, str]]:
    """The pages that show what the rule found, as (words, address)."""
    if rule.kind == SIGNAL:
        uses = [(_("Persons of whom it is true"), reverse("monitoring:rule", args=[rule.code]))]
        return [*uses, (_("Worklist: it opens cases"), reverse("home:worklist"))] if rule.opens == "case" else uses
    if rule.kind == ALARM:
        return [(_("Alarms of towns"), reverse("monitoring:alarms"))]
    if rule.kind == SCREEN:
        return []  # not everybody who reads rules may look into what recorders did
    if rule.kind == CLEARING:
        return [(_("Zero-employment families"), reverse("monitoring:zero-families"))]
    if rule.kind == INDICATOR:
        return [(_("Monthly bulletin"), reverse("bulletins:month"))]
    return [(_("Findings that wait to be set right"), f"{reverse('monitoring:findings')}?rule={rule.code}")]
