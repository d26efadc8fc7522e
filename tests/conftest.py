"""What all tests share: a register with the divisions of one county, users, and the lake of a test's register."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection

from bangfu.cases import clockwork
from tests import factories

COUNTY = "150522000000"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tables, and the towns and villages of two counties."""
    from bangfu.divisions.commands import load_packaged_divisions

    with django_db_blocker.unblock():
        load_packaged_divisions(("150522", "150502"))


@pytest.fixture(autouse=True)
def _no_old_answers():
    """Nothing cached by one test is seen by the next."""
    cache.clear()
    yield
    for kept in (clockwork.calendar, clockwork.calendar_at):
        kept.cache_clear()


@pytest.fixture
def officer(db):
    """A county officer of 150522."""
    return factories.UserFactory(division=COUNTY)


@pytest.fixture
def stranger(db):
    """A county officer of another county."""
    return factories.UserFactory(division="150502000000")


@pytest.fixture
def supervisor(db):
    """A supervisor of the prefecture: reads only."""
    return factories.UserFactory(division="150500000000", role="supervisor")


@pytest.fixture
def on():
    """The day on which most tests act."""
    return date(2026, 6, 30)


@pytest.fixture
def lake(transactional_db, settings, tmp_path):
    """An empty lake that publishes from the register of this test; returns its folder."""
    settings.LAKE = tmp_path / "lake"
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        settings.DATABASE_URL = f"sqlite:///{parts['NAME']}"
    else:
        settings.DATABASE_URL = f"postgresql://{parts['USER']}@{parts['HOST']}:{parts['PORT']}/{parts['NAME']}"
    return settings.LAKE


@pytest.fixture(scope="session")
def spark_started() -> None:
    """Java, once for all tests that ask Spark, with the settings for a few rows."""
    pytest.importorskip("pyspark", reason="run `script/install spark`")
    from bangfu.lake.spark import open_spark

    open_spark(for_few=True).close()
