"""When a changed file of rules is seen."""

import os
from shutil import copytree
from types import SimpleNamespace

from bangfu.monitoring import rules


def test_a_changed_rule_is_seen_a_second_later_and_not_looked_for_before(settings, tmp_path, monkeypatch):
    settings.RULES = copytree(settings.RULES, tmp_path / "rules")
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(rules, "time", SimpleNamespace(monotonic=lambda: clock.now))
    before, book = rules.rules_stamp(), rules.rulebook()

    later = before + 5_000_000_000
    os.utime(next(settings.RULES.rglob("*.yaml")), ns=(later, later))
    clock.now = 1000.9
    assert (rules.rules_stamp(), rules.rulebook()) == (before, book)
    clock.now = 1001.0
    assert rules.rules_stamp() == later
    assert rules.rulebook() is not book
