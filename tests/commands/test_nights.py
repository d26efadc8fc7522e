"""Nights begun at the same moment, by the schedule and by hand: one after the other, each whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.commands.conftest import LEDGERS, ON

pytestmark = pytest.mark.db


def test_nights_at_the_same_moment_wait_for_each_other(home):
    home.run("import", "roster", str(LEDGERS / "roster-county.xlsx"), "--on", ON)
    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(lambda _: home.json("nightly", "--on", ON), range(3))
    assert first["persons"] > 0
    assert first["proof"]["holds"]
    told = {"cases_open", "offers", "signals", "findings", "proof", "published_rows"}
    for other in others:
        assert {name: other[name] for name in told} == {name: first[name] for name in told}
    assert home.json("prove", "--on", ON)["holds"]
