"""What a check of a ledger says: the mended rows, which of them count, and every finding with its reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import polars as pl

REPEATS = ("duplicate_row", "duplicate_differs")
Severity = Literal["rejected", "warned"]


class Report(TypedDict):
    """The report of an import: how many rows count, and the codes of the others by row name."""

    accepted: int
    rejected: dict[str, list[str]]
    warned: dict[str, list[str]]


@dataclass(frozen=True)
class Finding:
    """One fault of one cell: `row` as `sheet!row`, `column` as written in the file, `cell` its text as
    found.

    `column` is empty where the whole row is meant. `parameters` hold what a message may offer: `fix`, the
    value that would be right; `candidates`, pairs of code and name; `first`, the row that stays.
    """

    row: str
    column: str
    code: str
    severity: Severity
    cell: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    `rows`: one line a row of the file, in its order, with the mended typed values; null where the cell is
    empty, unusable, or the column is missing. `accepted`: true for the rows neither rejected nor repeated.
    """

    rows: pl.DataFrame
    accepted: pl.Series
    rejected: dict[str, list[str]]
    warned: dict[str, list[str]]
    findings: list[Finding]

    def report(self) -> Report:
        """The report in the shape of the expected files: codes sorted, rows in the file's order."""
        return {"accepted": int(self.accepted.sum()), "rejected": self.rejected, "warned": self.warned}


def checked(rows: pl.DataFrame, findings: Iterable[Finding]) -> Checked:
    """A `Checked` from the rows (with a column `row`, the row names) and what was found in them."""
    found = list(findings)
    names: list[str] = rows["row"].to_list()
    place = {name: at for at, name in enumerate(names)}
    found.sort(key=lambda finding: (place[finding.row], finding.code))
    rejected = _codes(found, "rejected")
    out = set(rejected) | {finding.row for finding in found if finding.code in REPEATS}
    return Checked(
        rows=rows,
        accepted=pl.Series("accepted", [name not in out for name in names], dtype=pl.Boolean),
        rejected=rejected,
        warned=_codes(found, "warned"),
        findings=found,
    )


def keep_inside(
    whole: Checked, ranges: Sequence[tuple[str, str]], standing: Sequence[Collection[str]] | None = None
) -> Checked:
    """The same check with the rows rejected (`outside_area`) that lie in none of the half-open ranges: by their
    `division`, or by `standing`, where those whom each row touches stand on the register.

    Of a row whose person stands outside nothing else is said, for it would tell what the register holds of a
    person whom the sender may not see. A kind of ledger without places or persons stays as it is.
    """
    names: list[str] = whole.rows["row"].to_list()
    places: list[str | None] = [None] * len(names)
    if "division" in whole.rows.columns:
        places = whole.rows["division"].to_list()
    named = {name for name, code in zip(names, places, strict=True) if _is_outside(code, ranges)}
    hidden = {
        name
        for name, codes in zip(names, standing or (), strict=False)
        if any(_is_outside(code, ranges) for code in codes)
    }
    if not named | hidden:
        return whole
    kept = [finding for finding in whole.findings if finding.row not in hidden]
    found = [Finding(name, "", "outside_area", "rejected", "") for name in names if name in named | hidden]
    return checked(whole.rows, [*kept, *found])


def _is_outside(code: str | None, ranges: Sequence[tuple[str, str]]) -> bool:
    return code is not None and not any(low <= code < high for low, high in ranges)


def _codes(findings: list[Finding], severity: Severity) -> dict[str, list[str]]:
    codes: dict[str, set[str]] = {}
    for finding in findings:
        if finding.severity == severity:
            codes.setdefault(finding.row, set()).add(finding.code)
    return {row: sorted(found) for row, found in codes.items()}
