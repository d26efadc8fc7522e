"""Pairing households with a helper, and what the helper leaves there: visits and policy cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.cases.visit_models import PolicyCard, Visit
from bangfu.core.keys import new_keys
from bangfu.people.actions import record_facts
from bangfu.people.facts_base import Source
from bangfu.people.models import Membership, Pairing
from bangfu.people.recorded import Recorded


@dataclass(frozen=True)
class VisitsRule:
    """Months between two visits of a monitored household and of another, and the most households a helper has."""

    monitored_months: int
    other_months: int
    most_households: int


@dataclass(frozen=True)
class Visited:
    """What a helper found at a household; `client_key` makes a repeated sending harmless."""

    household: int
    channel: str
    visited_on: date
    findings: str
    client_key: str
    needs: str = ""
    next_on: date | None = None


@dataclass(frozen=True)
class CardGiven:
    """A policy card that was brought to a household."""

    household: int
    version: str
    received_by: str
    given_on: date


@lru_cache(maxsize=1)
def visits_rule() -> VisitsRule:
    """The rule of rules/weights/visits.yaml."""
    found = yaml.safe_load((settings.RULES / "weights" / "visits.yaml").read_text(encoding="utf-8"))
    return VisitsRule(found["monitored_every_months"], found["others_every_months"], found["most_households"])


@transaction.atomic
def pair_households(households: Iterable[int], helper: Any, *, by: Any, at: datetime) -> int:
    """Give households (by key) to one lead helper: a fact of each member, which ends that of the helper before.
    Returns how many households have members."""
    members = Membership.objects.open().filter(household__in=list(households)).values_list("person_id", "household_id")
    found = dict(members)
    how = Recorded(on=localdate(at), source=Source.OFFICER, by=by, at=at, decided=True)
    record_facts(Pairing, {person: {"helper_id": helper.pk} for person in found}, how)
    return len(set(found.values()))


@transaction.atomic
def record_visits(visits: Sequence[Visited], *, by: Any, at: datetime) -> int:
    """Record visits; returns how many were new. A day that is still to come raises ValueError."""
    if any(one.visited_on > localdate(at) for one in visits):
        raise ValueError("a visit that is still to come")
    keys = [one.client_key for one in visits]
    known = set(Visit.objects.filter(client_key__in=keys).values_list("client_key", flat=True))
    fresh = [one for one in visits if one.client_key not in known]
    Visit.objects.bulk_create(
        Visit(
            id=key, household_id=one.household, channel=one.channel, findings=one.findings, needs=one.needs,
            next_on=one.next_on, visited_on=one.visited_on, recorded_at=at, by=by, client_key=one.client_key,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    _record("cases.visited", [one.household for one in fresh], by, at)
    return len(fresh)


@transaction.atomic
def give_policy_cards(cards: Sequence[CardGiven], *, by: Any, at: datetime) -> int:
    """Record that policy cards were received; returns how many were new. A household has one of each version."""
    had = set(
        PolicyCard.objects.filter(household__in=[one.household for one in cards]).values_list("household_id", "version")
    )
    fresh = [one for one in cards if (one.household, one.version) not in had]
    PolicyCard.objects.bulk_create(
        PolicyCard(
            id=key, household_id=one.household, version=one.version, received_by=one.received_by,
            given_on=one.given_on, recorded_at=at, by=by,
        )
        for key, one in zip(new_keys(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    _record("cases.cards_given", [one.household for one in fresh], by, at)
    return len(fresh)


def _record(verb: str, households: Sequence[int], by: Any, at: datetime) -> None:
    members = Membership.objects.open().filter(household__in=list(households))
    persons = sorted(set(members.values_list("person_id", flat=True)))
    record(verb, by=by, at=at, count=len(households), persons=persons)
