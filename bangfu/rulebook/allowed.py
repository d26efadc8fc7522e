"""The operators and engine functions that a condition may use: same value, NULL and type on both engines."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from bangfu.rulebook.families import DATE, DECIMAL, INTEGER, TEXT, TRUTH

COMPARE: dict[type[exp.Expr], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM", exp.NullSafeNEQ: "IS DISTINCT FROM",
}  # fmt: skip
ARITHMETIC: dict[type[exp.Expr], str] = {exp.Mul: "*", exp.Mod: "%", exp.IntDiv: "//"}
SHIFT: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-"}

# name, argument slots, families of the arguments, family of the value ("same": that of the first argument)
FUNCTIONS: dict[type[exp.Expr], tuple[str, tuple[str, ...], tuple[str, ...], str]] = {
    exp.StartsWith: ("starts_with", ("this", "expression"), (TEXT, TEXT), TRUTH),
    exp.EndsWith: ("ends_with", ("this", "expression"), (TEXT, TEXT), TRUTH),
    exp.Contains: ("contains", ("this", "expression"), (TEXT, TEXT), TRUTH),
    exp.Length: ("length", ("this",), (TEXT,), INTEGER),
    exp.Upper: ("upper", ("this",), (TEXT,), TEXT),
    exp.Lower: ("lower", ("this",), (TEXT,), TEXT),
    exp.Trim: ("trim", ("this",), (TEXT,), TEXT),
    exp.Replace: ("replace", ("this", "expression", "replacement"), (TEXT, TEXT, TEXT), TEXT),
    exp.Abs: ("abs", ("this",), ("number",), "same"),
    exp.Floor: ("floor", ("this",), (DECIMAL,), DECIMAL),
    exp.Ceil: ("ceil", ("this",), (DECIMAL,), DECIMAL),
    exp.LastDay: ("last_day", ("this",), (DATE,), DATE),
    exp.Year: ("year", ("this",), (DATE,), INTEGER),
    exp.Month: ("month", ("this",), (DATE,), INTEGER),
    exp.Day: ("day", ("this",), (DATE,), INTEGER),
    exp.Quarter: ("quarter", ("this",), (DATE,), INTEGER),
    exp.DateFromParts: ("make_date", ("year", "month", "day"), (INTEGER, INTEGER, INTEGER), DATE),
    exp.MD5: ("md5", ("this",), (TEXT,), TEXT),
}
WHOLE = re.compile(r"[0-9]{1,18}")
FRACTION = re.compile(r"[0-9]{1,12}\.[0-9]{1,4}")


def is_never_zero(node: Any) -> bool:
    """True for a number other than 0 and for NULLIF(…, 0): a division by 0 would stop a whole night."""
    if isinstance(node, exp.Nullif):
        return isinstance(node.expression, exp.Literal) and str(node.expression.this) == "0"
    return isinstance(node, exp.Literal) and not node.is_string and bool(str(node.this).strip("0."))


def is_whole(node: Any) -> bool:
    """True for floor(), ceil() and round(…, 0): cast from these, both engines give the same whole number."""
    if isinstance(node, exp.Paren):
        return is_whole(node.this)
    if isinstance(node, exp.Round):
        digits = node.args.get("decimals")
        return digits is None or str(digits.this) == "0"
    return isinstance(node, exp.Floor | exp.Ceil)
