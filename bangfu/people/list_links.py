"""Which people of the register the lines of a list without ID numbers speak of: Splink over two tables in memory.

Both tables have the columns of COLUMNS: a key, the name and its sound, the day of birth as YYYYMMDD, the sex, and the
place as a 12-digit code, null where it is not known.
"""

import math

import polars as pl
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule

from bangfu.people.likeness import Rule, comparisons_of, in_memory, read_weights

COLUMNS = pa.schema([
    ("unique_id", pa.int64()), ("name", pa.string()), ("sound", pa.string()), ("born", pa.string()),
    ("sex", pa.string()), ("place", pa.string()),
])  # fmt: skip
_LINES, _REGISTER = "lines", "register"
_NOTHING = {"line": pl.Int64, "person": pl.Int64, "likelihood": pl.Float64, "is_sure": pl.Boolean}
BLOCKS = (
    block_on("born", "substr(sound, 1, 2)"),
    block_on("born", "place"),
    CustomRule(
        "l.sound = r.sound AND substr(l.born, 1, 4) = substr(r.born, 1, 4) AND ("
        "substr(l.born, 5, 2) = substr(r.born, 5, 2) OR substr(l.born, 7, 2) = substr(r.born, 7, 2)"
        " OR substr(l.born, 5, 2) = substr(r.born, 7, 2) AND substr(l.born, 7, 2) = substr(r.born, 5, 2))"
    ),
    block_on("sound", "substr(born, 5, 4)"),
    block_on("sound", "substr(born, 1, 4)", "place"),
)
"""Which pairs are looked at: each agrees in two of name, birth and village at least. None is by the name alone."""

_SHARES = """SELECT {column}, count(*) / greatest((SELECT count(*) FROM register), {least}) AS tf_{column}
FROM register WHERE {column} IS NOT NULL GROUP BY {column}"""
"""How common each value is: the share of the register, which counts as `least` persons at the least."""


def linking_rule() -> Rule:
    """The weights in force (rules/weights/linking.yaml)."""
    return read_weights("linking")


def link_lines(lines: pa.Table, register: pa.Table, rule: Rule) -> pl.DataFrame:
    """Who each line (by its key) may speak of: `line`, `person`, `likelihood` (0 to 1, when only one of those of the
    line can be right), `is_sure`, and the level of each comparison, as `likeness.levels_met` reads it; the same for the
    same tables.

    The likeliest of a line come first, `most_candidates` of them at most; lines without anybody at the rule's `least`
    are left out. At most one person of a line is sure, and no person is sure for two lines.
    """
    if not lines.num_rows or not register.num_rows:
        return pl.DataFrame(schema=_NOTHING)
    with in_memory() as connection:
        api = DuckDBAPI(connection)
        tables = [
            api.register(table, dataset_display_name=name) for table, name in ((lines, _LINES), (register, _REGISTER))
        ]
        linker = Linker(tables, _settings(rule, register.num_rows), log_level="ERROR")
        for column in _common_columns(rule):
            shares = connection.sql(_SHARES.format(column=column, least=int(rule["population"]))).to_arrow_table()
            linker.table_management.register_term_frequency_lookup(api.register(shares), column)
        found = linker.inference.predict(threshold_match_probability=rule["least"])
        return connection.sql(_ranked(found.physical_name, rule)).pl()


def _common_columns(rule: Rule) -> list[str]:
    weights = [level for levels in rule["comparisons"].values() for level in levels.values()]
    return sorted({level["common"] for level in weights if "common" in level})


def _settings(rule: Rule, persons: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=comparisons_of(rule),
        blocking_rules_to_generate_predictions=list(BLOCKS),
        probability_two_random_records_match=rule["on_register"] / max(persons, rule["population"]),
        retain_matching_columns=True,
    )


def _ranked(found: str, rule: Rule) -> str:
    """The pairs in order, and which of them need nobody's look."""
    names = list(rule["comparisons"])
    gammas = ", ".join(f"gamma_{name}" for name in names)
    barred = [
        f"gamma_{name} NOT IN ({', '.join(str(_gamma(rule, name, code)) for code in codes)})"
        for name, codes in rule["never_sure"].items()
    ]  # fmt: skip
    ahead = f"ahead >= {math.log2(rule['lead'])}"
    sure = " AND ".join(("nth = 1", f"likelihood >= {rule['sure']}", ahead, *barred))
    return f"""
    WITH pairs AS (
        SELECT unique_id_l AS line, unique_id_r AS person, match_probability AS likelihood, match_weight AS weight,
            {gammas}
        FROM {found}
    ), ranked AS (
        SELECT *, row_number() OVER best AS nth,
            coalesce(weight - lead(weight) OVER best, 1000) AS ahead, max(weight) OVER (PARTITION BY line) AS most
        FROM pairs WINDOW best AS (PARTITION BY line ORDER BY weight DESC, person)
    ), judged AS (SELECT *, {sure} AS alone FROM ranked WHERE nth <= {rule["most_candidates"]})
    SELECT line, person, {gammas},
        pow(2, weight - most) / (pow(2, -most) + sum(pow(2, weight - most)) OVER (PARTITION BY line)) AS likelihood,
        alone AND sum(CAST(alone AS INTEGER)) OVER (PARTITION BY person) = 1 AS is_sure
    FROM judged ORDER BY line, nth
    """  # noqa: S608  our own words and numbers


def _gamma(rule: Rule, name: str, code: str) -> int:
    codes = list(rule["comparisons"][name])
    return len(codes) - 1 - codes.index(code)
