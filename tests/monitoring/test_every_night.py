"""Weeks of the demo's life with a night on each day: the proof holds on each, and the chain has no gap."""

from datetime import date, timedelta

import pytest

from bangfu.demo.county import DAY, build_county
from bangfu.divisions.commands import load_packaged_divisions
from bangfu.monitoring.models import Night, Proof
from bangfu.monitoring.proof import WORK_STATES, differences, prove
from config.night import run_night

pytestmark = pytest.mark.db
TODAY, DAYS = date(2026, 6, 30), 16


def test_the_proof_holds_on_each_night(lake):
    load_packaged_divisions(("150522", "150502"))  # tests before may have emptied all tables
    build_county(TODAY, run_night, every=DAY, households=120, days=DAYS)
    nights = list(Night.objects.order_by("acted_on").values_list("acted_on", flat=True))
    assert nights == [TODAY - timedelta(days=back) for back in range(DAYS - 1, 0, -1)]
    proofs = list(Proof.objects.order_by("on"))
    assert [proof.on for proof in proofs] == nights
    assert all(proof.holds for proof in proofs)
    assert [proof.body["previous"] for proof in proofs] == ["", *(proof.digest for proof in proofs[:-1])]
    stood = {state for proof in proofs for state in WORK_STATES if proof.body["work"][state]}
    assert stood >= {"out", "in_clock", "at_work"}
    assert len({proof.body["rows"] for proof in proofs}) > DAYS // 2
    assert differences(prove(nights[-1])) == []
