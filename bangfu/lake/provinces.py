"""Which part of a snapshot a row lies in: the province where its person was last registered.

Rules look at one person or household at a time, so a country is judged province by province in bounded memory. All
rows of a person lie in one part, whatever the day they speak of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

NOWHERE = "00"
"""The part of rows that speak of no person, or of one whose place is not known."""


class Provinces:
    """The province of every person, as two-digit code."""

    def __init__(self, persons: NDArray[np.int64], codes: NDArray[np.int8]) -> None:
        self._persons = persons  # rising, each once
        self._codes = codes

    @classmethod
    def of(cls, memberships: Iterable[pa.RecordBatch]) -> Provinces:
        """By the membership that began last; batches have the columns person, division and valid_from."""
        persons, codes, days = [np.empty(0, np.int64)], [np.empty(0, np.int8)], [np.empty(0, np.int32)]
        for batch in memberships:
            persons.append(batch["person"].to_numpy(zero_copy_only=False))
            codes.append(_codes(batch["division"]))
            days.append(batch["valid_from"].cast(pa.int32()).to_numpy(zero_copy_only=False))
        person, code, day = np.concatenate(persons), np.concatenate(codes), np.concatenate(days)
        order = np.lexsort((code, day, person))
        person, code = person[order], code[order]
        is_last = np.append(person[1:] != person[:-1], True)[: len(person)]
        return cls(person[is_last], code[is_last])

    def split(self, batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
        """The rows of a batch by part; a table without the column `person` lies in NOWHERE."""
        if not batch.num_rows:
            return
        if "person" not in batch.schema.names or not len(self._persons):
            yield NOWHERE, batch
            return
        persons = batch["person"].to_numpy(zero_copy_only=False)
        at = np.minimum(np.searchsorted(self._persons, persons), len(self._persons) - 1)
        codes = np.where(self._persons[at] == persons, self._codes[at], np.int8(0))
        present = np.unique(codes)
        for code in present:
            yield f"{code:02d}", batch if len(present) == 1 else batch.filter(pa.array(codes == code))


def _codes(divisions: pa.Array) -> NDArray[np.int8]:
    digits = pc.utf8_slice_codeunits(divisions, 0, 2)
    known = pc.if_else(pc.match_substring_regex(digits, "^[0-9]{2}$"), digits, NOWHERE)
    return np.asarray(pc.fill_null(known, NOWHERE).cast(pa.int8()).to_numpy(zero_copy_only=False))
