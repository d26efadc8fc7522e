"""Making two rows of one person into one, with all facts kept, and taking that back exactly."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.timezone import localdate

from bangfu.audit.actions import record
from bangfu.core.keys import new_key
from bangfu.people import identity, trust
from bangfu.people.bulk import insert_rows
from bangfu.people.choices import DuplicateState
from bangfu.people.differences import Proposal, note_differences
from bangfu.people.duplicates import decide_duplicates
from bangfu.people.facts_base import Fact, Source
from bangfu.people.groups import FACTS
from bangfu.people.models import Duplicate, Job, Merge, Person, Standing
from bangfu.people.recorded import Recorded
from bangfu.people.recording import key_of, record_states, said_before, value_fields
from bangfu.people.standing import refresh_standings
from bangfu.people.watchers import facts_changed
from bangfu.people.withdrawal import withdraw_batch

_STAYS = {*FACTS, Standing, Duplicate, Merge, Person}
"""Facts are recorded anew on the row that stays; the others are about the rows themselves."""


class CannotMerge(Exception):
    """Two rows that cannot be made one now; `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def merge_people(kept: int, gone: int, *, reason: str, by: Any, at: datetime) -> Merge:
    """Make `gone` the same person as `kept` (keys); returns the merge, by which it can be taken back.

    Of two values the more trusted, else the later stands; the other opens a difference. Jobs and periods of the
    past are joined. What other tables hold of `gone` is led to `kept`; where both hold what there may be only
    once, it stays. Raises CannotMerge: `same_row`, `not_on_register`, `both_in_cases`; ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a reason is needed")
    if kept == gone:
        raise CannotMerge("same_row")
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=(kept, gone))}
    if len(rows) != 2 or any(row.withdrawn_at for row in rows.values()):
        raise CannotMerge("not_on_register")
    standings = {row.person_id: row for row in Standing.objects.filter(person__in=(kept, gone))}
    if len(standings) == 2 and all(row.leg for row in standings.values()):
        raise CannotMerge("both_in_cases")
    merge = Merge(id=new_key(), kept_id=kept, gone_id=gone, reason=reason.strip()[:200], by=by, at=at)
    merge.save(force_insert=True)
    for model in FACTS:
        _join_facts(model, merge, by, at)
    merge.moved = _move_rows(gone, kept)
    leg = standings.get(gone)
    Standing.objects.filter(person=gone).delete()
    Person.objects.filter(pk=gone).update(withdrawn_at=at, merged_into=kept)
    merge.save(update_fields=["moved"])
    refresh_standings([kept], localdate(at))
    facts_changed([kept, gone], at)
    if leg is not None and leg.leg:
        Standing.objects.filter(person=kept).update(leg=leg.leg, due_at=leg.due_at)
    first, second = sorted((kept, gone))
    decide_duplicates(Duplicate.objects.filter(first=first, second=second), DuplicateState.MERGED, reason, by, at)
    record("people.merged", by=by, at=at, count=1, persons=[kept, gone], facts={"merge": merge.pk})
    return merge


def _join_facts(model: type[Fact], merge: Merge, by: Any, at: datetime) -> None:
    """What the row that goes knows becomes known of the row that stays, each version on its own source."""
    theirs = list(model.objects.known().filter(person=merge.gone_id).order_by("valid_from", "id"))
    ours = list(model.objects.known().filter(person=merge.kept_id))
    opened = {_kind(row): row for row in ours if row.valid_to is None}
    past = [row for row in theirs if row.valid_to is not None or model is Job]
    joined = [_carried(row, merge.kept_id) for row in past if not _overlaps(row, ours)]
    insert_rows(model, joined, {"batch": merge.pk, "recorded_at": at, "recorded_by_id": by.pk if by else None})
    for row in theirs:
        if row.valid_to is None and model is not Job:
            _join_open(model, row, opened.get(_kind(row)), merge, by, at)


def _kind(row: Fact) -> Any:
    key = key_of(row)
    return key[1] if isinstance(key, tuple) else None


def _overlaps(row: Fact, ours: Iterable[Fact]) -> bool:
    """A past version gives way to what the row that stays knows of the same time; a job to one of the same day."""
    if isinstance(row, Job):
        return any(one.valid_from == row.valid_from for one in ours)
    return any(
        _kind(one) == _kind(row)
        and one.valid_from < (row.valid_to or one.valid_from)
        and (one.valid_to is None or row.valid_from < one.valid_to)
        for one in ours
    )


def _carried(row: Fact, person: int) -> dict[str, Any]:
    """A version as a row of the other person, its sealed numbers bound to that person."""
    values = {name: getattr(row, name) for name in value_fields(type(row))}
    if isinstance(row, Job):
        values["spell"] = new_key()  # the job of the row that goes stays believed there
    return {
        **values, **_resealed(row, person), "person_id": person, "valid_from": row.valid_from,
        "valid_to": row.valid_to, "source": row.source, "evidence": row.evidence, "origins": row.origins,
    }  # fmt: skip


def _resealed(row: Fact, person: int) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in value_fields(type(row))}
    number = identity.number_in(type(row), row.person_id, values)
    sealed = identity.sealed_number(type(row), person, number) if number is not None else {}
    return {name: value for name, value in sealed.items() if name.endswith("_sealed")}


def _join_open(model: type[Fact], row: Fact, held: Fact | None, merge: Merge, by: Any, at: datetime) -> None:
    on = localdate(at)
    values = {**{name: getattr(row, name) for name in value_fields(model)}, **_resealed(row, merge.kept_id)}
    how = Recorded(on=on, source=row.source, by=by, at=at, batch=merge.pk, evidence=row.evidence)
    key: Any = (merge.kept_id, values.pop(model.KIND)) if model.KIND else merge.kept_id
    if held is None:
        origins = said_before(row, values)
        insert_rows(model, [{**_carried(row, merge.kept_id), "origins": origins}], how.stamp())
        return
    news = {name: value for name, value in values.items() if value not in (None, "")}
    weaker = [name for name in news if _stands(held, row, name, news[name])]
    sealed = [name for name in news if isinstance(news[name], bytes)] if weaker else []
    disputed = {name: news.pop(name) for name in dict.fromkeys([*weaker, *sealed])}
    if disputed:
        note_differences(model, [Proposal(held, disputed)], how)
    record_states(model, {key: news}, how)


def _stands(held: Fact, row: Fact, name: str, value: Any) -> bool:
    """True when what the row that stays says of a column is as good as what the other says, or better."""
    ours = getattr(held, name)
    if isinstance(value, bytes) or ours in (None, "") or ours == value:
        return False
    theirs, on = trust.origin_of(row, name), localdate(max(held.recorded_at, row.recorded_at))
    order = trust.trust()
    mine = trust.origin_of(held, name)
    if order.rank(*mine, on) != order.rank(*theirs, on):
        return order.rank(*mine, on) < order.rank(*theirs, on)
    return mine[1] >= theirs[1]


def _move_rows(gone: int, kept: int) -> dict[str, list[int]]:
    """Lead the rows of other tables to the person that stays; returns the keys of those led, by table and column."""
    moved: dict[str, list[int]] = {}
    for relation in Person._meta.related_objects:
        model = relation.related_model
        if model in _STAYS:
            continue
        column = relation.field.attname
        keys = list(model._base_manager.filter(**{column: gone}).values_list("pk", flat=True))
        led = [key for key in keys if _led(model, column, key, kept)]
        if led:
            moved[f"{model._meta.label}.{column}"] = led
    return moved


def _led(model: type[models.Model], column: str, key: int, person: int) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=key).update(**{column: person})
    except IntegrityError:
        return False
    return True


@transaction.atomic
def unmerge_people(merge_key: int, *, by: Any, at: datetime) -> Mapping[str, int]:
    """Take a merge back: both rows are again what they were; what was recorded of the person since then stays with
    the row that stayed, and is counted by reason. Raises Merge.DoesNotExist when it was taken back already."""
    from django.apps import apps

    merge = Merge.objects.select_for_update().get(pk=merge_key, undone_at__isnull=True)
    how = Recorded(on=localdate(at), source=Source.OFFICER, by=by, at=at, decided=True)
    standing = Standing.objects.filter(person=merge.kept_id).first()
    left = withdraw_batch(merge.pk, how)
    for place, keys in merge.moved.items():
        label, column = place.rsplit(".", 1)
        rows = apps.get_model(label)._base_manager.filter(pk__in=keys, **{column: merge.kept_id})
        rows.update(**{column: merge.gone_id})
    Person.objects.filter(pk=merge.gone_id).update(withdrawn_at=None, merged_into=None)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    refresh_standings([merge.kept_id, merge.gone_id], localdate(at))
    facts_changed([merge.kept_id, merge.gone_id], at)
    _give_back_leg(merge, standing)
    Duplicate.objects.filter(first=min(merge.kept_id, merge.gone_id), second=max(merge.kept_id, merge.gone_id)).update(
        state=DuplicateState.DISTINCT, decided_by=by, decided_at=at
    )
    record("people.unmerged", by=by, at=at, count=1, persons=[merge.kept_id, merge.gone_id], facts={"merge": merge.pk})
    return left


def _give_back_leg(merge: Merge, standing: Standing | None) -> None:
    """The open leg goes back with the case."""
    if standing is not None and standing.leg and any(place.endswith("Case.person_id") for place in merge.moved):
        Standing.objects.filter(person=merge.gone_id).update(leg=standing.leg, due_at=standing.due_at)
        Standing.objects.filter(person=merge.kept_id).update(leg="", due_at=None)
