"""How the SQL that is written here is said to each engine.

What differs is the house's own functions, a few names, and how one row becomes the answers of many rules. Conditions
are written from their checked trees; only the texts of the fact views, which are the house's own, are translated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator

from bangfu.rulebook.functions import OWN

Branches = Sequence[tuple[Mapping[str, str], str]]
"""For each rule its columns (name: SQL over the judged row), and where it has an answer at all."""


@dataclass(frozen=True)
class Dialect:
    """How to write for one engine. `words` are functions of another name there; `view` turns the text of a fact view.

    `spread` writes one row per judged row and branch that has an answer: from `judged`, a SELECT, with `kept` of its
    columns beside those of the branch.
    """

    name: str
    own: Mapping[str, str]
    view: Callable[[str], str]
    spread: Callable[[str, Sequence[str], Branches], str]
    words: Mapping[str, str] = field(default_factory=dict)


def _spread_by_branch(judged: str, kept: Sequence[str], branches: Branches) -> str:
    """One pass per branch over the judged rows, which DuckDB holds in memory."""
    selects = [
        f"SELECT {', '.join(kept)}, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} "  # noqa: S608
        f"FROM judged WHERE {where}"
        for columns, where in branches
    ]
    return f"WITH judged AS MATERIALIZED ({judged}) {' UNION ALL '.join(selects)}"


def _spread_in_one_pass(judged: str, kept: Sequence[str], branches: Branches) -> str:
    """All branches of a row as one array: Spark would read the table again for each branch of a UNION."""
    names = list(branches[0][0])
    structs = []
    for columns, where in branches:
        fields = ", ".join(f"'{name}', {sql}" for name, sql in columns.items())
        structs.append(f"named_struct({fields}, 'here', {where})")
    listed = ", ".join([*kept, *names])
    spread = f"inline(filter(array({', '.join(structs)}), one -> one.here))"
    return f"SELECT {listed} FROM (SELECT {', '.join(kept)}, {spread} FROM ({judged}) AS judged) AS spread"  # noqa: S608


class _ForSpark(SparkGenerator):
    """Writes the house's own functions out as they stand; all else as the library does."""

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        own = OWN.get(str(expression.this))
        if own is None:
            raise ValueError(f"no function of the house: {expression.this}")
        return f"({own.spark.format(*(self.sql(argument) for argument in expression.expressions))})"

    def intdiv_sql(self, expression: exp.IntDiv) -> str:
        return f"({self.sql(expression, 'this')} DIV {self.sql(expression, 'expression')})"


def _view_for_spark(text: str) -> str:
    tree = sqlglot.parse_one(text, read="duckdb")
    return _ForSpark(dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False).generate(tree)


DUCKDB = Dialect("duckdb", {name: own.duckdb for name, own in OWN.items()}, str, _spread_by_branch)
SPARK = Dialect(
    "spark",
    {name: own.spark for name, own in OWN.items()},
    _view_for_spark,
    _spread_in_one_pass,
    {"starts_with": "startswith", "ends_with": "endswith", "sha256({0})": "sha2({0}, 256)", "//": "DIV"},
)
