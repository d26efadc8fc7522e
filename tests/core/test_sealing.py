"""Sealed fields open only where they belong."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.core.sealing import CannotOpen, Keyring, new_secret

SECRETS = {1: bytes(range(32)), 2: bytes(range(1, 33))}
RING = Keyring(SECRETS, 2, bytes(range(2, 34)))
SM4 = Keyring(SECRETS, 2, bytes(range(2, 34)), sm4=frozenset({2}), index_sm3=True)
rings = pytest.mark.parametrize("ring", [RING, SM4], ids=["aes", "sm4"])


@rings
@given(text=st.text(), row=st.integers(0, 2**63 - 1))
def test_what_is_sealed_opens_again(ring, text, row):
    assert ring.open("a.b", row, ring.seal("a.b", [(row, text)])[0]) == text


@rings
@given(row=st.integers(0, 2**63 - 1), other=st.integers(0, 2**63 - 1))
def test_a_value_pasted_into_another_row_does_not_open(ring, row, other):
    sealed = ring.seal("a.b", [(row, "x")])[0]
    if row == other:
        return
    with pytest.raises(CannotOpen):
        ring.open("a.b", other, sealed)


@rings
@pytest.mark.parametrize("place", ["a.c", "", "a.b "])
def test_a_value_pasted_into_another_field_does_not_open(ring, place):
    with pytest.raises(CannotOpen):
        ring.open(place, 7, ring.seal("a.b", [(7, "x")])[0])


@rings
def test_any_changed_or_missing_byte_is_noticed(ring):
    sealed = ring.seal("a.b", [(7, "990522")])[0]
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for other in changed + [sealed[:length] for length in range(len(sealed))]:
        with pytest.raises(CannotOpen):
            ring.open("a.b", 7, other)


def test_both_ciphers_open_side_by_side():
    old, new = RING.seal("a.b", [(7, "x")])[0], SM4.seal("a.b", [(7, "x")])[0]
    assert (old[0], new[0]) == (2, 0x42)
    mixed = Keyring(SECRETS, 2, SM4.index, sm4=frozenset({2}))
    first = Keyring(SECRETS, 1, SM4.index).seal("a.b", [(7, "y")])[0]
    assert mixed.open_many("a.b", [(7, new), (7, first)]) == ["x", "y"]
    assert mixed.reseal("a.b", [(7, first)])[0][0] == mixed.head == 0x42
    with pytest.raises(CannotOpen):  # the byte names the cipher: it cannot be opened by the other one
        mixed.open("a.b", 7, old)


def test_sm3_is_the_published_one():
    """GB/T 32905-2016, example 1."""
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


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
    assert len(SM4.blind("id", ["1"])[0]) == 32
    assert SM4.blind("id", ["1"]) != [one]
