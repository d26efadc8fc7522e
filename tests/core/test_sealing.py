"""Sealed fields open only where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.sealing import CannotOpen, Keyring, new_secret

RING = Keyring({1: bytes(range(32)), 2: bytes(range(1, 33))}, 2, bytes(range(2, 34)))


@given(st.text(), st.integers(0, 2**63 - 1))
def test_what_is_sealed_opens_again(text, row):
    assert RING.open("a.b", row, RING.seal("a.b", [(row, text)])[0]) == text


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_value_pasted_into_another_row_does_not_open(row, other):
    sealed = RING.seal("a.b", [(row, "x")])[0]
    if row == other:
        return
    with pytest.raises(CannotOpen):
        RING.open("a.b", other, sealed)


@pytest.mark.parametrize("place", ["a.c", "", "a.b "])
def test_a_value_pasted_into_another_field_does_not_open(place):
    with pytest.raises(CannotOpen):
        RING.open(place, 7, RING.seal("a.b", [(7, "x")])[0])


def test_any_changed_byte_is_noticed():
    sealed = RING.seal("a.b", [(7, "990522")])[0]
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(CannotOpen):
            RING.open("a.b", 7, changed)


def test_an_older_key_still_opens():
    old = Keyring({1: RING.sealing[1]}, 1, RING.index)
    assert RING.open("a.b", 7, old.seal("a.b", [(7, "x")])[0]) == "x"
    with pytest.raises(CannotOpen):
        old.open("a.b", 7, RING.seal("a.b", [(7, "x")])[0])


def test_the_blind_index_meets_equals_only():
    one, same, other = RING.blind("id", ["1", "1", "2"])
    assert one == same != other
    assert RING.blind("phone", ["1"]) != [one]
    assert Keyring(RING.sealing, 2, new_secret()).blind("id", ["1"]) != [one]
    assert len(one) == 32
