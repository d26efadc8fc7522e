"""Weights and thresholds of the fit. They come from a rule file; the values here are only the house's
defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

POINTS = 100
PERCENT = 100


class WeightsError(ValueError):
    """A rule file of weights that cannot be used. `code` and the `field` it is about."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(f"{code}: {field}")
        self.code = code
        self.field = field


@dataclass(frozen=True)
class Weights:
    """Points of each part, 100 in all; everything ending in `_percent` is a whole share in percent, 0..100
    if not said.

    `floor_percent`: of the last wage, where no own floor is known. `wage_point_percent`: which point of a
    wage range counts, 0 = its low end, which is all that is promised. `full_wage_percent`: of the worker's
    reference wage, where the wage part is full (over 100). `minimum_age`: years, nobody younger. Skill: by
    how closely a known occupation meets the post's, `level_percent` of the part going to certificate
    levels. Distance: same county, city, province, further away. Preference: `liked_…` are shares of the
    part, 100 in all. `priority_percent`: by priority class 0, 1, … An unknown answer takes
    `neutral_percent`; for skill it takes the share of no match, so that learning never costs. Raises
    WeightsError: `points_not_100`, `liked_not_100`, `percent_out_of_range`, `percent_not_falling`.
    """

    skill: int = 40
    wage: int = 20
    distance: int = 15
    preference: int = 15
    priority: int = 10
    minimum_age: int = 16
    floor_percent: int = 80
    wage_point_percent: int = 0
    wage_at_reference_percent: int = 50
    full_wage_percent: int = 150
    same_occupation_percent: int = 100
    same_group_percent: int = 75
    same_class_percent: int = 50
    no_match_percent: int = 25
    level_percent: int = 20
    county_percent: int = 100
    city_percent: int = 75
    province_percent: int = 45
    away_percent: int = 20
    liked_occupation: int = 45
    liked_place: int = 30
    liked_lodging: int = 15
    liked_insurance: int = 10
    neutral_percent: int = 50
    priority_percent: tuple[int, ...] = (0, 50, 80, 100)

    def __post_init__(self) -> None:
        parts = (self.skill, self.wage, self.distance, self.preference, self.priority)
        if sum(parts) != POINTS or min(parts) < 0:
            raise WeightsError("points_not_100", "skill")
        liked = (self.liked_occupation, self.liked_place, self.liked_lodging, self.liked_insurance)
        if sum(liked) != PERCENT or min(liked) < 0:
            raise WeightsError("liked_not_100", "liked_occupation")
        for name, value in self._percents():
            if not 0 <= value <= PERCENT:
                raise WeightsError("percent_out_of_range", name)
        if self.full_wage_percent <= PERCENT:
            raise WeightsError("percent_out_of_range", "full_wage_percent")
        for first, then in (self._closeness(), self._nearness()):
            if list(then) != sorted(then, reverse=True):
                raise WeightsError("percent_not_falling", first)

    def _percents(self) -> list[tuple[str, int]]:
        names = [f.name for f in fields(self) if f.name.endswith("_percent")]
        single = [
            (name, getattr(self, name)) for name in names if name not in {"full_wage_percent", "priority_percent"}
        ]
        return [*single, *(("priority_percent", share) for share in self.priority_percent or (-1,))]

    def _closeness(self) -> tuple[str, tuple[int, ...]]:
        shares = (self.same_occupation_percent, self.same_group_percent, self.same_class_percent)
        return "same_occupation_percent", (*shares, self.no_match_percent)

    def _nearness(self) -> tuple[str, tuple[int, ...]]:
        return "county_percent", (
            self.county_percent,
            self.city_percent,
            self.province_percent,
            self.away_percent,
        )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> "Weights":
        """Weights from a rule file's plain values; what is left out keeps its default.

        Raises WeightsError `unknown_field` or `not_whole`, beside those of the class.
        """
        known = {f.name for f in fields(cls)}
        ready: dict[str, Any] = {}
        for name, value in values.items():
            if name not in known:
                raise WeightsError("unknown_field", name)
            several = name == "priority_percent"
            if isinstance(value, list | tuple) != several:
                raise WeightsError("not_whole", name)
            listed = tuple(value) if several else (value,)
            if any(not isinstance(item, int) or isinstance(item, bool) for item in listed):
                raise WeightsError("not_whole", name)
            ready[name] = listed if several else value
        return cls(**ready)
