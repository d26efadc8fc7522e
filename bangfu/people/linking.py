"""Which rows of the register are probably one person: Splink over a working set in memory, never on disk."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
import yaml
from django.conf import settings
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bangfu.people.duplicates import Pair
from bangfu.people.models import Contact, Standing

_CHUNK = 20_000
_IN_MEMORY = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
    "python_enable_replacements": False, "threads": 2,
}  # fmt: skip
_SCHEMA = pa.schema([
    ("unique_id", pa.int64()), ("name", pa.string()), ("sound", pa.string()), ("born", pa.string()),
    ("sex", pa.string()), ("place", pa.string()), ("phone", pa.string()), ("household", pa.int64()),
])  # fmt: skip
_BORN_CLOSE = (
    'levenshtein("born_l", "born_r") <= 1 OR ('
    'left("born_l", 4) = left("born_r", 4) AND substr("born_l", 5, 2) = substr("born_r", 7, 2)'
    ' AND substr("born_l", 7, 2) = substr("born_r", 5, 2))'
)
_PLACES = {
    "household": '"household_l" = "household_r"',
    "village": 'length("place_l") = 12 AND "place_l" = "place_r"',
    "town": 'left("place_l", 9) = left("place_r", 9)',
    "county": 'left("place_l", 6) = left("place_r", 6)',
}
_LEVELS = {
    "name": ("same", "sound", "close", "other"),
    "born": ("same", "close", "other"),
    "place": ("household", "village", "town", "county", "other"),
    "phone": ("same", "other"),
    "sex": ("same", "other"),
}
UNKNOWN = "unknown"


def duplicate_rule() -> Mapping[str, Any]:
    """The weights in force (rules/weights/duplicates.yaml)."""
    text = (settings.RULES / "weights" / "duplicates.yaml").read_text(encoding="utf-8")
    document: Mapping[str, Any] = yaml.safe_load(text)
    return document


def working_set(most_sharing_a_phone: int) -> pa.Table:
    """What is compared of everybody who stands on the register: one row a person."""
    phones = dict(Contact.objects.open().values_list("person_id", "phone_index"))
    shared = Counter(phones.values())
    rows = Standing.objects.filter(person__withdrawn_at__isnull=True).order_by("person_id")
    values = rows.values_list(
        "person_id", "person__name", "person__name_pinyin", "person__born_on", "person__sex", "division",
        "household_id",
    )  # fmt: skip
    batches = (_columns(part, phones, shared, most_sharing_a_phone) for part in _parts(values.iterator(_CHUNK)))
    return pa.Table.from_batches(batches, _SCHEMA)


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    part = []
    for row in rows:
        part.append(row)
        if len(part) == _CHUNK:
            yield part
            part = []
    if part:
        yield part


def _columns(rows: Sequence[Any], phones: Mapping[int, str], shared: Mapping[str, int], most: int) -> pa.RecordBatch:
    def phone(person: int) -> str | None:
        index = phones.get(person)
        return index if index and shared[index] <= most else None

    keys, names, sounds, days, sexes, places, households = zip(*rows, strict=True)
    columns = [
        keys, names, [sound or None for sound in sounds], [f"{day:%Y%m%d}" for day in days], sexes, places,
        [phone(key) for key in keys], households,
    ]  # fmt: skip
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def probable_pairs(table: pa.Table, rule: Mapping[str, Any]) -> list[Pair]:
    """The pairs of rows at or above the rule's least likelihood, the likeliest first; the same for the same table."""
    if table.num_rows < 2:
        return []
    with duckdb.connect(":memory:", config=_IN_MEMORY) as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(table), _settings(rule), log_level="ERROR")
        found = linker.inference.predict(threshold_match_probability=rule["least"]).as_pyarrow_table()
        rows = found.to_pylist()
    pairs = [_pair(row) for row in rows]
    return sorted(pairs, key=lambda pair: (-pair.likelihood, pair.first, pair.second))


def _pair(row: Mapping[str, Any]) -> Pair:
    first, second = sorted((row["unique_id_l"], row["unique_id_r"]))
    reasons = {}
    for name, codes in _LEVELS.items():
        gamma = row[f"gamma_{name}"]
        reasons[name] = UNKNOWN if gamma == -1 else codes[len(codes) - 1 - gamma]
    return Pair(first, second, float(row["match_probability"]), reasons)


def _settings(rule: Mapping[str, Any]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[_comparison(name, rule["comparisons"][name]) for name in _LEVELS],
        blocking_rules_to_generate_predictions=[
            block_on("phone"),
            block_on("sound", "substr(born, 1, 4)"),
            block_on("born", "substr(sound, 1, 2)"),
            block_on("household", "sound"),
            block_on("place", "name"),
        ],
        probability_two_random_records_match=rule["prior"],
        retain_matching_columns=True,
    )


def _comparison(name: str, weights: Mapping[str, Mapping[str, float]]) -> Any:
    made = [levels.NullLevel(name)]
    for code in _LEVELS[name]:
        weight = weights[code]
        made.append(_level(name, code).configure(m_probability=weight["m"], u_probability=weight["u"]))
    return comparisons.CustomComparison(output_column_name=name, comparison_levels=made)


def _level(name: str, code: str) -> Any:
    if code == "other":
        return levels.ElseLevel()
    if name == "place":
        return levels.CustomLevel(_PLACES[code], label_for_charts=code)
    if code == "same":
        return levels.ExactMatchLevel(name)
    if name == "born":
        return levels.CustomLevel(_BORN_CLOSE, label_for_charts=code)
    if code == "sound":
        return levels.ExactMatchLevel("sound")
    return levels.LevenshteinLevel("name", 1)


def pairs_on_register() -> list[Pair]:
    """Probable duplicates among all who stand on the register."""
    rule = duplicate_rule()
    return probable_pairs(working_set(rule["most_sharing_a_phone"]), rule)
