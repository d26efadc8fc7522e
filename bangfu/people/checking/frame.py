"""The sheets of a file as one frame of texts, and the collecting of what is found in them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from bangfu.intake.checked import Finding, Severity
from bangfu.intake.tables import OWN_LABELS, Cell, Columns, Sheet, label_key, text_of
from bangfu.people.checking.cells import NONE_SAID, each, narrow

SHEET, OTHERS = "sheet", "others"
MONEY = pl.Decimal(12, 2)


class Ledger:
    """All rows of a file.

    `texts` has a column for each field: the cell as text, "" where it is empty, null where the row's sheet
    has no such column; `row` (names), `sheet` (its number), `others` (unknown columns as one text, 序号 left
    out). `numeric[field]` tells which cells the workbook stores as numbers.
    """

    def __init__(self, sheets: Sequence[Sheet], columns: Columns) -> None:
        self.columns = columns
        self.labels = [{name: sheet.label(name) or "" for name in columns.labels} for sheet in sheets]
        frames, numeric = [], []
        for at, sheet in enumerate(sheets):
            frame, numbers = _texts(sheet, at, columns)
            frames.append(frame)
            numeric.append(numbers)
        self.texts = pl.concat(frames)
        self.numeric = pl.concat(numeric)
        self.findings: list[Finding] = []

    def text(self, name: str) -> pl.Series:
        """The cells of a field as found."""
        return self.texts[name]

    def narrowed(self, name: str) -> pl.Series:
        """The cells of a field without white space and full-width characters."""
        return each(self.texts[name], narrow, pl.String)

    def is_filled(self, name: str) -> pl.Series:
        """True where the cell holds more than white space."""
        return self.text(name).str.strip_chars().str.len_chars().fill_null(0) > 0

    def find(
        self,
        where: pl.Series,
        code: str,
        severity: Severity,
        field: str,
        parameters: Callable[[int], Mapping[str, Any]] | None = None,
    ) -> None:
        """Note a finding for each row where `where` is true; `parameters` are asked by row index."""
        for at in where.fill_null(value=False).arg_true().to_list():
            self.find_at(at, code, severity, field, parameters(at) if parameters else {})

    def find_at(
        self, at: int, code: str, severity: Severity, field: str, parameters: Mapping[str, Any] | None = None
    ) -> None:
        """Note a finding for one row; an empty `field` means the whole row."""
        self.findings.append(
            Finding(
                row=self.texts["row"][at],
                column=self.labels[self.texts[SHEET][at]][field] if field else "",
                code=code,
                severity=severity,
                cell=(self.texts[field][at] or "") if field else "",
                parameters=parameters or {},
            )
        )

    def rejected(self) -> set[str]:
        """The names of the rows rejected so far."""
        return {finding.row for finding in self.findings if finding.severity == "rejected"}

    def parsed(self, field: str, answer: Callable[[str], Any], dtype: Any, code: str | None) -> pl.Series:
        """The mended values of a field; filled cells without one are warned about with `code`."""
        values = each(self.narrowed(field), lambda text: answer(text) if text else None, dtype)
        if code:
            self.find(self.is_filled(field) & values.is_null(), code, "warned", field)
        return values.alias(field)

    def phone(self, field: str, answer: Callable[[str], Any]) -> pl.Series:
        """Mobile numbers; 无 counts as empty."""
        texts = each(self.texts[field], narrow_ends, pl.String)
        values = each(texts, answer, pl.String)
        self.find((texts != "") & (texts != NONE_SAID) & values.is_null(), "phone_invalid", "warned", field)
        return values.alias(field)

    def has(self, at: int, field: str) -> bool:
        """True when the sheet of this row has the column (of a value: the column it is read from)."""
        source = SOURCES.get(field, field)
        return source not in self.columns.labels or bool(self.labels[self.texts[SHEET][at]][source])


SOURCES = {
    "division": "village",
    "place": "work_county",
    "wished_place": "plan_county",
    "identified_precision": "identified_on",
    "start_precision": "start",
}
"""Values that are read from a column of another name."""


def narrow_ends(text: str) -> str:
    """Plain width, no white space at the ends; white space inside a telephone number is an error."""
    return narrow(text) if text.strip() and " " not in text.strip() else text.strip()


def optional_text(text: str) -> str | None:
    """None for an empty text."""
    return text or None


def _texts(sheet: Sheet, at: int, columns: Columns) -> tuple[pl.DataFrame, pl.DataFrame]:
    size = len(sheet.numbers)
    texts: dict[str, pl.Series] = {"row": pl.Series(sheet.row_names, dtype=pl.String)}
    numeric: dict[str, pl.Series] = {}
    for name in columns.labels:
        cells = sheet.column(name)
        texts[name], numeric[name] = (
            (pl.Series([None] * size, dtype=pl.String), _nothing(size)) if cells is None else _column(cells)
        )
    texts[SHEET] = pl.Series([at] * size, dtype=pl.Int32)
    texts[OTHERS] = _others(sheet)
    return pl.DataFrame(texts), pl.DataFrame(numeric)


def _nothing(size: int) -> pl.Series:
    return pl.repeat(False, size, dtype=pl.Boolean, eager=True)


def _column(cells: list[Cell]) -> tuple[pl.Series, pl.Series]:
    if all(type(cell) is str for cell in cells):
        return pl.Series(cells, dtype=pl.String), _nothing(len(cells))
    texts = [text_of(cell) for cell in cells]
    numeric = [isinstance(cell, float | int) and not isinstance(cell, bool) for cell in cells]
    return pl.Series(texts, dtype=pl.String), pl.Series(numeric, dtype=pl.Boolean)


def _others(sheet: Sheet) -> pl.Series:
    """The filled cells of unknown columns as one text a row, so that repeats compare them too."""
    unknown = [
        (label, column)
        for label, name, column in zip(sheet.labels, sheet.fields, sheet.columns, strict=True)
        if name is None and label and label_key(label) not in OWN_LABELS
    ]
    joined = [""] * len(sheet.numbers)
    for label, column in sorted(unknown, key=lambda pair: pair[0]):
        for at, cell in enumerate(column):
            text = narrow(text_of(cell))
            if text:
                joined[at] += f"{label}={text}\n"
    return pl.Series(joined, dtype=pl.String)
