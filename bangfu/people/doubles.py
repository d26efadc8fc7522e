"""Reading probable duplicates: lines of the list, and two rows side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bangfu.divisions.queries import full_names_of
from bangfu.divisions.ranges import COUNTY
from bangfu.people import identity
from bangfu.people.facts_shown import Line as FactLine
from bangfu.people.facts_shown import facts_held
from bangfu.people.models import Duplicate, Merge, Person, Standing

OPEN = "open"
_NAMES: dict[str, Promise] = {
    "name": _("Name"), "born": _("Born on"), "place": _("Place"), "phone": _("Telephone"), "sex": _("Sex"),
}  # fmt: skip
_LEVELS: dict[str, Promise] = {
    "same": _("the same"), "sound": _("reads alike"), "close": _("nearly the same"), "other": _("different"),
    "unknown": _("unknown"), "household": _("the same household"), "village": _("the same village"),
    "town": _("the same town"), "county": _("the same county"), "one_character": _("one character differs"),
    "year": _("the same year only"),
}  # fmt: skip
_ALIKE, _NEAR = {"same", "household"}, {"sound", "close", "village", "one_character"}


@dataclass(frozen=True)
class Reason:
    """One comparison in words, and its colour: green alike, amber near, grey else."""

    name: Promise
    level: Promise
    colour: str


@dataclass(frozen=True)
class Line:
    """One pair of the list."""

    row: Duplicate
    villages: tuple[str, str]
    reasons: Sequence[Reason]
    percent: str


@dataclass(frozen=True)
class Side:
    """One of two rows: who it is, where it stands, and all that is believed of it."""

    person: Person
    standing: Standing | None
    village: str
    id_masked: str
    facts: Sequence[FactLine]


def lines_of(rows: Sequence[Duplicate]) -> list[Line]:
    """The pairs with their villages and reasons in words."""
    persons = {person.pk for row in rows for person in (row.first, row.second)}
    standings = dict(Standing.objects.filter(person__in=persons).values_list("person_id", "division"))
    names = full_names_of(standings.values(), above=COUNTY)
    return [
        Line(
            row,
            (names.get(standings.get(row.first_id, ""), ""), names.get(standings.get(row.second_id, ""), "")),
            reasons_in_words(row.reasons),
            f"{row.likelihood / 10:.1f}",
        )
        for row in rows
    ]


def reasons_in_words(levels: Mapping[str, str]) -> list[Reason]:
    """The level of each comparison (likeness.levels_met) in words."""
    return [_reason(name, level) for name, level in levels.items() if name in _NAMES]


def _reason(name: str, level: str) -> Reason:
    colour = "st-green" if level in _ALIKE else "st-amber" if level in _NEAR else ""
    return Reason(_NAMES[name], _LEVELS.get(level, _LEVELS["unknown"]), colour)


def compared(row: Duplicate, hidden: Sequence[str]) -> tuple[Side, Side]:
    """Both rows with everything that is believed of them but what is hidden (facts_shown.hidden_from)."""
    return _side(row.first, hidden), _side(row.second, hidden)


def _side(person: Person, hidden: Sequence[str]) -> Side:
    standing = Standing.objects.select_related("household").filter(person=person).first()
    village = full_names_of([standing.division], above=COUNTY).get(standing.division, "") if standing else ""
    return Side(
        person, standing, village, identity.masked_id(identity.id_number(person)), facts_held(person, without=hidden)
    )


def merged_by(row: Duplicate) -> Merge | None:
    """The standing merge of the two rows, None where they are apart."""
    pair = [row.first_id, row.second_id]
    return Merge.objects.filter(kept__in=pair, gone__in=pair, undone_at__isnull=True).first()


def merges_into(person: int) -> list[Merge]:
    """The rows that were made one with this person, newest first; those taken back are left out."""
    return list(Merge.objects.filter(kept=person, undone_at__isnull=True).select_related("gone", "by").order_by("-at"))
