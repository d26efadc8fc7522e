"""The 131 package: what counts as one guidance, three offers, one training offer."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.package import PackageError, Service, is_complete, load_package, progress, read_package

PACKAGE = read_package(Path(__file__).parents[2] / "rules" / "packages" / "131.yaml")
DAY = date(2026, 3, 10)


def offer(vacancy: str, **other: object) -> Service:
    return Service(**{"service_type": "job_offer", "given_on": DAY, "subject": vacancy, "answered": True, **other})


def offers_counted(*services: Service) -> int:
    return progress(PACKAGE, services, since=date(2026, 3, 2))[1].counted


GUIDANCE = Service("guidance", DAY, answered=True)
TRAINING = Service("training_offer", DAY, "course", answered=True)


def test_the_rule_file_says_1_3_1():
    found = [(item.service_type, item.min_count, item.distinct_by) for item in PACKAGE.items]
    assert found == [("guidance", 1, None), ("job_offer", 3, "vacancy"), ("training_offer", 1, None)]


def test_one_three_one_is_complete():
    whole = [GUIDANCE, offer("a"), offer("b"), offer("c"), TRAINING]
    assert is_complete(PACKAGE, whole, since=DAY)
    for left_out in range(len(whole)):
        assert not is_complete(PACKAGE, whole[:left_out] + whole[left_out + 1 :], since=DAY)


@pytest.mark.parametrize(
    ("services", "counted"),
    [
        ([offer("a"), offer("b")], 2),
        ([offer("a"), offer("a")], 1),  # the same vacancy
        ([offer("a", answered=False)], 0),
        ([offer("a", answered=False, contact_failed=True)], 1),
        ([offer("a", was_open=False)], 0),
        ([offer("a", fitted=False)], 0),
        ([offer("a", subject=None)], 0),  # an offer without a vacancy
        ([offer("a", given_on=date(2026, 3, 1))], 0),  # before the round
        ([offer("a", given_on=date(2026, 3, 2))], 1),
        ([offer("a", given_on=DAY - timedelta(days=29)), offer("a")], 0),  # offered within 30 days
        ([offer("a", given_on=DAY - timedelta(days=30)), offer("a")], 1),
        ([GUIDANCE, TRAINING], 0),
    ],
)
def test_which_offers_count(services, counted):
    assert offers_counted(*services) == counted


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), max_size=8))
def test_one_more_answered_offer_never_lowers_the_count(offers):
    services = [offer(name, answered=answered) for name, answered in offers]
    assert offers_counted(*services, offer("z")) == offers_counted(*services) + 1


def test_a_bad_package_is_refused():
    item = {"service_type": "a", "min_count": 0, "name": {}}
    for document, code in (
        ({"valid": {"from": DAY}, "code": "1", "name": {}, "items": [item]}, "bad_count"),
        ({"code": "1"}, "missing_key"),
    ):
        with pytest.raises(PackageError) as caught:
            load_package(document)
        assert caught.value.code == code
