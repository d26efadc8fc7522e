"""From a grid of cells to a sheet with known columns: find the header, drop what is no row."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice

from bangfu.intake.failures import BadLedger

Cell = str | float | int | bool | date | datetime | time | timedelta
"""A cell as the file has it: text in a text cell, a number in a number cell, "" where it is empty."""

HEADER_WITHIN = 40
"""A header stands among the first rows of a sheet."""
LEAST_LABELS = 3
"""Known column names that make a row a header."""
LEAST_SECOND_LABELS = 2
"""Known column names that make the row right below the header a second header."""
LONGEST_LABEL = 40
MOST_ANSWERS = 5_000
"""Column names looked up before, kept for the next row."""
NOT_A_ROW = ("小计", "合计", "填报人", "审核人")
MOST_CELLS_OF_A_TOTAL = 2
RUNNING_NUMBER = "序号"
EXAMPLE = "示例"
"""What a template writes as the running number of the row that only shows how to fill it in."""
OWN_LABELS = frozenset({RUNNING_NUMBER, "行", "原因", "Row", "Why"})
"""Columns of our own workbook of rejected rows, and the running number: nothing that a row says."""
DATA_WIDTH = 5
"""More filled cells in one row than notes and legends have."""

LEAST_LACK_OF_A_SUMMARY = 2
"""Required columns that a sheet of figures by town or village does not have: at least name and ID number."""
LEAST_ID_NUMBER = 10**14
"""A number cell of 15 digits or more was an ID number."""

_long_number = re.compile(r"[0-9０-９]{14}|^[0-9A-Z]{18}$|\dE\+?1[4-9]$")
_bracketed = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of ledger: the names each field goes by, the official one first, and the fields it cannot
    do without.

    The rest is for the workbook to fill in: the values of a column with a list, the columns of dates, of amounts
    and of numbers that must stay text, and the cells of an example.
    """

    labels: Mapping[str, Sequence[str]]
    required: frozenset[str] = frozenset()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    dates: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    example: Mapping[str, str] = field(default_factory=dict)
    _fields: dict[str, str] = field(init=False, repr=False, compare=False)
    _beginnings: frozenset[str] = field(init=False, repr=False, compare=False)
    _answers: dict[str, str | None] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        known = {label_key(label): name for name, labels in self.labels.items() for label in labels}
        object.__setattr__(self, "_fields", known)
        object.__setattr__(self, "_beginnings", frozenset(key[0] for key in known) | {"*", "＊"})

    @cached_property
    def texts_known(self) -> frozenset[str]:
        """All column names as they are written here."""
        return frozenset(label for labels in self.labels.values() for label in labels)

    def field_of(self, label: Cell) -> str | None:
        """The field a column name stands for, None for a name that is not known.

        Spaces, width, a leading asterisk and a unit in brackets do not matter.
        """
        if not isinstance(label, str) or len(label) > LONGEST_LABEL:
            return None
        text = label.strip()
        if text[:1] not in self._beginnings:  # most cells of a ledger end here: every row is asked
            return None
        if text not in self._answers:
            if len(self._answers) > MOST_ANSWERS:
                self._answers.clear()
            key = label_key(text)
            self._answers[text] = self._fields.get(key) or self._fields.get(_bracketed.sub("", key))
        return self._answers[text]


@dataclass(frozen=True)
class Grid:
    """Cells of one sheet as stored: `rows[i]` has the sheet's row number `numbers[i]` and may be short.

    `spans` are merged areas as (first row, last row, column), in indices of `rows`; `is_hidden` sheets may be
    lists for drop-down boxes.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    numbers: Sequence[int]
    spans: Sequence[tuple[int, int, int]] = ()
    is_hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet, by column.

    `labels` are the column names as written, `fields` what they stand for (None: unknown, or a name
    repeated), `columns` the cells (one list a column, all of `len(numbers)`), `numbers` the sheet's own row
    numbers.
    """

    name: str
    header_row: int
    labels: tuple[str, ...]
    fields: tuple[str | None, ...]
    columns: tuple[list[Cell], ...]
    numbers: tuple[int, ...]
    is_chosen: bool = False

    @property
    def keys(self) -> list[str]:
        """The column names, each once: a name that stands again is told apart by its number in brackets."""
        return keys_of(self.labels)

    @property
    def header(self) -> tuple[str, ...]:
        """The column names as written, in the file's order."""
        return self.labels

    @property
    def row_names(self) -> list[str]:
        """`sheet!row` of each row."""
        return [f"{self.name}!{number}" for number in self.numbers]

    def column(self, name: str) -> list[Cell] | None:
        """The cells of a field; None where the sheet has no such column."""
        return self.columns[self.fields.index(name)] if name in self.fields else None

    def raw_rows(self, names: Collection[str]) -> Iterator[tuple[str, dict[str, str]]]:
        """Name and cells (`keys` to text, as the file has them) of the rows whose name is asked for."""
        keys = self.keys
        for at, name in enumerate(self.row_names):
            if name in names:
                yield name, {key: text_of(column[at]) for key, column in zip(keys, self.columns, strict=True)}

    def label(self, name: str) -> str | None:
        """The column name of a field as written; None where the sheet has no such column."""
        return self.labels[self.fields.index(name)] if name in self.fields else None


def keys_of(labels: Sequence[str]) -> list[str]:
    """Column names made distinct."""
    return [label if label not in labels[:at] else f"{label} ({at + 1})" for at, label in enumerate(labels)]


def labels_key(labels: Sequence[str]) -> str:
    """One text for a set of column names, in whatever order they stand."""
    keys = sorted(label_key(key) for key in keys_of(labels))
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days as YYYY-MM-DD, text untouched."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else str(cell)
    return str(cell)


def label_key(label: str) -> str:
    """A column name without white space, width differences, a leading asterisk and a closing colon."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", label)).lstrip("*").rstrip(":*")


Choices = Mapping[str, Mapping[str, str | None]]
"""What an office said columns fill: by `labels_key`, the field of each key of `Sheet.keys` (None: not imported)."""


def sheets_of(grids: Sequence[Grid], columns: Columns, choices: Choices | None = None) -> list[Sheet]:
    """The sheets with rows. Empty sheets, hidden lists, pages of notes and summaries are passed over.

    Raises `header_missing`, `two_header_rows`, `columns_missing`, `no_rows`.
    """
    chosen = choices or {}
    sheets: list[Sheet] = []
    without_header: list[Grid] = []
    has_header = False
    lacking: list[tuple[Grid, list[str]]] = []
    for grid in grids:
        at = _chosen_header(grid, chosen)
        at = find_header(grid, columns) if at is None else at
        if at is None:
            without_header.append(grid)
            continue
        sheet, has_header = read_sheet(grid, at, columns, chosen), True
        if sheet.numbers:
            missing = sorted(columns.required - set(sheet.fields))
            if missing:
                lacking.append((grid, missing))
            else:
                sheets.append(sheet)
    for grid, missing in lacking:
        if _has_data(grid) or not sheets or len(missing) < LEAST_LACK_OF_A_SUMMARY:
            raise BadLedger("columns_missing", sheet=grid.name, columns=[columns.labels[name][0] for name in missing])
    for grid in without_header:
        if _has_data(grid) if has_header else _is_filled(grid):
            raise BadLedger("header_missing", sheet=grid.name)
    if not sheets:
        raise BadLedger("no_rows")
    return sheets


def sheets_to_choose(grids: Sequence[Grid], columns: Columns, choices: Choices | None = None) -> list[Sheet]:
    """The sheets that somebody meant to hand in, though columns that the kind needs are missing or no row holds
    enough known names: what the clerk is asked to choose the columns of. Empty where there is nothing to ask about.
    """
    found = []
    for grid in grids:
        at = _chosen_header(grid, choices or {})
        try:
            at = find_header(grid, columns) if at is None else at
        except BadLedger:
            return []
        if at is None and _has_data(grid):
            at = _likely_header(grid)
        if at is not None:
            found.append((_has_data(grid), read_sheet(grid, at, columns, choices or {})))
    with_rows = [(is_meant, sheet) for is_meant, sheet in found if sheet.numbers]
    return [sheet for is_meant, sheet in with_rows if is_meant] or [sheet for _, sheet in with_rows]


def _chosen_header(grid: Grid, choices: Choices) -> int | None:
    """The row whose column names an office chose the fields of before."""
    for at, row in enumerate(grid.rows[:HEADER_WITHIN] if choices else ()):
        labels = [str(cell).strip() for cell in _trimmed(row)]
        if len(labels) >= LEAST_LABELS and labels_key(labels) in choices:
            return at
    return None


def _likely_header(grid: Grid) -> int | None:
    """The row with the most short texts that are no numbers, among the first; None where none has three."""
    counts = [
        sum(isinstance(cell, str) and 0 < len(cell.strip()) <= LONGEST_LABEL and not _is_number_of_somebody(cell)
            and not any(character.isdecimal() for character in cell) for cell in row)
        for row in grid.rows[:HEADER_WITHIN]
    ]  # fmt: skip
    most = max(counts, default=0)
    return counts.index(most) if most >= LEAST_LABELS else None


def find_header(grid: Grid, columns: Columns) -> int | None:
    """The index of the header row: the first with the most known column names, None where none has enough.

    Raises `two_header_rows` when the next row holds column names too, or a later row holds as many again.
    """
    counts = [_known(row, columns) for row in grid.rows[:HEADER_WITHIN]]
    most = max(counts, default=0)
    if most < min(LEAST_LABELS, len(columns.labels)):
        return None
    at = counts.index(most)
    labels = columns.texts_known | {cell for cell in grid.rows[at] if isinstance(cell, str) and cell}
    # a hundred thousand rows are only asked whether they hold one of these texts at all
    counts += [0 if labels.isdisjoint(row) else _known(row, columns) for row in grid.rows[HEADER_WITHIN:]]
    others = [
        index
        for index, count in enumerate(counts)
        if index != at and (count >= LEAST_LABELS or (count >= LEAST_SECOND_LABELS and abs(index - at) == 1))
    ]
    if others:
        raise BadLedger(
            "two_header_rows", sheet=grid.name, rows=sorted(grid.numbers[index] for index in (at, others[0]))
        )
    return at


def fields_of(labels: Sequence[str], columns: Columns, choices: Choices) -> tuple[tuple[str | None, ...], bool]:
    """What each column fills (None: nothing), and whether an office said so; a field is filled once."""
    said = choices.get(labels_key(labels)) if choices else None
    if said is None:
        names = [columns.field_of(label) for label in labels]
    else:
        names = [name if (name := said.get(key)) in columns.labels else None for key in keys_of(labels)]
    fields: list[str | None] = []
    for name in names:
        fields.append(None if name in fields else name)
    return tuple(fields), said is not None


def read_sheet(grid: Grid, header: int, columns: Columns, choices: Choices | None = None) -> Sheet:
    """The rows below the header; blank ones, totals and the example of a template left out, merged cells filled in."""
    labels = tuple(str(cell).strip() for cell in _trimmed(grid.rows[header]))
    fields, is_chosen = fields_of(labels, columns, choices or {})
    ignored = {at for at, label in enumerate(labels) if label_key(label) == RUNNING_NUMBER}
    kept = [at for at in range(header + 1, len(grid.rows)) if _is_row(grid.rows[at], ignored)]
    filled = _fill_spans(grid, header, len(labels))
    cells = _columns_of([grid.rows[at] for at in kept], kept, filled, len(labels))
    return Sheet(
        name=grid.name,
        header_row=grid.numbers[header],
        labels=labels,
        fields=fields,
        columns=cells,
        numbers=tuple(grid.numbers[at] for at in kept),
        is_chosen=is_chosen,
    )


def _columns_of(
    rows: Sequence[Sequence[Cell]], places: Sequence[int], filled: Mapping[tuple[int, int], Cell], width: int
) -> tuple[list[Cell], ...]:
    """The cells of the rows by column, as many columns as the header has."""
    if not filled and rows and min(map(len, rows)) >= width:
        return tuple(map(list, islice(zip(*rows, strict=False), width)))
    return tuple(
        [_cell(filled.get((at, column)), row, column) for at, row in zip(places, rows, strict=True)]
        for column in range(width)
    )


def _fill_spans(grid: Grid, header: int, width: int) -> dict[tuple[int, int], Cell]:
    """The value of each cell covered by a merged area below the header."""
    filled: dict[tuple[int, int], Cell] = {}
    for first, last, column in grid.spans:
        if first > header and last > first and column < width and first < len(grid.rows):
            value = _cell(None, grid.rows[first], column)
            filled.update({(at, column): value for at in range(first, min(last + 1, len(grid.rows)))})
    return filled


def _cell(filled: Cell | None, row: Sequence[Cell], column: int) -> Cell:
    if filled is not None:
        return filled
    return row[column] if column < len(row) else ""


def is_filled(cell: Cell) -> bool:
    """True for a cell that holds more than white space."""
    return bool(cell.strip()) if isinstance(cell, str) else True


def is_total(row: Sequence[Cell]) -> bool:
    """True for a line of totals or signatures: at most two filled cells, one of which says so."""
    filled = list(islice(filter(is_filled, row), MOST_CELLS_OF_A_TOTAL + 1))
    return len(filled) <= MOST_CELLS_OF_A_TOTAL and any(
        word in re.sub(r"\s", "", cell) for cell in filled if isinstance(cell, str) for word in NOT_A_ROW
    )


def _is_row(row: Sequence[Cell], ignored: set[int]) -> bool:
    """A running number alone is no row, and beside a total it does not count; it may itself say the total."""
    if any(at < len(row) and isinstance(row[at], str) and str(row[at]).strip() == EXAMPLE for at in ignored):
        return False
    enough = len(ignored) + MOST_CELLS_OF_A_TOTAL + 1
    if len(list(islice(filter(is_filled, row), enough))) == enough:  # most rows end here: no total is so full
        return True
    counted = [cell for at, cell in enumerate(row) if at not in ignored] if ignored else row
    return any(map(is_filled, counted)) and not is_total(counted) and not is_total(row)


def _known(row: Sequence[Cell], columns: Columns) -> int:
    return len({columns.field_of(cell) for cell in row if cell != ""} - {None})


def _trimmed(row: Sequence[Cell]) -> list[Cell]:
    cells = list(row)
    while cells and not is_filled(cells[-1]):
        cells.pop()
    return cells


def _is_filled(grid: Grid) -> bool:
    return any(is_filled(cell) for row in grid.rows for cell in row)


def _has_data(grid: Grid) -> bool:
    """True for a sheet that somebody meant to hand in: wide rows with a number of a person or an employer."""
    return not grid.is_hidden and any(
        sum(map(is_filled, row)) >= DATA_WIDTH and any(map(_is_number_of_somebody, row)) for row in grid.rows
    )


def _is_number_of_somebody(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _long_number.search(re.sub(r"\s", "", cell)) is not None
    return isinstance(cell, float | int) and cell >= LEAST_ID_NUMBER
