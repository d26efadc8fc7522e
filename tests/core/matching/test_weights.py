import pytest

from bangfu.core.matching.weights import Weights, WeightsError


def test_a_rule_file_gives_weights():
    plain = {"skill": 50, "wage": 10, "priority_percent": [0, 100]}
    assert Weights.from_mapping(plain) == Weights(skill=50, wage=10, priority_percent=(0, 100))


@pytest.mark.parametrize(
    ("plain", "code", "field"),
    [
        ({"skill": 41}, "points_not_100", "skill"),
        ({"skill": -10, "wage": 70}, "points_not_100", "skill"),
        ({"liked_place": 31}, "liked_not_100", "liked_occupation"),
        ({"floor_percent": 101}, "percent_out_of_range", "floor_percent"),
        ({"floor_percent": -1}, "percent_out_of_range", "floor_percent"),
        ({"full_wage_percent": 100}, "percent_out_of_range", "full_wage_percent"),
        ({"priority_percent": [0, 101]}, "percent_out_of_range", "priority_percent"),
        ({"priority_percent": []}, "percent_out_of_range", "priority_percent"),
        ({"same_group_percent": 40}, "percent_not_falling", "same_occupation_percent"),
        ({"away_percent": 46}, "percent_not_falling", "county_percent"),
        ({"skil": 40}, "unknown_field", "skil"),
        ({"skill": "40"}, "not_whole", "skill"),
        ({"skill": 40.0}, "not_whole", "skill"),
        ({"skill": True}, "not_whole", "skill"),
        ({"priority_percent": [0, 0.5]}, "not_whole", "priority_percent"),
        ({"priority_percent": 5}, "not_whole", "priority_percent"),
    ],
)
def test_a_faulty_rule_file_is_refused(plain, code, field):
    with pytest.raises(WeightsError) as refused:
        Weights.from_mapping(plain)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    "plain",
    [
        {"floor_percent": 0},
        {"floor_percent": 100},
        {"full_wage_percent": 101},
        {"same_group_percent": 50},
        {"away_percent": 45},
    ],
)
def test_the_bounds_themselves_are_allowed(plain):
    assert Weights.from_mapping(plain)
