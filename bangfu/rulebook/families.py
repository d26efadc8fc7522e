"""Families of values: what may be compared with what. The engines cast in silence and not alike."""

from __future__ import annotations

import re

TEXT, INTEGER, DECIMAL, DATE, STAMP, TRUTH, NULL = (
    "text", "integer", "decimal", "date", "stamp", "truth", "null",
)  # fmt: skip
NUMBER = "number"  # what a function may ask for: integer or decimal

_COLUMN_TYPES = {
    "VARCHAR": TEXT,
    "BIGINT": INTEGER,
    "INTEGER": INTEGER,
    "DATE": DATE,
    "TIMESTAMP": STAMP,
    "BOOLEAN": TRUTH,
}
_DECIMAL_TYPE = re.compile(r"DECIMAL\([0-9]{1,2},[0-9]{1,2}\)")


def family_of(column_type: str) -> str | None:
    """The family of a column type of the lake or of a fact view; None where rules know no such type."""
    if _DECIMAL_TYPE.fullmatch(column_type):
        return DECIMAL
    return _COLUMN_TYPES.get(column_type)


def joined(one: str, other: str) -> str | None:
    """The family of two values that stand side by side (compared, added, branches of a CASE), or None."""
    if one == NULL:
        return other
    if other in (one, NULL):
        return one
    if {one, other} == {INTEGER, DECIMAL}:
        return DECIMAL
    return None


def accepts(wanted: str, given: str) -> bool:
    """True where an argument of family `given` may stand for one declared as `wanted`."""
    if wanted == NUMBER:
        return given in (INTEGER, DECIMAL)
    return given == wanted or (wanted == DECIMAL and given == INTEGER)
