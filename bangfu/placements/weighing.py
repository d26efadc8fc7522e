"""The weights and terms of matching, read from rules/weights/matching.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings

from bangfu.core.matching.weights import Weights


@dataclass(frozen=True)
class MatchingRule:
    """What the rule file says; days and numbers as named there."""

    weights: Weights
    exposure: int
    offers: int
    hold_days: int
    repeat_days: int
    bonus: tuple[int, int, int]
    priority: Mapping[str, int]
    minimum_wages: Sequence[Mapping[str, Any]]

    def minimum_wage(self, place: str, on: date) -> Decimal | None:
        """The monthly minimum wage of the nearest division above `place` on the day; None where none is entered."""
        fitting = [
            row for row in self.minimum_wages if place.startswith(str(row["place"]).rstrip("0")) and row["from"] <= on
        ]
        if not fitting:
            return None
        nearest = max(fitting, key=lambda row: (len(str(row["place"]).rstrip("0")), row["from"]))
        return Decimal(str(nearest["amount"]))


@lru_cache(maxsize=1)
def matching_rule() -> MatchingRule:
    """The rule in force. Raises WeightsError or KeyError for a file that cannot be used."""
    rule = yaml.safe_load((settings.RULES / "weights" / "matching.yaml").read_text(encoding="utf-8"))
    first, second, third = rule["first_offer_bonus"]
    return MatchingRule(
        weights=Weights.from_mapping({**rule["points"], "floor_percent": rule["floor_percent"]}),
        exposure=rule["exposure"],
        offers=rule["offers"],
        hold_days=rule["hold_days"],
        repeat_days=rule["repeat_days"],
        bonus=(first, second, third),
        priority=rule["priority_by_category"],
        minimum_wages=rule["minimum_wages"],
    )
