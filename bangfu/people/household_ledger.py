"""The list of households as a kind of ledger."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from bangfu.core.parts import in_parts
from bangfu.intake.checked import Checked
from bangfu.intake.kinds import Applying, Kind, Rows
from bangfu.intake.tables import Sheet
from bangfu.people.checking.households import HOUSEHOLDS, HeldHousehold, check_households
from bangfu.people.comparing import who_is_meant
from bangfu.people.households import place_households, record_households
from bangfu.people.ledgers import how_of, keyed, standing_of, undo, villages_of
from bangfu.people.models import Category, Membership
from bangfu.people.register_lookup import RegisterLookup
from bangfu.people.stated import Stated, changes_of, guarded_by
from bangfu.people.watchers import batch_changed

_CHUNK = 5000
_STATED = (
    Stated(Membership, {"division": "division"}),
    Stated(Category, {"category": "kind", "risk": "risk"}),
)


class HouseholdLookup(RegisterLookup):
    """Households of the register by number (the protocol of people.checking.households)."""

    def households(self, numbers: Sequence[str], id_numbers: Sequence[str]) -> dict[str, HeldHousehold]:
        """Those of the households on the register, with which of the persons asked about belong to each."""
        persons = {key: number for number, (key, _name) in self.keys_of(id_numbers).items()}
        counts: dict[str, int] = {}
        asked: dict[str, set[str]] = {}
        for part in in_parts(numbers, _CHUNK):
            rows = Membership.objects.open().filter(household__number__in=part, person__withdrawn_at__isnull=True)
            for number, person in rows.values_list("household__number", "person_id"):
                counts[number] = counts.get(number, 0) + 1
                if person in persons:
                    asked.setdefault(number, set()).add(persons[person])
        return {number: HeldHousehold(count, frozenset(asked.get(number, ()))) for number, count in counts.items()}


def _standing(rows: pl.DataFrame) -> list[frozenset[str]]:
    """Where the head of each row stands, and everybody who would move with the household."""
    numbers = rows["household_no"].to_list()
    wanted = sorted({number for number in numbers if number})
    homes: dict[str, set[str]] = {}
    for part in in_parts(wanted, _CHUNK):
        members = Membership.objects.open().filter(household__number__in=part)
        for number, division in members.values_list("household__number", "division").distinct():
            homes.setdefault(number, set()).add(division)
    return [head | homes.get(number, set()) for head, number in zip(standing_of(rows), numbers, strict=True)]


def _check(sheets: Sequence[Sheet], on: date) -> Checked:
    return check_households(sheets, villages_of(sheets), HouseholdLookup(), on)


def _apply(rows: Rows, applying: Applying) -> None:
    record_households(keyed(rows), how_of(applying))


def _undo(applying: Applying) -> dict[str, int]:
    """The members go back; each household lies again where they are."""
    moved = Membership.objects.filter(batch=applying.batch).values_list("household_id", flat=True).distinct()
    households = [key for key in moved if key is not None]
    left = undo(applying)
    place_households(households)
    return left


HOUSEHOLD_LEDGER = Kind(
    code="households",
    title=_("List of households"),
    about=_("Where each household lives, its head, its category; one household a row"),
    columns=HOUSEHOLDS,
    check=_check,
    apply=_apply,
    undo=_undo,
    changes=changes_of(*_STATED),
    who=who_is_meant,
    guarded=guarded_by(*_STATED),
    standing=_standing,
    related="household_no",
    follow=batch_changed,
)
