"""The night on Spark finds, counts and proves what the night on DuckDB does."""

import pytest

from bangfu.lake.engines import DUCKDB, SPARK
from bangfu.monitoring.actions import judge_signals, publish_lake
from bangfu.monitoring.proof import prove
from tests.factories import NOON
from tests.monitoring.random_register import fill_register
from tests.rulebook.lake_facts import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.spark]


def test_a_night_on_spark(lake, settings):
    pytest.importorskip("pyspark", reason="script/install spark")
    fill_register(13, 60)
    publish_lake(DAY, at=NOON)
    nights = []
    for settings.ENGINE in (DUCKDB, SPARK):
        nights.append((judge_signals(DAY), prove(DAY)))
    assert nights[0] == nights[1]
    assert len(nights[0][0]) > 20
    assert nights[0][1].body["work"]["persons"] > 10
