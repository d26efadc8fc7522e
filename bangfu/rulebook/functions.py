"""The house's own SQL functions: the few things that engines would otherwise answer differently.

The texts are those of the design note on portable SQL, section 4. They are written out as they stand and are
never given back to a SQL parser, which would turn some of them into other functions.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class OwnFunction:
    """One function: the families of its arguments, the family of its value, its text for each engine.

    In the text {0}, {1} are the arguments, each a column, a literal or a text in brackets.
    """

    takes: tuple[str, ...]
    gives: str
    duckdb: str
    spark: str


_FULL_YEARS = (
    "(year({1}) - year({0}) - CASE WHEN month({1}) * 100 + day({1}) < month({0}) * 100 + day({0}) THEN 1 ELSE 0 END)"
)
_DIVIDED = (
    "CAST(CAST((CAST({0} * 100 AS BIGINT) * 2 + {1}) // NULLIF(2 * {1}, 0) AS DECIMAL(18,0)) * 0.01 AS DECIMAL(12,2))"
)
_LEAST = "CASE WHEN {0} IS NULL OR {1} IS NULL THEN NULL WHEN {0} <= {1} THEN {0} ELSE {1} END"
_PERCENT = "CAST(CAST(({0} * 2000 + {1}) // NULLIF(2 * {1}, 0) AS DECIMAL(18,0)) * 0.1 AS DECIMAL(9,1))"


def _alike(takes: tuple[str, ...], gives: str, text: str) -> OwnFunction:
    """A function that both engines know by the same text, but for the sign of whole division."""
    return OwnFunction(takes, gives, text, text.replace("//", "DIV"))


# percent_of stands for the percent() of the design note: PERCENT is a word of SQL's own and cannot be called.
OWN: dict[str, OwnFunction] = {
    "months_from": OwnFunction(
        ("date", "integer"), "date", "CAST({0} + {1} * INTERVAL 1 MONTH AS DATE)", "ADD_MONTHS({0}, CAST({1} AS INT))"
    ),
    "days_between": OwnFunction(
        ("date", "date"), "integer", "DATE_DIFF('day', {0}, {1})", "CAST(DATEDIFF({1}, {0}) AS BIGINT)"
    ),
    "weekday_of": OwnFunction(("date",), "integer", "ISODOW({0})", "CAST(WEEKDAY({0}) + 1 AS BIGINT)"),
    "full_years": _alike(("date", "date"), "integer", _FULL_YEARS),
    "divided": _alike(("decimal", "integer"), "decimal", _DIVIDED),
    "least_of": _alike(("number", "number"), "number", _LEAST),
    "percent_of": _alike(("integer", "integer"), "decimal", _PERCENT),
}


def define_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to a connection, so that fact views can call them by name."""
    for name, function in OWN.items():
        arguments = [f"argument_{number}" for number in range(len(function.takes))]
        body = function.duckdb.format(*arguments)
        connection.execute(f"CREATE TEMP MACRO {name}({', '.join(arguments)}) AS ({body})").fetchall()
