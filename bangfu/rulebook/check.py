"""Reads one condition: words first, then one tree; only what is allowed here passes.

The SQL that runs is written from the tree, never taken from the author's text. A node that has no writer is
refused, so the list of writers is the list of what a rule may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import SqlglotError

from bangfu.rulebook.errors import RuleError, _

LONGEST = 2000  # characters of one condition
DEEPEST = 200  # brackets and operators inside one another; the parser itself gives up some way above

_ALLOWED_WORDS = frozenset(
    {
        TokenType.VAR, TokenType.NUMBER, TokenType.STRING, TokenType.COLON, TokenType.COMMA,
        TokenType.L_PAREN, TokenType.R_PAREN,
        TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IS, TokenType.IN, TokenType.BETWEEN,
        TokenType.NULL, TokenType.TRUE, TokenType.FALSE, TokenType.DISTINCT, TokenType.FROM,
        TokenType.CASE, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.END,
        TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE,
        TokenType.PLUS, TokenType.DASH, TokenType.STAR, TokenType.MOD, TokenType.DIV, TokenType.DPIPE,
        TokenType.ALIAS, TokenType.DATE, TokenType.INT, TokenType.BIGINT, TokenType.DECIMAL,
        TokenType.LEFT, TokenType.RIGHT, TokenType.REPLACE,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Parameter:
    """What a writer knows of a parameter: its family, its SQL text on the day, and whether it is a list."""

    family: str
    sql: str
    is_list: bool = False


@dataclass(frozen=True)
class Written:
    """A condition as it will run: DuckDB text, family of its value, columns and parameters used."""

    sql: str
    family: str
    columns: tuple[str, ...]
    parameters: tuple[str, ...]


def parse(text: str) -> exp.Expr:
    """The tree of one condition. RuleError where the words alone show that it may not be used."""
    if not text.strip():
        raise RuleError(_("empty"))
    if len(text) > LONGEST:
        raise RuleError(_("longer than %(most)s characters"), most=LONGEST)
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        raise RuleError(_("holds a control character"))
    try:
        _check_words(text, DuckDB().tokenize(text))
        trees = sqlglot.parse(text, read="duckdb")
    except (SqlglotError, RecursionError) as fault:
        raise RuleError(_("is not one SQL expression")) from fault
    if len(trees) != 1 or trees[0] is None:
        raise RuleError(_("is not one SQL expression"))
    tree = trees[0]
    if _depth(tree) > DEEPEST:
        raise RuleError(_("nested too deeply"))
    return tree


def _check_words(text: str, words: list[Token]) -> None:
    previous: Token | None = None
    for word in words:
        if word.comments:
            raise RuleError(_("comments are not allowed"))
        if word.token_type not in _ALLOWED_WORDS:
            raise RuleError(_("not allowed here: %(word)s"), word=word.text)
        if word.token_type == TokenType.STRING:
            _check_string(text, word, previous)
        previous = word
    # A comment after the last word hangs on no word in some versions of the parser.
    if words and text[words[-1].end + 1 :].strip():
        raise RuleError(_("comments are not allowed"))


def _check_string(text: str, word: Token, previous: Token | None) -> None:
    if text[word.start] != "'":
        raise RuleError(_("text stands between single quotes"))
    if previous is not None and previous.token_type == TokenType.STRING:
        raise RuleError(_("two texts side by side: join them with ||"))


def _depth(tree: exp.Expr) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_expressions()]
    return deepest


def plain_name(node: Any) -> str:
    """The name of a column without qualifier or quotes; RuleError for any other shape."""
    inner = node.this
    if not isinstance(inner, exp.Identifier) or inner.args.get("quoted"):
        raise RuleError(_("a column is written as its plain name"))
    if any(node.args.get(part) for part in ("table", "db", "catalog", "join_mark")):
        raise RuleError(_("a column is written without its table"))
    return str(inner.this)
