"""Two hundred spoiled ledgers, and spoiled copies of an old workbook: judged or refused, never a crash."""

import random
from pathlib import Path

import pytest

from bangfu.bench import mutations
from bangfu.intake.kinds import all_kinds

pytestmark = pytest.mark.django_db


def test_two_hundred_spoiled_ledgers_crash_nothing():
    outcomes = mutations.run(200)
    assert outcomes["checked"] > 50
    assert len(outcomes) > 4


def test_spoiled_old_workbooks_crash_nothing():
    whole, chance = (Path(__file__).parent / "old.xls").read_bytes(), random.Random(3)
    for _ in range(60):
        mutations.judge(all_kinds()["roster"], mutations._broken(whole, chance), "a.xls")
