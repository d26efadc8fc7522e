"""Find the village of each roster row and the county of each place of work, once a distinct wording."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from bangfu.divisions.naming import Ambiguous, Found, Result, Unknown
from bangfu.intake.tables import Cell, Sheet, text_of
from bangfu.people.checking.frame import Ledger

HOME = ("province", "city", "county", "town", "village")
WORK = ("work_province", "work_city", "work_county")


class CountyLookup(Protocol):
    """Finds counties by name; `divisions.naming.DivisionIndex` does."""

    def county(self, province: str | None, city: str | None, county: str | None) -> Result:
        """The county that the names lead to."""
        ...


class DivisionLookup(CountyLookup, Protocol):
    """Finds counties, and villages within them."""

    def village(self, county_code: str, town: str | None, village: str | None) -> Result:
        """The village of that name in that town of the county."""
        ...


def counties_of(sheets: Sequence[Sheet], divisions: CountyLookup) -> list[str]:
    """The codes of the counties that a roster speaks of, to know whose villages must be loaded."""
    wordings = set()
    for sheet in sheets:
        nothing: list[Cell | None] = [None] * len(sheet.numbers)
        wordings.update(zip(*(sheet.column(name) or nothing for name in HOME[:3]), strict=True))
    results = [divisions.county(*(cell if cell is None else text_of(cell) for cell in said)) for said in wordings]
    return sorted({result.code for result in results if isinstance(result, Found)})


def home_divisions(ledger: Ledger, divisions: DivisionLookup) -> pl.Series:
    """The 12-digit village code of each row; null and a finding where there is none or more than one."""

    def find(wording: tuple[str | None, ...]) -> Result:
        county = divisions.county(*wording[:3])
        return divisions.village(county.code, *wording[3:]) if isinstance(county, Found) else county

    wordings = ledger.texts.select(HOME).rows()
    results = {wording: find(wording) for wording in set(wordings)}
    codes = _codes(results, wordings, "division")
    for at in codes.is_null().arg_true().to_list():
        result = results[wordings[at]]
        if isinstance(result, Ambiguous):
            ledger.find_at(at, "division_ambiguous", "rejected", "village", {"candidates": result.candidates})
        else:
            ledger.find_at(at, "division_unknown", "rejected", "village", _where(wordings[at]))
    return codes


def work_places(ledger: Ledger, divisions: CountyLookup, fields: Sequence[str] = WORK) -> pl.Series:
    """The county code of each place of work; null and a warning where a filled place leads to no one
    county.
    """
    wordings = ledger.texts.select(fields).rows()
    results: dict[tuple[Any, ...], Result] = {}
    for wording in set(wordings):
        is_filled = any(text and text.strip() for text in wording)
        results[wording] = divisions.county(*wording) if is_filled else Unknown()
    codes = _codes(results, wordings, "place")
    for at in codes.is_null().arg_true().to_list():
        if any(text and text.strip() for text in wordings[at]):
            result = results[wordings[at]]
            candidates = result.candidates if isinstance(result, Ambiguous) else ()
            ledger.find_at(at, "place_unknown", "warned", fields[-1], {"candidates": candidates})
    return codes


def _codes(results: Mapping[Any, Result], wordings: Sequence[Any], name: str) -> pl.Series:
    codes = {key: result.code if isinstance(result, Found) else None for key, result in results.items()}
    return pl.Series(name, [codes[wording] for wording in wordings], dtype=pl.String)


def _where(wording: Sequence[str | None]) -> dict[str, str]:
    return {field: text for field, text in zip(HOME, wording, strict=True) if text}
