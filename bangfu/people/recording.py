"""How a new state of a group of facts is recorded: unchanged writes nothing, a change closes and adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bangfu.core.keys import new_keys
from bangfu.people.facts_base import ExclusiveFact

_BASE = {
    "id", "person", "valid_from", "valid_to", "source", "evidence", "recorded_at", "recorded_by", "batch",
    "superseded_at", "superseded_batch",
}  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """How facts came to be known: on which day they are true, from whom, recorded when, by whom, in which batch."""

    on: date
    source: str
    by: Any
    at: datetime
    batch: int | None = None
    evidence: str = ""

    def stamp(self) -> dict[str, Any]:
        """The fields that every version of this recording shares."""
        return {
            "source": self.source, "evidence": self.evidence, "recorded_at": self.at, "recorded_by": self.by,
            "batch": self.batch,
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
    opened = {row.person_id: row for row in model.objects.open().filter(person__in=list(states))}
    fields = value_fields(model)
    stale: list[ExclusiveFact] = []
    fresh: list[ExclusiveFact] = []
    added: list[ExclusiveFact] = []
    for person, state in states.items():
        old = opened.get(person)
        news = {name: value for name, value in state.items() if value is not None and value != ""}
        if old is None:
            if news:
                first = (since or {}).get(person, how.on)
                added.append(model(person_id=person, valid_from=first, **news, **how.stamp()))
            continue
        if all(getattr(old, name) == value for name, value in news.items() if not isinstance(value, bytes)):
            continue
        stale.append(old)
        known = {name: getattr(old, name) for name in fields}
        if old.valid_from < how.on:
            fresh.append(_ended(model, old, known, how))
        first = max(old.valid_from, how.on)
        added.append(model(person_id=person, valid_from=first, **{**known, **news}, **how.stamp()))
    _insert(model, [*fresh, *added], stale, how)
    return len(added)


def _ended(model: type[ExclusiveFact], old: ExclusiveFact, known: dict[str, Any], how: Recorded) -> ExclusiveFact:
    """The old version again, now with its end; it keeps its own source."""
    stamp = {**how.stamp(), "source": old.source, "evidence": old.evidence}
    return model(person_id=old.person_id, valid_from=old.valid_from, valid_to=how.on, **known, **stamp)


def _insert(
    model: type[ExclusiveFact], rows: list[ExclusiveFact], stale: list[ExclusiveFact], how: Recorded
) -> None:
    for key, row in zip(new_keys(len(rows)), rows, strict=True):
        row.id = key
    supersede(model, [row.pk for row in stale], how)
    model.objects.bulk_create(rows, batch_size=1000)


def supersede(model: type, keys: list[int], how: Recorded) -> None:
    """Mark versions as no longer believed."""
    for start in range(0, len(keys), 500):
        model.objects.filter(pk__in=keys[start : start + 500]).update(
            superseded_at=how.at, superseded_batch=how.batch
        )


def close_states(model: type[ExclusiveFact], ends: Mapping[int, date], how: Recorded) -> None:
    """End the open version of each person named on the given day (exclusive); an end before its start withdraws it."""
    rows = list(model.objects.open().filter(person__in=list(ends)))
    fields = value_fields(model)
    kept = []
    for row in rows:
        end = ends[row.person_id]
        if row.valid_from < end:
            known = {name: getattr(row, name) for name in fields}
            stamp = {**how.stamp(), "source": row.source, "evidence": row.evidence}
            kept.append(
                model(person_id=row.person_id, valid_from=row.valid_from, valid_to=end, **known, **stamp)
            )
    _insert(model, kept, rows, how)
