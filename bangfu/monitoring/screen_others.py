"""Rules of the screen that speak of one person: they stand among signals and quality rules and are counted here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from bangfu.accounts.models import User
from bangfu.cases.words import spoken
from bangfu.monitoring.access import visible_findings, visible_signals
from bangfu.monitoring.rules import rulebook
from bangfu.people.area import Area
from bangfu.rulebook.rules import QUALITY, SIGNAL

CODES = ("class_while_away", "phone_of_other_households", "phone_of_other_counties")


@dataclass(frozen=True)
class OtherRule:
    """A rule with the persons of whom it is true in the area, and the address of their list."""

    name: str
    persons: int
    url: str


def other_rules(user: User, area: Area) -> Sequence[OtherRule]:
    """Those rules with what is open; two queries."""
    counts = {**_open(area.narrow(visible_signals(user))), **_open(area.narrow(visible_findings(user)))}
    lines = {}
    for rule in rulebook().rules:
        if rule.code in CODES and rule.kind in (SIGNAL, QUALITY):
            query = dict(area.parameters)
            if rule.kind == SIGNAL:
                url = reverse("monitoring:rule", args=[rule.code])
            else:
                url, query["rule"] = reverse("monitoring:findings"), rule.code
            address = f"{url}?{urlencode(query)}" if query else url
            lines[rule.code] = OtherRule(spoken(rule.name), counts.get(rule.code, 0), address)
    return list(lines.values())


def _open(rows: QuerySet[Any]) -> dict[str, int]:
    found = rows.filter(code__in=CODES, closed_on__isnull=True).values_list("code").annotate(n=Count("pk"))
    return dict(found.order_by("code"))
