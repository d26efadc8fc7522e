"""Any single entry that is changed, removed or re-ordered is found."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu.accounts.models import Duty, User
from bangfu.audit.actions import record, seal_chain
from bangfu.audit.chain import last_link, verify
from bangfu.audit.models import Entry, Subject
from tests.factories import NOON, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.db]
LENGTH = 7


@pytest.fixture
def chain(officer):
    for number in range(LENGTH):
        record(
            f"test.deed{number}", by=officer, at=NOON + timedelta(seconds=number), count=1,
            persons=[number, number + 50][: 1 + number % 2], purpose="visit", division="150522000000",
        )  # fmt: skip
    seal_chain()
    return list(Entry.objects.order_by("chain_no"))


def test_a_chain_that_nobody_touched_holds(chain):
    verdict = verify()
    assert verdict.holds
    assert (verdict.chained, verdict.loose) == (len(chain), 0)
    assert last_link() == (verdict.chained, verdict.head)
    assert seal_chain() == 0


def test_the_duty_of_the_moment_is_kept(chain):
    first = chain[0]
    assert (first.role, first.place, first.office) == ("county_officer", "150522000000", "县就业服务中心")
    Duty.objects.filter(user=first.by).update(role="town_officer", division="150522202000")
    record("test.later", by=User.objects.get(pk=first.by_id), at=NOON, count=0)
    assert Entry.objects.order_by("-id").first().role == "town_officer"
    assert Entry.objects.get(pk=first.pk).role == "county_officer"


def _rewrite(column):
    values = {
        "verb": "other", "by": None, "count": 9, "purpose": "", "facts": {"a": 1}, "division": "", "role": "auditor",
        "place": "", "office": "x", "at": NOON - timedelta(days=1), "chain_hash": "0" * 64, "chain_no": 99,
    }  # fmt: skip
    return lambda row: Entry.objects.filter(pk=row.pk).update(**{column: values[column]})


def _remove(row):
    Subject.objects.filter(entry=row).delete()
    Entry.objects.filter(pk=row.pk).delete()


CHANGES = {
    **{name: _rewrite(name) for name in (
        "verb", "by", "count", "purpose", "facts", "division", "role", "place", "office", "at", "chain_hash", "chain_no"
    )},
    "microsecond": lambda row: Entry.objects.filter(pk=row.pk).update(at=row.at + timedelta(microseconds=1)),
    "subject changed": lambda row: Subject.objects.filter(entry=row).update(person=99),
    "subject removed": lambda row: Subject.objects.filter(entry=row).delete(),
    "subject added": lambda row: Subject.objects.create(entry=row, person=4),
    "removed": _remove,
    "unsealed": lambda row: Entry.objects.filter(pk=row.pk).update(chain_no=None, chain_hash=""),
}  # fmt: skip


class _Undo(Exception):
    """Takes the change back."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, LENGTH - 1), change=st.sampled_from(sorted(CHANGES)))
def test_any_single_change_is_found(chain, at, change):
    head = last_link()
    try:
        with transaction.atomic():
            CHANGES[change](chain[at])
            assert not verify(kept=head).holds
            raise _Undo
    except _Undo:
        pass
    assert verify(kept=head).holds


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=st.tuples(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1)).filter(lambda pair: pair[0] != pair[1]))
def test_two_entries_exchanged_are_found(chain, pair):
    first, second = chain[pair[0]], chain[pair[1]]
    try:
        with transaction.atomic():
            Entry.objects.filter(pk=first.pk).update(chain_no=99)
            Entry.objects.filter(pk=second.pk).update(chain_no=first.chain_no)
            Entry.objects.filter(pk=first.pk).update(chain_no=second.chain_no)
            assert verify().broken
            raise _Undo
    except _Undo:
        pass
    assert verify().holds


def test_a_tail_that_was_cut_and_grown_anew_shows_against_the_head_kept_outside(chain):
    head = last_link()
    _remove(chain[-1])
    record("test.instead", by=None, at=NOON, count=1)
    seal_chain()
    assert verify().holds
    assert verify(kept=head).kept_head_missing
    assert not verify(kept=head).holds


def test_what_is_not_sealed_yet_is_reported(chain):
    record("test.late", by=None, at=NOON, count=0)
    verdict = verify()
    assert verdict.holds
    assert (verdict.loose, verdict.loose_since) == (1, Entry.objects.order_by("-id").first().at.isoformat())


def test_entries_of_before_the_duty_was_recorded_keep_their_link(chain):
    """Their hash was made without it; clearing the duty of a later one is found all the same."""
    record("test.system", by=None, at=NOON, count=0)
    seal_chain()
    assert verify().holds
    Entry.objects.filter(pk=chain[2].pk).update(role="", place="", office="")
    assert verify().broken == [3]


def test_checking_costs_the_same_memory_for_any_length(officer, django_assert_max_num_queries):
    """Slices of two thousand: queries grow with the slices, nothing else does."""
    user = UserFactory()
    entries = [
        Entry(at=NOON, by=user, verb="test.deed", count=1, role="county_officer", place="150522000000")
        for _ in range(4500)
    ]
    Entry.objects.bulk_create(entries, batch_size=500)
    seal_chain()
    with django_assert_max_num_queries(10):
        assert verify().holds
