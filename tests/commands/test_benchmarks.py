"""Benchmarks are commands that no test times; that each can be begun is a test."""

from datetime import date
from importlib import import_module

import pyarrow.parquet as pq
import pytest

from bangfu.bench.commands import BENCHMARKS
from bangfu.bench.country import judge_province, write_province
from bangfu.bench.linking import run as run_link
from bangfu.lake.schema import TABLES
from config.settings import REPOSITORY

MODULES = sorted(path.stem for path in (REPOSITORY / "bangfu" / "bench").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("module", MODULES)
def test_every_part_of_a_benchmark_loads(module):
    import_module(f"bangfu.bench.{module}")


def test_every_benchmark_of_the_table_is_there():
    wanted = {"import", "export", "matching", "pages", "audit", "mutate", "explain", "publish", "rulebook"}
    wanted |= {"compare", "link", "rulebook-31m"}
    assert wanted <= set(BENCHMARKS)


def test_a_province_of_the_invented_country_has_the_columns_of_the_lake_and_can_be_judged(tmp_path):
    day = date(2026, 6, 30)
    files = write_province(tmp_path, "15", 1, 200, day)
    for name, paths in files.items():
        for path in paths:
            assert pq.read_schema(path).names == [column.name for column in TABLES[name].columns]
    rows, true = judge_province(tmp_path, files, day)
    assert rows > true > 0


def test_an_invented_list_is_linked_and_judged_by_what_is_known():
    told = run_link(3_000)
    assert told["precision"] > 0.999
    assert told["recall"] > 0.9
    assert told["found_in_all"] > 0.98
    assert told["peer_lines"] == 3_000
    assert told["peer_recall"] > 0.8
