"""Writes SQL from the tree of a condition, node by node, with the family of each value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlglot import exp

from bangfu.rulebook.allowed import ARITHMETIC, COMPARE, FRACTION, FUNCTIONS, SHIFT, WHOLE, is_never_zero, is_whole
from bangfu.rulebook.check import Parameter, Written, parse, plain_name
from bangfu.rulebook.dialects import DUCKDB, Dialect
from bangfu.rulebook.errors import RuleError, _
from bangfu.rulebook.families import DATE, DECIMAL, INTEGER, NULL, STAMP, TEXT, TRUTH, accepts, joined
from bangfu.rulebook.functions import OWN

_Pair = tuple[str, str]  # SQL text, family


def write(
    text: str | exp.Expr, columns: Mapping[str, str], parameters: Mapping[str, Parameter], dialect: Dialect = DUCKDB
) -> Written:
    """The condition (or a part of its tree) as SQL. `columns` gives the family of each column of the view.

    RuleError where the text says something that is not allowed, names a column or parameter that does not
    exist, or puts values of two families side by side.
    """
    writer = _Writer(columns, parameters, dialect)
    sql, family = writer.visit(parse(text) if isinstance(text, str) else text)
    return Written(sql, family, tuple(writer.used_columns), tuple(writer.used_parameters))


def write_condition(
    text: str, columns: Mapping[str, str], parameters: Mapping[str, Parameter], dialect: Dialect = DUCKDB
) -> Written:
    """As `write`, for a text that must be true, false or unknown."""
    written = write(text, columns, parameters, dialect)
    if written.family != TRUTH:
        raise RuleError(_("must be true or false, not a value"))
    return written


class _Writer:
    def __init__(
        self, columns: Mapping[str, str], parameters: Mapping[str, Parameter], dialect: Dialect = DUCKDB
    ) -> None:
        self.dialect = dialect
        self.columns = columns
        self.parameters = parameters
        self.used_columns: dict[str, None] = {}
        self.used_parameters: dict[str, None] = {}

    def visit(self, node: Any) -> _Pair:
        kind = type(node)
        if kind in _WRITERS:
            return _WRITERS[kind](self, node)
        if kind in FUNCTIONS:
            return self.function(node)
        raise RuleError(_("not allowed in a rule: %(word)s"), word=kind.__name__)

    def word(self, word: str) -> str:
        """A name or sign as the engine knows it."""
        return self.dialect.words.get(word, word)

    def only(self, node: exp.Expr, *slots: str) -> None:
        """Refuses every argument that this writer does not write: it would be lost without a word."""
        extra = sorted(name for name, value in node.args.items() if value and name not in slots)
        if extra:
            raise RuleError(_("not allowed with %(word)s: %(names)s"), word=type(node).__name__, names=", ".join(extra))

    def truth(self, node: Any) -> str:
        sql, family = self.visit(node)
        if family not in (TRUTH, NULL):
            raise RuleError(_("AND, OR, NOT and WHEN take what is true or false"))
        return sql

    def together(self, *families: str) -> str:
        common = NULL
        for family in families:
            both = joined(common, family)
            if both is None:
                raise RuleError(_("cannot put %(one)s beside %(other)s"), one=common, other=family)
            common = both
        return common

    # leaves

    def column(self, node: Any) -> _Pair:
        name = plain_name(node)
        if name not in self.columns:
            raise RuleError(_("the fact view has no column %(column)s"), column=name)
        self.used_columns[name] = None
        return name, self.columns[name]

    def literal(self, node: Any) -> _Pair:
        text = str(node.this)
        if node.is_string:
            return "'" + text.replace("'", "''") + "'", TEXT
        if WHOLE.fullmatch(text):
            return text, INTEGER
        if FRACTION.fullmatch(text):
            return text, DECIMAL
        raise RuleError(_("not a number a rule may hold: %(text)s"), text=text)

    def boolean(self, node: Any) -> _Pair:
        return ("TRUE" if node.this else "FALSE"), TRUTH

    def null(self, node: Any) -> _Pair:
        return "NULL", NULL

    def parameter(self, node: Any) -> _Pair:
        found = self._parameter(node)
        if found.is_list:
            raise RuleError(_("the list :%(name)s stands only after IN"), name=node.this)
        return found.sql, found.family

    def _parameter(self, node: Any) -> Parameter:
        self.only(node, "this")
        name = node.this
        if not isinstance(name, str) or name not in self.parameters:
            raise RuleError(_("no such parameter: %(name)s"), name=name)
        self.used_parameters[name] = None
        return self.parameters[name]

    # logic and comparing

    def paren(self, node: Any) -> _Pair:
        self.only(node, "this")
        return self.visit(node.this)

    def both(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        word = "AND" if isinstance(node, exp.And) else "OR"
        return f"({self.truth(node.this)} {word} {self.truth(node.expression)})", TRUTH

    def negated(self, node: Any) -> _Pair:
        self.only(node, "this")
        return f"(NOT {self.truth(node.this)})", TRUTH

    def compared(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        left, one = self.visit(node.this)
        right, other = self.visit(node.expression)
        if NULL in (one, other) and not isinstance(node, exp.NullSafeEQ | exp.NullSafeNEQ):
            raise RuleError(_("compared with NULL: write IS NULL"))
        self.together(one, other)
        return f"({left} {COMPARE[type(node)]} {right})", TRUTH

    def is_(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        sql, family = self.visit(node.this)
        other = node.expression
        if isinstance(other, exp.Null):
            return f"({sql} IS NULL)", TRUTH
        if isinstance(other, exp.Boolean) and family == TRUTH:
            return f"({sql} IS {'TRUE' if other.this else 'FALSE'})", TRUTH
        raise RuleError(_("IS takes NULL, TRUE or FALSE"))

    def between(self, node: Any) -> _Pair:
        self.only(node, "this", "low", "high")
        parts = [self.visit(node.args[slot]) for slot in ("this", "low", "high")]
        if NULL in [family for _, family in parts]:
            raise RuleError(_("compared with NULL: write IS NULL"))
        self.together(*(family for _, family in parts))
        return f"({parts[0][0]} BETWEEN {parts[1][0]} AND {parts[2][0]})", TRUTH

    def in_(self, node: Any) -> _Pair:
        sql, family = self.visit(node.this)
        field = node.args.get("field")
        if field is not None:
            self.only(node, "this", "field")
            if not isinstance(field, exp.Placeholder) or not self._parameter(field).is_list:
                raise RuleError(_("IN takes a list"))
            found = self._parameter(field)
            self.together(family, found.family)
            return f"({sql} IN {found.sql})", TRUTH
        self.only(node, "this", "expressions")
        members = [self.visit(member) for member in node.expressions]
        self.together(family, *(each for _, each in members))
        return f"({sql} IN ({', '.join(member for member, _ in members)}))", TRUTH

    def case(self, node: Any) -> _Pair:
        self.only(node, "this", "ifs", "default")
        parts = ["CASE"]
        subject = NULL
        if node.this is not None:
            sql, subject = self.visit(node.this)
            parts.append(sql)
        families = []
        for branch in node.args["ifs"]:
            self.only(branch, "this", "true")
            if node.this is None:
                when = self.truth(branch.this)
            else:
                when, family = self.visit(branch.this)
                self.together(subject, family)
            then, family = self.visit(branch.args["true"])
            families.append(family)
            parts.append(f"WHEN {when} THEN {then}")
        if node.args.get("default") is not None:
            otherwise, family = self.visit(node.args["default"])
            families.append(family)
            parts.append(f"ELSE {otherwise}")
        return f"({' '.join(parts)} END)", self.together(*families)

    def coalesce(self, node: Any) -> _Pair:
        self.only(node, "this", "expressions")
        parts = [self.visit(part) for part in (node.this, *node.expressions)]
        family = self.together(*(each for _, each in parts))
        return f"COALESCE({', '.join(sql for sql, _ in parts)})", family

    def nullif(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        left, one = self.visit(node.this)
        right, other = self.visit(node.expression)
        self.together(one, other)
        return f"NULLIF({left}, {right})", one

    # numbers, dates, text

    def negative(self, node: Any) -> _Pair:
        self.only(node, "this")
        sql, family = self.visit(node.this)
        if family not in (INTEGER, DECIMAL):
            raise RuleError(_("minus takes a number, not %(family)s"), family=family)
        return f"(-{sql})", family

    def shifted(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        left, one = self.visit(node.this)
        right, other = self.visit(node.expression)
        sign = SHIFT[type(node)]
        if one == DATE and other == INTEGER:
            return f"({left} {sign} CAST({right} AS INTEGER))", DATE
        return f"({left} {sign} {right})", self._numbers(one, other)

    def arithmetic(self, node: Any) -> _Pair:
        self.only(node, "this", "expression")
        left, one = self.visit(node.this)
        right, other = self.visit(node.expression)
        family = self._numbers(one, other)
        if isinstance(node, exp.IntDiv) and family != INTEGER:
            raise RuleError(_("// takes whole numbers; money is divided by divided()"))
        if not isinstance(node, exp.Mul) and not is_never_zero(node.expression):
            raise RuleError(_("the divisor may be 0: write NULLIF(…, 0)"))
        return f"({left} {self.word(ARITHMETIC[type(node)])} {right})", family

    def _numbers(self, one: str, other: str) -> str:
        if one not in (INTEGER, DECIMAL) or other not in (INTEGER, DECIMAL):
            raise RuleError(_("cannot calculate with %(one)s and %(other)s"), one=one, other=other)
        return self.together(one, other)

    def round_(self, node: Any) -> _Pair:
        self.only(node, "this", "decimals")
        sql, family = self.visit(node.this)
        if family != DECIMAL:
            raise RuleError(_("round takes a decimal number"))
        digits = node.args.get("decimals")
        return f"round({sql}, {0 if digits is None else self._size(digits, 0)})", DECIMAL

    def cast(self, node: Any) -> _Pair:
        self.only(node, "this", "to")
        target = node.args["to"].sql(dialect="duckdb")
        if target == "DATE":
            return self._cast_date(node.this)
        sql, family = self.visit(node.this)
        if re.fullmatch(r"DECIMAL\([0-9]{1,2}, [0-9]{1,2}\)", target) and family in (INTEGER, DECIMAL):
            return f"CAST({sql} AS {target})", DECIMAL
        if target in ("INT", "BIGINT") and (family == INTEGER or is_whole(node.this)):
            return f"CAST({sql} AS {target})", INTEGER
        raise RuleError(_("cannot cast %(other)s to %(target)s"), other=family, target=target)

    def _cast_date(self, inner: Any) -> _Pair:
        if isinstance(inner, exp.Literal) and inner.is_string:
            try:
                return f"DATE '{date.fromisoformat(str(inner.this)).isoformat()}'", DATE
            except ValueError as fault:
                raise RuleError(_("a date is written 2026-06-30")) from fault
        if isinstance(inner, exp.TimestampTrunc):
            self.only(inner, "this", "unit")
            unit = str(inner.args["unit"].this).lower()
            sql, family = self.visit(inner.this)
            if unit in ("month", "quarter", "year") and family in (DATE, STAMP):
                return f"CAST(date_trunc('{unit}', {sql}) AS DATE)", DATE
        else:
            sql, family = self.visit(inner)
            if family in (DATE, STAMP):
                return f"CAST({sql} AS DATE)", DATE
        raise RuleError(_("cannot cast this to a date"))

    def joined_text(self, node: Any) -> _Pair:
        self.only(node, "this", "expression", "safe")
        left, one = self.visit(node.this)
        right, other = self.visit(node.expression)
        if {one, other} != {TEXT}:
            raise RuleError(_("|| joins texts"))
        return f"({left} || {right})", TEXT

    def part_of_text(self, node: Any) -> _Pair:
        if isinstance(node, exp.Substring):
            self.only(node, "this", "start", "length")
            length = node.args.get("length")
            if length is None:
                raise RuleError(_("substring takes a start and a length"))
            tail = f"{self._size(node.args['start'], 1)}, {self._size(length, 0)}"
            name = "substring"
        else:
            self.only(node, "this", "expression")
            tail = str(self._size(node.expression, 0))
            name = "left" if isinstance(node, exp.Left) else "right"
        sql, family = self.visit(node.this)
        if family != TEXT:
            raise RuleError(_("%(name)s takes a text"), name=name)
        return f"{name}({sql}, {tail})", TEXT

    def _size(self, node: Any, lowest: int) -> int:
        if isinstance(node, exp.Literal) and not node.is_string and WHOLE.fullmatch(str(node.this)):
            size = int(str(node.this))
            if lowest <= size <= 1000:
                return size
        raise RuleError(_("must be a whole number from %(lowest)s, written out"), lowest=lowest)

    def sha(self, node: Any) -> _Pair:
        self.only(node, "this", "length")
        sql, family = self.visit(node.this)
        if family != TEXT or str(node.args["length"].this) != "256":
            raise RuleError(_("sha256 takes a text"))
        return self.word("sha256({0})").format(sql), TEXT

    def function(self, node: Any) -> _Pair:
        name, slots, takes, gives = FUNCTIONS[type(node)]
        self.only(node, *slots)
        if any(node.args.get(slot) is None for slot in slots):
            raise RuleError(_("%(name)s takes %(number)s arguments"), name=name, number=len(slots))
        return self._call(name, [node.args[slot] for slot in slots], takes, gives, None)

    def own(self, node: Any) -> _Pair:
        self.only(node, "this", "expressions")
        name = str(node.this)
        known = OWN.get(name)
        if known is None:
            raise RuleError(_("no such function: %(name)s"), name=name)
        return self._call(name, node.expressions, known.takes, known.gives, self.dialect.own[name])

    def _call(self, name: str, arguments: list[Any], takes: tuple[str, ...], gives: str, template: str | None) -> _Pair:
        if len(arguments) != len(takes):
            raise RuleError(_("%(name)s takes %(number)s arguments"), name=name, number=len(takes))
        parts = [self.visit(argument) for argument in arguments]
        for (_text, family), wanted in zip(parts, takes, strict=True):
            if not accepts(wanted, family):
                raise RuleError(_("%(name)s takes %(wanted)s, not %(other)s"), name=name, wanted=wanted, other=family)
        if template is None:
            sql = f"{self.word(name)}({', '.join(text for text, _ in parts)})"
        else:
            sql = f"({template.format(*(text for text, _ in parts))})"
        if gives == "same":
            return sql, parts[0][1]
        return sql, (self.together(*(family for _, family in parts)) if gives == "number" else gives)


_WRITERS: dict[type[exp.Expr], Callable[[_Writer, Any], _Pair]] = {
    exp.Column: _Writer.column,
    exp.Literal: _Writer.literal,
    exp.Boolean: _Writer.boolean,
    exp.Null: _Writer.null,
    exp.Placeholder: _Writer.parameter,
    exp.Paren: _Writer.paren,
    exp.And: _Writer.both,
    exp.Or: _Writer.both,
    exp.Not: _Writer.negated,
    exp.Is: _Writer.is_,
    exp.Between: _Writer.between,
    exp.In: _Writer.in_,
    exp.Case: _Writer.case,
    exp.Coalesce: _Writer.coalesce,
    exp.Nullif: _Writer.nullif,
    exp.Neg: _Writer.negative,
    exp.Round: _Writer.round_,
    exp.Cast: _Writer.cast,
    exp.DPipe: _Writer.joined_text,
    exp.Substring: _Writer.part_of_text,
    exp.Left: _Writer.part_of_text,
    exp.Right: _Writer.part_of_text,
    exp.SHA2: _Writer.sha,
    exp.Anonymous: _Writer.own,
    **dict.fromkeys(COMPARE, _Writer.compared),
    **dict.fromkeys(ARITHMETIC, _Writer.arithmetic),
    **dict.fromkeys(SHIFT, _Writer.shifted),
}
