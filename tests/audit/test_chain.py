"""Any single entry that is changed, removed or re-ordered is found."""

import pytest

from bangfu.audit.actions import broken_links, chain_head, record, seal_chain
from bangfu.audit.models import Entry, Subject
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def chain(officer):
    for number in range(5):
        record(f"test.deed{number}", by=officer, at=NOON, count=1, persons=[number], purpose="visit")
    seal_chain()
    return list(Entry.objects.order_by("chain_no"))


def test_a_chain_that_nobody_touched_holds(chain):
    assert broken_links() == ([], 0)
    assert chain_head()[0] == len(chain)
    assert seal_chain() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Entry.objects.filter(pk=row.pk).update(verb="other"),
        lambda row: Entry.objects.filter(pk=row.pk).update(by=None),
        lambda row: Entry.objects.filter(pk=row.pk).update(count=2),
        lambda row: Entry.objects.filter(pk=row.pk).update(purpose=""),
        lambda row: Entry.objects.filter(pk=row.pk).update(facts={"a": 1}),
        lambda row: Subject.objects.filter(entry=row).update(person=99),
        lambda row: Subject.objects.filter(entry=row).delete(),
        lambda row: (Subject.objects.filter(entry=row).delete(), Entry.objects.filter(pk=row.pk).delete()),
    ],
)
@pytest.mark.parametrize("at", [0, 2, 3])
def test_a_change_is_found(chain, change, at):
    change(chain[at])
    assert broken_links()[0]


def test_a_cut_tail_shows_against_the_head_kept_outside(chain):
    head = chain_head()
    Subject.objects.filter(entry=chain[-1]).delete()
    Entry.objects.filter(pk=chain[-1].pk).delete()
    assert chain_head() != head


def test_two_entries_exchanged_are_found(chain):
    first, second = chain[1], chain[2]
    Entry.objects.filter(pk=first.pk).update(chain_no=99)
    Entry.objects.filter(pk=second.pk).update(chain_no=first.chain_no)
    Entry.objects.filter(pk=first.pk).update(chain_no=second.chain_no)
    assert broken_links()[0]


def test_what_is_not_sealed_yet_is_reported(chain):
    record("test.late", by=None, at=NOON, count=0)
    assert broken_links() == ([], 1)
