"""Differences between sources: opened when a less trusted source says otherwise, decided by somebody, side by side."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from bangfu.core.keys import new_keys
from bangfu.people import identity
from bangfu.people.bulk import insert_rows
from bangfu.people.choices import DifferenceState
from bangfu.people.facts_base import Fact
from bangfu.people.models import Difference
from bangfu.people.recorded import Recorded
from bangfu.people.trust import texts_of

NUMBER = "number"
"""Stands in a proposal for the sealed number: it is sealed anew when it is taken, under the keys of that day."""


@dataclass(frozen=True)
class Proposal:
    """What was said otherwise: the version on file and the columns that a less trusted source would change."""

    held: Fact
    news: Mapping[str, Any]


def note_differences(model: type[Fact], proposals: Sequence[Proposal], how: Recorded) -> int:
    """Open a difference for each proposal; returns how many are new. Part of a deed that records itself.

    One that is open already, or was decided for the value on file, is not asked again. A new proposal of the same
    source takes the place of an open one about the same version.
    """
    if not proposals:
        return 0
    digests = _digests(model, proposals)
    group = model._meta.model_name or ""
    persons = {proposal.held.person_id for proposal in proposals}
    before = Difference.objects.filter(person__in=persons, group=group).exclude(state=DifferenceState.TAKEN)
    asked = set(before.exclude(state=DifferenceState.LAPSED).values_list("person_id", "kind", "digest"))
    fresh = [
        (proposal, digest)
        for proposal, digest in zip(proposals, digests, strict=True)
        if (proposal.held.person_id, kind_text(proposal.held), digest) not in asked
    ]
    if not fresh:
        return 0
    replaced = Q(pk__in=())
    for proposal, _ in fresh:
        replaced |= Q(person=proposal.held.person_id, kind=kind_text(proposal.held))
    before.filter(replaced, state=DifferenceState.OPEN, source=how.source).update(
        state=DifferenceState.LAPSED, decided_at=how.at
    )
    keys = new_keys(len(fresh))
    texts = (
        (key, json.dumps(_told(proposal), ensure_ascii=False)) for key, (proposal, _) in zip(keys, fresh, strict=True)
    )
    sealed = settings.KEYRING.seal(identity.DIFFERENCE_PLACE, texts)
    rows = [
        {
            "id": key, "person_id": proposal.held.person_id, "group": group, "kind": kind_text(proposal.held),
            "columns": _shown(proposal.news), "proposed_sealed": hidden, "digest": digest,
        }
        for key, (proposal, digest), hidden in zip(keys, fresh, sealed, strict=True)
    ]  # fmt: skip
    insert_rows(
        Difference,
        rows,
        {"source": how.source, "batch": how.batch, "noted_on": how.on, "noted_at": how.at, "state": "open"},
    )
    return len(rows)


def kind_text(row: Fact) -> str:
    """What tells the version from others of its person and table: the kind, a job's spell, else ""."""
    kind = getattr(row, row.KIND) if row.KIND else getattr(row, "spell", "")
    return str(kind)


def _told(proposal: Proposal) -> dict[str, Any]:
    """The proposal as text; a sealed number with its blind index as the number itself."""
    news = proposal.news
    number = identity.number_in(type(proposal.held), proposal.held.person_id, news)
    if number is None:
        return texts_of(news)
    kept = {name: news[name] for name in _shown(news) if not name.endswith("_index")}
    return {**texts_of(kept), NUMBER: number}


def _shown(news: Mapping[str, Any]) -> list[str]:
    return [name for name, value in news.items() if not isinstance(value, bytes)]


def _digests(model: type[Fact], proposals: Iterable[Proposal]) -> list[str]:
    told = (
        json.dumps(
            [
                model._meta.model_name,
                texts_of({name: proposal.news[name] for name in _shown(proposal.news)}),
                texts_of({name: getattr(proposal.held, name) for name in _shown(proposal.news)}),
            ],
            sort_keys=True,
        )
        for proposal in proposals
    )
    return list(settings.KEYRING.blind("difference", told))


def proposed_values(model: type[Fact], difference: Difference) -> dict[str, Any]:
    """The proposed value of each column, typed; of a sealed number the sealed bytes and the blind index."""
    texts = json.loads(settings.KEYRING.open(identity.DIFFERENCE_PLACE, difference.pk, difference.proposed_sealed))
    number = texts.pop(NUMBER, None)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(text) for name, text in texts.items()}
    return values if number is None else {**values, **identity.sealed_number(model, difference.person_id, number)}
