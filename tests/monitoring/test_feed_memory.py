"""A decision about a line serves the lists to come that name the person in the same words."""

from datetime import date, timedelta

import pytest

from bangfu.core.sealing import CannotOpen
from bangfu.monitoring.feed_memory import erase_memories, memories_to_erase
from bangfu.monitoring.feed_reviews import accept_candidates, reject_lines, reopen_lines
from bangfu.monitoring.models import EVERYWHERE, FeedLine, LineMemory
from bangfu.people.models import Person
from config.retention import TRACES
from tests.factories import NOON, id_number_of
from tests.monitoring.test_feed_links import DAY, HEAD, counts, line, person, receive, unsure

pytestmark = [pytest.mark.django_db, pytest.mark.db]

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)


def may(**more):
    """The list of May with one line that may be of two; the line and its candidates."""
    person(), person()
    feed = receive(line(), period=MAY, **more)
    return feed, *unsure(feed)


def test_who_was_accepted_is_not_asked_about_again(officer):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    assert counts(receive(line())) == (1, 1, 0, 0, 0)
    assert set(FeedLine.objects.values_list("person", flat=True)) == {one.person_id}


def test_nobody_stays_nobody_until_somebody_else_may_be_meant(officer):
    _, waiting, _ = may()
    reject_lines([waiting], by=officer, at=NOON)
    assert counts(receive(line())) == (0, 0, 0, 0, 1)
    person()
    assert counts(receive(line(), end="\r\n")) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize(
    ("words", "division"), [(line(place=""), "150522000000"), (line(sex="女性"), "150522000000"), (line(), EVERYWHERE)]
)
def test_other_words_and_lists_of_another_place_are_asked_about(officer, words, division):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    assert counts(receive(words, division=division)) == (0, 0, 1, 0, 0)


def test_blanks_around_a_cell_are_no_other_words(officer):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    name, *rest = line()
    assert counts(receive([f" {name}", *rest])) == (1, 1, 0, 0, 0)


def test_who_left_the_register_is_meant_no_more(officer):
    _, _, (one, other) = may()
    accept_candidates([one], by=officer, at=NOON)
    Person.objects.filter(pk=one.person_id).update(withdrawn_at=NOON)
    assert counts(receive(line())) == (1, 1, 0, 0, 0)  # one alone is left, and the line is sure to be of that one
    assert FeedLine.objects.filter(person=other.person_id).exists()


def test_who_is_in_the_list_by_number_is_asked_about(officer):
    feed, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    head = ["身份证号", *HEAD]
    again = receive([id_number_of(one.person), *line()], ["", *line()], head=head)
    assert counts(again) == (1, 0, 1, 0, 0)
    assert counts(feed)[0] == 1


def test_a_decision_taken_back_serves_no_more(officer):
    _, waiting, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    reopen_lines([waiting], by=officer, at=NOON)
    assert not LineMemory.objects.exists()
    reject_lines([waiting], by=officer, at=NOON)
    assert LineMemory.objects.get().person is None
    assert counts(receive(line())) == (0, 0, 0, 0, 1)


def test_what_is_remembered_is_sealed_and_bound(officer, settings):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    memory = LineMemory.objects.get()
    place = "monitoring.linememory.cells"
    assert "1986-02-14" in settings.KEYRING.open(place, memory.pk, memory.sealed)
    assert settings.KEYRING.blind("line", [settings.KEYRING.open(place, memory.pk, memory.sealed)]) == [memory.mark]
    with pytest.raises(CannotOpen):
        settings.KEYRING.open(place, memory.pk + 1, memory.sealed)


def test_it_is_erased_once_it_has_served_no_list_for_long(officer):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    later = JUNE + timedelta(days=60)
    receive(line(), period=date(2026, 8, 1), on=later)
    assert not memories_to_erase(later).exists()
    assert TRACES["line_memory"].due(later + timedelta(days=1)) == 1
    assert erase_memories(later + timedelta(days=1), rule="line_memory", at=NOON) == 1
    assert not LineMemory.objects.exists()


def test_of_a_person_made_nobody_nothing_is_remembered(officer):
    _, _, (one, _other) = may()
    accept_candidates([one], by=officer, at=NOON)
    Person.objects.filter(pk=one.person_id).update(anonymised_at=NOON)
    assert erase_memories(DAY, rule="line_memory", at=NOON) == 1
