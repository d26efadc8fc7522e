"""Which rows of the register are probably one person: Splink over a working set in memory, never on disk."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bangfu.core.parts import stream_in_parts
from bangfu.people.duplicates import Pair
from bangfu.people.likeness import Rule, comparisons_of, in_memory, levels_met, read_weights
from bangfu.people.models import Contact, Standing

_CHUNK = 20_000
_SCHEMA = pa.schema([
    ("unique_id", pa.int64()), ("name", pa.string()), ("sound", pa.string()), ("born", pa.string()),
    ("sex", pa.string()), ("place", pa.string()), ("phone", pa.string()), ("household", pa.int64()),
])  # fmt: skip


def duplicate_rule() -> Rule:
    """The weights in force (rules/weights/duplicates.yaml)."""
    return read_weights("duplicates")


def working_set(most_sharing_a_phone: int) -> pa.Table:
    """What is compared of everybody who stands on the register: one row a person."""
    phones = dict(Contact.objects.open().values_list("person_id", "phone_index"))
    shared = Counter(phones.values())
    rows = Standing.objects.filter(person__withdrawn_at__isnull=True).order_by("person_id")
    values = rows.values_list(
        "person_id", "person__name", "person__name_pinyin", "person__born_on", "person__sex", "division",
        "household_id",
    )  # fmt: skip
    parts = stream_in_parts(values.iterator(_CHUNK), _CHUNK)
    batches = (_columns(part, phones, shared, most_sharing_a_phone) for part in parts)
    return pa.Table.from_batches(batches, _SCHEMA)


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


def probable_pairs(table: pa.Table, rule: Rule) -> list[Pair]:
    """The pairs of rows at or above the rule's least likelihood, the likeliest first; the same for the same table."""
    if table.num_rows < 2:
        return []
    with in_memory() as connection:
        api = DuckDBAPI(connection)
        linker = Linker(api.register(table), _settings(rule), log_level="ERROR")
        found = linker.inference.predict(threshold_match_probability=rule["least"]).as_pyarrow_table()
        rows = found.to_pylist()
    pairs = [_pair(row, rule) for row in rows]
    return sorted(pairs, key=lambda pair: (-pair.likelihood, pair.first, pair.second))


def _pair(row: Mapping[str, Any], rule: Rule) -> Pair:
    first, second = sorted((row["unique_id_l"], row["unique_id_r"]))
    return Pair(first, second, float(row["match_probability"]), levels_met(row, rule))


def _settings(rule: Rule) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons_of(rule),
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


def pairs_on_register() -> list[Pair]:
    """Probable duplicates among all who stand on the register."""
    rule = duplicate_rule()
    return probable_pairs(working_set(rule["most_sharing_a_phone"]), rule)
