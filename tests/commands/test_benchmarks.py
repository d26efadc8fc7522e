"""Benchmarks are commands that no test times; that each can be begun is a test."""

from importlib import import_module

import pytest

from bangfu.bench.commands import BENCHMARKS
from config.settings import REPOSITORY

MODULES = sorted(path.stem for path in (REPOSITORY / "bangfu" / "bench").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("module", MODULES)
def test_every_part_of_a_benchmark_loads(module):
    import_module(f"bangfu.bench.{module}")


def test_every_benchmark_of_the_table_is_there():
    wanted = {"import", "export", "matching", "pages", "audit", "mutate", "explain", "publish", "rulebook"}
    wanted |= {"compare"}
    assert wanted <= set(BENCHMARKS)
