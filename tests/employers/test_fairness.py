"""Texts of vacancies that ask for or prefer a sex, an ethnicity, a marital or childbearing state, or do not.

unfair.txt and lawful.txt hold one text a line, so that a case worker can read and extend the two lists.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.employers.fairness import is_discriminatory, unfair_words

HERE = Path(__file__).parent
UNFAIR = (HERE / "unfair.txt").read_text(encoding="utf-8").splitlines()
LAWFUL = (HERE / "lawful.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", UNFAIR)
def test_unfair(text):
    assert is_discriminatory(text)


@pytest.mark.parametrize("text", LAWFUL)
def test_lawful(text):
    assert unfair_words(text) == []


def test_the_lists_do_not_overlap_and_are_long_enough():
    assert not set(UNFAIR) & set(LAWFUL)
    assert min(len(UNFAIR), len(LAWFUL)) >= 150


@pytest.mark.parametrize(
    ("text", "words"),
    [("女性优先,已婚已育优先", ["女", "已婚", "已育"]), ("限男性", ["男"]), ("汉族优先", ["汉族"]), ("", [])],
)
def test_the_words_are_named(text, words):
    assert unfair_words(text) == words


@given(st.sampled_from(UNFAIR), st.sampled_from(LAWFUL))
def test_a_lawful_clause_beside_it_hides_nothing(unfair, lawful):
    assert is_discriminatory(f"{lawful}。{unfair}")
    assert is_discriminatory(f"{unfair};{lawful}")


@given(st.lists(st.sampled_from(LAWFUL), max_size=5))
def test_lawful_clauses_together_are_lawful(clauses):
    assert unfair_words("。".join(clauses)) == []


@given(st.sampled_from(UNFAIR + LAWFUL), st.integers(0, 30))
def test_spaces_and_width_change_nothing(text, at):
    assert is_discriminatory(f"{text[:at]} \u3000{text[at:]}") == is_discriminatory(text)
    assert is_discriminatory(text.replace(",", "，")) == is_discriminatory(text)
