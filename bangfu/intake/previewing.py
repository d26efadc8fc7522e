"""The preview of the rows to import: whom each fits on the register, and which cells it would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from bangfu.intake import keeping
from bangfu.intake.kinds import NEW, Kind, Who
from bangfu.intake.models import Batch
from bangfu.intake.words import field_name

PAGE_ROWS = 25


@dataclass(frozen=True)
class ChangedCell:
    """A cell that would change: what it fills, and the words of the old and the new value; `guarded` where a more
    trusted source holds the old one, so that somebody is asked."""

    name: str
    old: str
    new: str
    guarded: bool = False


@dataclass(frozen=True)
class Accepted:
    """One row to import: where it stands in the file, whom it is about, and what it would do."""

    sheet: str
    number: str
    who: Who
    state: str
    cells: Sequence[ChangedCell]


@dataclass(frozen=True)
class AcceptedPage:
    """Some rows to import, `start` of them having come before; `next` is the start of the following page, None
    on the last."""

    rows: Sequence[Accepted]
    start: int
    next: int | None


def accepted_page(batch: Batch, kind: Kind, state: str, start: int) -> AcceptedPage:
    """A page of the rows to import, all or those of one state; compared with the register as it is now."""
    rows: list[dict[str, object]] = []
    for before, frame in keeping.accepted_rows(batch, state):
        skipped = max(start - before, 0)
        if skipped < frame.height:
            rows += frame.slice(skipped, PAGE_ROWS + 1 - len(rows)).to_dicts()
        if len(rows) > PAGE_ROWS:
            break
    shown = rows[:PAGE_ROWS]
    following = start + PAGE_ROWS if len(rows) > PAGE_ROWS else None
    if not shown or kind.changes is None or kind.who is None:
        return AcceptedPage([_line(row, Who(""), "", ()) for row in shown], start, following)
    changes = kind.changes(shown, batch.acted_on)
    whose = kind.who(shown, changes)
    guarded = kind.guarded(shown, changes, batch.acted_on) if kind.guarded else [frozenset()] * len(shown)
    lines = [
        _line(
            row, who, change.state,
            [ChangedCell(field_name(cell.column), cell.old, cell.new, cell.column in held) for cell in change.cells],
        )
        for row, who, change, held in zip(shown, whose, changes, guarded, strict=True)
    ]  # fmt: skip
    return AcceptedPage(lines, start, following)


def _line(row: dict[str, object], who: Who, state: str, cells: Sequence[ChangedCell]) -> Accepted:
    sheet, _, number = str(row["row"]).rpartition("!")
    return Accepted(sheet, number, who, state, cells)


def states_of(batch: Batch) -> list[tuple[str, int]]:
    """The states of the rows to import with their counts, those that occur."""
    order = (NEW, *(state for state in batch.tally if state != NEW))
    return [(state, batch.tally[state]) for state in order if batch.tally.get(state)]
