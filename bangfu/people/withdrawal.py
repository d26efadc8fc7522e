"""Taking the writes of one import back, and leaving what newer facts rest on."""

from django.db import transaction

from bangfu.audit.actions import record
from bangfu.core.keys import new_keys
from bangfu.people.choices import DifferenceState
from bangfu.people.facts_base import Fact
from bangfu.people.groups import FACTS
from bangfu.people.models import Difference, Person, Standing
from bangfu.people.recorded import Recorded
from bangfu.people.recording import supersede
from bangfu.people.standing import refresh_standings


@transaction.atomic
def withdraw_batch(batch: int, how: Recorded) -> dict[str, int]:
    """Undo what an import recorded; returns how many persons kept something, by reason.

    A group of facts that was changed again later stays as it is ("changed_since"). A person whom the import
    brought is withdrawn when no believed fact is left ("changed_since") and no case is open ("in_a_case").
    """
    touched: set[int] = set()
    changed: set[int] = set()
    for model in FACTS:
        mine, blocked = _withdraw_group(model, batch, how)
        touched |= mine
        changed |= blocked
    in_case, kept = _withdraw_persons(batch, changed, how)
    Difference.objects.filter(batch=batch, state=DifferenceState.OPEN).update(
        state=DifferenceState.LAPSED, decided_at=how.at
    )
    refresh_standings(touched, how.on)
    record("people.import_withdrawn", by=how.by, at=how.at, count=len(touched), facts={"batch": batch})
    reasons = {"changed_since": len(changed | kept), "in_a_case": len(in_case)}
    return {reason: count for reason, count in reasons.items() if count}


def _withdraw_group(model: type[Fact], batch: int, how: Recorded) -> tuple[set[int], set[int]]:
    mine = list(model.objects.filter(batch=batch))
    blocked = {row.person_id for row in mine if row.superseded_at and row.superseded_batch != batch}
    believed = [row.pk for row in mine if not row.superseded_at and row.person_id not in blocked]
    supersede(model, believed, Recorded(how.on, how.source, how.by, how.at))
    revived = [
        row for row in model.objects.filter(superseded_batch=batch).exclude(batch=batch) if row.person_id not in blocked
    ]
    for key, row in zip(new_keys(len(revived)), revived, strict=True):
        row.pk, row.superseded_at, row.superseded_batch = key, None, None
        row.recorded_at, row.recorded_by, row._state.adding = how.at, how.by, True
    model.objects.bulk_create(revived, batch_size=1000)
    return {row.person_id for row in mine}, blocked


def _withdraw_persons(batch: int, changed: set[int], how: Recorded) -> tuple[set[int], set[int]]:
    """Withdraw those whom the import brought; returns who stays for an open case, and who for newer facts."""
    brought = set(Person.objects.filter(batch=batch).values_list("id", flat=True)) - changed
    in_case = set(Standing.objects.filter(person__in=brought).exclude(leg="").values_list("person_id", flat=True))
    known = {
        person
        for model in FACTS
        for person in model.objects.known().filter(person__in=brought).values_list("person_id", flat=True)
    }
    gone = brought - in_case - known
    Person.objects.filter(pk__in=gone).update(withdrawn_at=how.at)
    Standing.objects.filter(person__in=gone).delete()
    return in_case, (brought & known) - in_case
