"""How a new state of a group of facts is recorded: unchanged writes nothing, a change closes and adds, and a less
trusted source opens a difference instead of overwriting."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bangfu.core.parts import in_parts
from bangfu.people import trust
from bangfu.people.bulk import insert_rows
from bangfu.people.differences import Proposal, note_differences
from bangfu.people.facts_base import Fact
from bangfu.people.recorded import Recorded

_BASE = {
    "id", "person", "valid_from", "valid_to", "source", "evidence", "origins", "recorded_at", "recorded_by", "batch",
    "superseded_at", "superseded_batch",
}  # fmt: skip
_CHUNK = 5000
Key = int | tuple[int, Any]
"""A person, or a person and the kind of a `KindedFact`."""


@dataclass
class _Changes:
    """What one recording of a group writes."""

    stale: list[int] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    added: int = 0


def value_fields(model: type[Fact]) -> list[str]:
    """The columns of a fact that say something of the person, by attribute name."""
    return [field.attname for field in model._meta.concrete_fields if field.name not in _BASE]


def key_of(row: Fact) -> Key:
    """Under which key a version is the one open: its person, with its kind where the table has kinds."""
    return (row.person_id, getattr(row, row.KIND)) if row.KIND else row.person_id


def person_of(key: Key) -> int:
    """The person of a key."""
    return key[0] if isinstance(key, tuple) else key


def persons_of(model: type[Fact], keys: Iterable[Key]) -> set[int]:
    """The persons of keys of a table."""
    return set(map(person_of, keys)) if model.KIND else set(keys)  # type: ignore[arg-type]


def open_versions(model: type[Fact], persons: Iterable[int]) -> dict[Key, Any]:
    """The open version of each key of these persons."""
    keys = list(persons)
    found: dict[Key, Any] = {}
    for part in in_parts(keys, _CHUNK):
        rows = model.objects.open().filter(person__in=part)
        found.update((key_of(row), row) for row in rows)
    return found


def record_states(
    model: type[Fact],
    states: Mapping[Any, Mapping[str, Any]],
    how: Recorded,
    *,
    since: Mapping[Any, date] | None = None,
) -> int:
    """Record the state of one exclusive group for each person, or each (person, kind) of a `KindedFact`; returns
    how many versions were added.

    A value of None or "" says nothing and keeps what is known. What did not change writes nothing. Where a
    change begins after the old version did, the old one is kept with an end; else it is a correction. A column
    that a more trusted source stated stays, and a difference is opened (unless `how.decided`). `since` gives a
    first day of validity other than `how.on` for keys without a version yet. Sealed bytes are not compared
    (sealing the same text twice gives other bytes): their blind index is.
    """
    looked_up = persons_of(model, states) - how.new
    opened = open_versions(model, looked_up) if looked_up else {}
    changes = _Changes()
    fields = value_fields(model)
    fresh: dict[Key, date] = {}
    for key, state in states.items():
        news = {name: value for name, value in state.items() if value is not None and value != ""}
        old = opened.get(key)
        if old is not None:
            _change(changes, fields, old, news, how)
        elif news or model.KIND_ALONE:
            first = since[key] if since and key in since else how.on
            news["valid_from"] = first
            if model.KIND:
                news["person_id"], news[model.KIND] = key
            else:
                news["person_id"] = key
            changes.rows.append(news)
            fresh[key] = first
    changes.added += len(fresh)
    if looked_up:
        _cut_earlier(model, changes, {key: day for key, day in fresh.items() if person_of(key) in looked_up})
    supersede(model, changes.stale, how)
    insert_rows(model, changes.rows, how.stamp())
    note_differences(model, changes.proposals, how)
    return changes.added


def _change(changes: _Changes, fields: Sequence[str], old: Fact, news: dict[str, Any], how: Recorded) -> None:
    """Add to `changes` what a new statement makes of the open version."""
    told = [name for name, value in news.items() if not isinstance(value, bytes)]
    differing = [name for name in told if getattr(old, name) != news[name]]
    held = [] if how.decided else trust.guarded(old, differing, how.source, how.on)
    if held:
        sealed = [name for name in news if name not in told]  # what is sealed goes with its blind index
        group = [*held, *sealed]
        changes.proposals.append(Proposal(old, {name: news[name] for name in group}))
        news = {name: value for name, value in news.items() if name not in group}
        differing = [name for name in differing if name not in held]
    if not differing and not (news and not held and trust.confirms(old, told, how.source, how.on)):
        return
    known = {name: getattr(old, name) for name in fields}
    changes.stale.append(old.pk)
    if old.valid_from < how.on:
        changes.rows.append(ended(old, known, how.on))
    first = max(old.valid_from, how.on) if differing else old.valid_from
    if not differing and old.valid_from < how.on:
        changes.rows.pop()  # said again, not changed: one version goes on, on better grounds
    origins = trust.origins_of(old, [name for name in fields if name not in news], how.source)
    changes.rows.append({
        "person_id": old.person_id, "valid_from": first, "valid_to": old.valid_to, "origins": origins, **known, **news,
    })  # fmt: skip
    changes.added += 1


def _cut_earlier(model: type[Fact], changes: _Changes, firsts: Mapping[Key, date]) -> None:
    """Ended versions that reach into the time of a new one give way to it: what is true on a day is one version."""
    if not firsts:
        return
    fields = value_fields(model)
    rows = model.objects.known().filter(person__in={person_of(key) for key in firsts}, valid_to__isnull=False)
    for row in rows:
        first = firsts.get(key_of(row))
        if first is None or row.valid_to <= first:
            continue
        changes.stale.append(row.pk)
        if row.valid_from < first:
            changes.rows.append(ended(row, {name: getattr(row, name) for name in fields}, first))


def ended(old: Fact, known: Mapping[str, Any], end: date) -> dict[str, Any]:
    """The old version again, now with its end; it keeps its own source."""
    return {
        "person_id": old.person_id, "valid_from": old.valid_from, "valid_to": end, **known,
        "source": old.source, "evidence": old.evidence, "origins": said_before(old, known),
    }  # fmt: skip


def said_before(old: Fact, known: Mapping[str, Any]) -> dict[str, list[str]]:
    """The origins of a version that is written again: each column keeps the day on which it was said."""
    fresh = trust.trust().fresh_days
    if old.source not in fresh and not old.origins:
        return {}
    return {**trust.origins_of(old, known, ""), **old.origins}


def supersede(model: type[Fact], keys: list[int], how: Recorded) -> None:
    """Mark versions as no longer believed."""
    for part in in_parts(keys, 500):
        model.objects.filter(pk__in=part).update(superseded_at=how.at, superseded_batch=how.batch)


def close_states(model: type[Fact], ends: Mapping[Any, date], how: Recorded) -> int:
    """End the open version of each key named on the given day (exclusive); an end before its start withdraws it.

    Returns how many versions were open.
    """
    opened = open_versions(model, {person_of(key) for key in ends})
    rows = [(row, ends[key]) for key, row in opened.items() if key in ends]
    fields = value_fields(model)
    kept = [ended(row, {name: getattr(row, name) for name in fields}, end) for row, end in rows if row.valid_from < end]
    supersede(model, [row.pk for row, _ in rows], how)
    insert_rows(model, kept, how.stamp())
    return len(rows)


def rewrite(model: type[Fact], rows: Iterable[Any], news: Callable[[Any], Mapping[str, Any]], how: Recorded) -> None:
    """Replace believed versions by copies with other columns (`valid_to` too): what no list of states can say."""
    stale, fresh = [], []
    fields = [*value_fields(model), "valid_from", "valid_to"]
    for row in rows:
        changed = news(row)
        stale.append(row.pk)
        origins = trust.origins_of(row, [name for name in fields if name not in changed], how.source)
        known = {name: getattr(row, name) for name in fields}
        fresh.append({"person_id": row.person_id, "origins": origins, **known, **changed})
    supersede(model, stale, how)
    insert_rows(model, fresh, how.stamp())
