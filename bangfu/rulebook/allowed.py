"""The operators and engine functions that a condition may use: same value, NULL and type on both engines."""

from __future__ import annotations

import re

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
