"""The peer of bench `link`: Splink as its manual begins, with its ready-made comparisons and estimated weights.

NameComparison (Jaro–Winkler), DateOfBirthComparison, ExactMatch of sex and of place; u estimated from a million random
pairs, m by two rounds of expectation maximisation, the prior from exact pairs. The pairs it looks at are ours: blocked
by the name alone, as its first example does, a million lines give twenty million pairs and more of the common names.
"""

import polars as pl
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bangfu.bench.linking_instance import Instance
from bangfu.people.likeness import in_memory
from bangfu.people.list_links import BLOCKS

_PAIRS = 1_000_000
_SURE = 0.99


def matched_by_default(instance: Instance) -> pl.DataFrame:
    """For each line the likeliest person at 0.99 or above: `line`, `person`."""
    with in_memory() as connection:
        api = DuckDBAPI(connection)
        tables = [
            api.register(table, dataset_display_name=name)
            for table, name in ((instance.lines, "lines"), (instance.register, "register"))
        ]
        linker = Linker(tables, _settings(), log_level="ERROR")
        train = linker.training
        train.estimate_probability_two_random_records_match([block_on("name", "born")], recall=0.7)
        train.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=1)
        train.estimate_parameters_using_expectation_maximisation(block_on("name", "place"))
        train.estimate_parameters_using_expectation_maximisation(block_on("born", "sex", "substr(sound, 1, 2)"))
        found = linker.inference.predict(threshold_match_probability=_SURE)
        return connection.sql(
            f"""SELECT unique_id_l AS line, unique_id_r AS person FROM {found.physical_name}
            QUALIFY row_number() OVER (PARTITION BY line ORDER BY match_weight DESC, person) = 1"""  # noqa: S608
        ).pl()


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            comparisons.NameComparison("name"),
            comparisons.DateOfBirthComparison("born", input_is_string=True, datetime_format="%Y%m%d"),
            comparisons.ExactMatch("sex"),
            comparisons.ExactMatch("place"),
        ],
        blocking_rules_to_generate_predictions=list(BLOCKS),
    )
