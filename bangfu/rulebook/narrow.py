"""Fact views with fewer columns: what nobody asks for is not computed, however wide a view grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp

_A_DAY = "CAST('0001-01-01' AS DATE)"  # stands for :day, which the parser does not take everywhere


@lru_cache(maxsize=512)
def narrowed(sql: str, columns: frozenset[str]) -> str:
    """The text of a view that gives only these columns, with the same rows.

    A LEFT JOIN is left out where none of its columns is used. That keeps the rows, because a fact view joins what has
    one row a key; a test compares every column of every view. A text that it cannot be sure of stays as it is.
    """
    tree = sqlglot.parse_one(re.sub(r":day\b", _A_DAY, sql), read="duckdb")
    if not isinstance(tree, exp.Select) or tree.args.get("distinct") or tree.args.get("group"):
        return sql
    tree.set("expressions", [one for one in tree.expressions if one.alias_or_name in columns])
    _drop_joins(tree)
    _drop_queries(tree)
    return tree.sql(dialect="duckdb", comments=False, normalize_functions=False).replace(_A_DAY, ":day")


def _drop_joins(tree: exp.Select) -> None:
    """The LEFT JOINs of which nothing is used, the last first: an earlier one may serve a later one."""
    for join in reversed(tree.args.get("joins") or []):
        inside = {id(column) for column in join.find_all(exp.Column)}
        others = [column.table for column in _own_columns(tree) if id(column) not in inside]
        if join.side == "LEFT" and "" not in others and join.alias_or_name not in others:
            tree.set("joins", [one for one in tree.args["joins"] if one is not join])


def _own_columns(tree: exp.Select) -> Iterator[exp.Column]:
    for name, part in tree.args.items():
        if name != "with_":
            for node in part if isinstance(part, list) else [part]:
                if isinstance(node, exp.Expression):
                    yield from node.find_all(exp.Column)


def _drop_queries(tree: exp.Select) -> None:
    """The named queries that nothing reads, the last first."""
    listed = tree.args.get("with_")
    for query in reversed(listed.expressions if listed else []):
        readers = {table.name for table in tree.find_all(exp.Table)}
        if query.alias not in readers:
            query.pop()
