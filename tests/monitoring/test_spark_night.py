"""The night on Spark finds, counts and proves what the night on DuckDB does."""

import pytest

from bangfu.lake.engines import DUCKDB, SPARK
from bangfu.monitoring.actions import judge_signals, publish_lake, snapshot_shown
from bangfu.monitoring.flow import flows_from
from bangfu.monitoring.proof import prove
from tests.factories import NOON
from tests.monitoring.random_register import fill_register
from tests.rulebook.lake_facts import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.spark]


@pytest.mark.usefixtures("spark_started")
def test_a_night_on_spark(lake, settings):
    fill_register(13, 60)
    publish_lake(DAY, at=NOON)
    nights = []
    for settings.ENGINE in (DUCKDB, SPARK):
        with snapshot_shown(DAY) as engine:
            nights.append((judge_signals(engine, DAY), flows_from("150000000000"), prove(DAY)))
    counted = [[(flow.origin, flow.place, flow.persons) for flow in flows] for _found, flows, _proof in nights]
    assert counted[0] == counted[1] != []
    assert (nights[0][0], nights[0][2]) == (nights[1][0], nights[1][2])
    assert len(nights[0][0]) > 20
    assert nights[0][2].body["work"]["persons"] > 10
