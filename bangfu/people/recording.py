"""How a new state of a group of facts is recorded: unchanged writes nothing, a change closes and adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bangfu.people.bulk import insert_rows
from bangfu.people.facts_base import ExclusiveFact

_BASE = {
    "id", "person", "valid_from", "valid_to", "source", "evidence", "recorded_at", "recorded_by", "batch",
    "superseded_at", "superseded_batch",
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """How facts came to be known: on which day they are true, from whom, recorded when, by whom, in which batch.

    `new` are persons whom the same deed has only just registered: nothing can be known of them, nothing is looked up.
    """

    on: date
    source: str
    by: Any
    at: datetime
    batch: int | None = None
    evidence: str = ""
    new: frozenset[int] = frozenset()

    def stamp(self) -> dict[str, Any]:
        """The fields that every version of this recording shares."""
        return {
            "source": self.source, "evidence": self.evidence, "recorded_at": self.at,
            "recorded_by_id": self.by.pk if self.by else None, "batch": self.batch,
        }  # fmt: skip


def value_fields(model: type[ExclusiveFact]) -> list[str]:
    """The columns of a fact that say something of the person, by attribute name."""
    return [field.attname for field in model._meta.concrete_fields if field.name not in _BASE]


def record_states(
    model: type[ExclusiveFact],
    states: Mapping[int, Mapping[str, Any]],
    how: Recorded,
    *,
    since: Mapping[int, date] | None = None,
) -> int:
    """Record for each person (by key) the state of one exclusive group; returns how many versions were added.

    A value of None or "" says nothing and keeps what is known. What did not change writes nothing. Where a
    change begins after the old version did, the old one is kept with an end; else it is a correction. `since`
    gives a first day of validity other than `how.on` for persons without a version yet. Sealed bytes are not
    compared (sealing the same text twice gives other bytes): their blind index is.
    """
    looked_up = [person for person in states if person not in how.new]
    opened = {row.person_id: row for row in model.objects.open().filter(person__in=looked_up)} if looked_up else {}
    fields = value_fields(model)
    stale: list[ExclusiveFact] = []
    ended: list[dict[str, Any]] = []
    added: list[dict[str, Any]] = []
    for person, state in states.items():
        old = opened.get(person)
        news = {name: value for name, value in state.items() if value is not None and value != ""}
        if old is None:
            if news:
                first = (since or {}).get(person, how.on)
                added.append({"person_id": person, "valid_from": first, **news})
            continue
        if all(getattr(old, name) == value for name, value in news.items() if not isinstance(value, bytes)):
            continue
        stale.append(old)
        known = {name: getattr(old, name) for name in fields}
        if old.valid_from < how.on:
            ended.append(_ended(old, known, how.on))
        first = max(old.valid_from, how.on)
        added.append({"person_id": person, "valid_from": first, **known, **news})
    _replace(model, stale, [*ended, *added], how)
    return len(added)


def _ended(old: ExclusiveFact, known: Mapping[str, Any], end: date) -> dict[str, Any]:
    """The old version again, now with its end; it keeps its own source."""
    return {
        "person_id": old.person_id, "valid_from": old.valid_from, "valid_to": end, **known,
        "source": old.source, "evidence": old.evidence,
    }  # fmt: skip


def _replace(
    model: type[ExclusiveFact], stale: Sequence[ExclusiveFact], rows: Sequence[Mapping[str, Any]], how: Recorded
) -> None:
    supersede(model, [row.pk for row in stale], how)
    insert_rows(model, rows, how.stamp())


def supersede(model: type, keys: list[int], how: Recorded) -> None:
    """Mark versions as no longer believed."""
    for start in range(0, len(keys), 500):
        model.objects.filter(pk__in=keys[start : start + 500]).update(superseded_at=how.at, superseded_batch=how.batch)


def close_states(model: type[ExclusiveFact], ends: Mapping[int, date], how: Recorded) -> None:
    """End the open version of each person named on the given day (exclusive); an end before its start withdraws it."""
    rows = list(model.objects.open().filter(person__in=list(ends)))
    fields = value_fields(model)
    kept = [
        _ended(row, {name: getattr(row, name) for name in fields}, ends[row.person_id])
        for row in rows
        if row.valid_from < ends[row.person_id]
    ]
    _replace(model, rows, kept, how)
