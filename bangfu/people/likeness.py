"""How alike two rows are, column by column: what the search for duplicates and that for people of lists share.

Splink over DuckDB in memory: threads are few, no extension is loaded, nothing is spilled to a disk.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
import yaml
from django.conf import settings

_IN_MEMORY = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
    "python_enable_replacements": False, "threads": 2, "temp_directory": "",
}  # fmt: skip
UNKNOWN = "unknown"
TURNED = (
    'substr("born_l", 5, 2) = substr("born_r", 7, 2) AND substr("born_l", 7, 2) = substr("born_r", 5, 2)'
    ' AND left("born_l", 4) = left("born_r", 4)'
)
"""Day and month stand the other way round."""
_CONDITIONS = {
    ("name", "sound"): '"sound_l" = "sound_r"',
    ("name", "close"): 'one_edit("name_l", "name_r")',
    ("name", "one_character"): 'least(length("name_l"), length("name_r")) > 2 AND one_edit("name_l", "name_r")',
    ("born", "close"): f'levenshtein("born_l", "born_r") <= 1 OR ({TURNED})',
    ("born", "year"): 'left("born_l", 4) = left("born_r", 4)',
    ("place", "household"): '"household_l" = "household_r"',
    ("place", "village"): 'length("place_l") = 12 AND "place_l" = "place_r"',
    ("place", "town"): 'left("place_l", 9) = left("place_r", 9)',
    ("place", "county"): 'left("place_l", 6) = left("place_r", 6)',
}  # fmt: skip
"""When a level holds; "same" is equality, "other" all that is left. Days are written YYYYMMDD, places as codes."""

_ONE_EDIT = """CREATE MACRO one_edit(a, b) AS list_bool_or(list_transform(
    range(0, greatest(length(a), length(b))), lambda k:
    left(a, k) || substr(a, k + 2) = left(b, k) || substr(b, k + 2)
    OR left(a, k) || substr(a, k + 2) = b OR left(b, k) || substr(b, k + 2) = a))"""
"""Whether one character more, less or other makes the texts the same. `levenshtein` counts bytes: three for most of
Chinese, so that it is asked of digits only."""

Rule = Mapping[str, Any]


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for Splink that lives in memory and knows what the levels ask."""
    with duckdb.connect(":memory:", config=_IN_MEMORY) as connection:
        connection.execute(_ONE_EDIT)
        yield connection


def read_weights(name: str) -> Rule:
    """The weights of `rules/weights/NAME.yaml`: `comparisons` has the levels of each column, the most alike first."""
    text = (settings.RULES / "weights" / f"{name}.yaml").read_text(encoding="utf-8")
    document: Rule = yaml.safe_load(text)
    return document


def comparisons_of(rule: Rule) -> list[Any]:
    """The comparisons that the weights describe, for Splink."""
    rarest = rule.get("rarest", 0)
    return [_comparison(name, weights, rarest) for name, weights in rule["comparisons"].items()]


def _comparison(name: str, weights: Mapping[str, Mapping[str, Any]], rarest: float) -> Any:
    made = [levels.NullLevel(name)]
    for code, weight in weights.items():
        level = _level(name, code).configure(m_probability=weight["m"], u_probability=weight["u"])
        if "common" in weight:
            level.configure(
                tf_adjustment_column=weight["common"], tf_minimum_u_value=rarest, disable_tf_exact_match_detection=True
            )
        made.append(level)
    return comparisons.CustomComparison(output_column_name=name, comparison_levels=made)


def _level(name: str, code: str) -> Any:
    if code == "other":
        return levels.ElseLevel()
    if code == "same":
        return levels.ExactMatchLevel(name)
    return levels.CustomLevel(_CONDITIONS[name, code], label_for_charts=code)


def levels_met(row: Mapping[str, Any], rule: Rule) -> dict[str, str]:
    """The level of each comparison that a row of Splink's answer met, UNKNOWN where a value was missing."""
    found = {}
    for name, weights in rule["comparisons"].items():
        codes, gamma = list(weights), row[f"gamma_{name}"]
        found[name] = UNKNOWN if gamma == -1 else codes[len(codes) - 1 - gamma]
    return found
