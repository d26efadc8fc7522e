"""The ledgers of people: rosters, full rosters, and sheets of changes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from bangfu.divisions.queries import index_of
from bangfu.intake.checked import Checked
from bangfu.intake.kinds import Applying, Kind
from bangfu.intake.tables import Sheet
from bangfu.people import comparing
from bangfu.people.actions import register_within
from bangfu.people.bulk_edits import EditLookup, edit_changes, edit_people
from bangfu.people.checking import columns
from bangfu.people.checking.edits import EDITS as EDIT_COLUMNS
from bangfu.people.checking.edits import check_edits
from bangfu.people.checking.roster import check_roster
from bangfu.people.facts_base import Source
from bangfu.people.full_lists import close_full_list, drop_entries, note_listed
from bangfu.people.ledgers import how_of, keyed, known_of, standing_of, undo, villages_of
from bangfu.people.models import Category, Condition, Contact, Income, Intent, Membership
from bangfu.people.register_lookup import FullListLookup, RegisterLookup
from bangfu.people.stated import Stated, guarded_by
from bangfu.people.watchers import batch_changed


def _check_roster(sheets: Sequence[Sheet], on: date) -> Checked:
    return check_roster(sheets, villages_of(sheets), RegisterLookup(), on)


def _apply_roster(rows: Sequence[Mapping[str, Any]], applying: Applying) -> None:
    register_within(rows, how_of(applying))


def _check_full_roster(sheets: Sequence[Sheet], on: date) -> Checked:
    return check_roster(sheets, villages_of(sheets), FullListLookup(), on)


def _apply_full_roster(rows: Sequence[Mapping[str, Any]], applying: Applying) -> None:
    note_listed(register_within(rows, how_of(applying)).values(), applying.batch)


def _finish_full_roster(applying: Applying) -> None:
    close_full_list(applying.batch, applying.name, how_of(applying))


def _undo_full_roster(applying: Applying) -> dict[str, int]:
    drop_entries(applying.batch)
    return undo(applying)


def _check_edits(sheets: Sequence[Sheet], on: date) -> Checked:
    return check_edits(sheets, index_of(), EditLookup(), on)


def _apply_edits(rows: Sequence[Mapping[str, Any]], applying: Applying) -> None:
    edit_people(keyed(rows), how_of(applying, Source.OFFICER))


_STATED = (
    Stated(Membership, {"division": "division", "relation": "relation"}),
    Stated(Condition, {name: name for name in ("education", "health", "labour_capacity")}),
    Stated(Intent, {"will_work": "will_work", "will_train": "will_train"}),
    Stated(Category, {"category": "kind", "risk": "risk"}),
    Stated(Contact, {"phone": "phone_index"}),
    Stated(Income, {"income_per_head": "per_head_amount"}),
)

ROSTER = Kind(
    code="roster",
    title=_("Roster of persons and households"),
    about=_("Members of lifted and monitored households, one person a row"),
    columns=columns.ROSTER,
    check=_check_roster,
    apply=_apply_roster,
    undo=undo,
    changes=comparing.roster_changes,
    guarded=guarded_by(*_STATED),
    who=comparing.who_is_meant,
    known=known_of,
    standing=standing_of,
    related="id_number",
    follow=batch_changed,
)

FULL_ROSTER = replace(
    ROSTER,
    code="full_roster",
    title=_("Full list of persons and households"),
    about=_("Everybody of the programme in the towns it names: who is missing from it becomes a finding"),
    check=_check_full_roster,
    apply=_apply_full_roster,
    finish=_finish_full_roster,
    undo=_undo_full_roster,
)

EDITS = Kind(
    code="edits",
    title=_("Changes to many persons"),
    about=_("End or begin a job, wage, wishes, telephone, helper: one change a row"),
    columns=EDIT_COLUMNS,
    check=_check_edits,
    apply=_apply_edits,
    undo=undo,
    changes=edit_changes,
    who=comparing.who_is_meant,
    standing=standing_of,
    related="id_number",
    follow=batch_changed,
)
