"""Keys of rows."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bangfu.core.keys import new_key, new_keys, read_key


def test_keys_rise_and_fit_64_bits():
    keys = [new_key(), *new_keys(3000), new_key()]
    assert keys == sorted(set(keys))
    assert 0 < keys[0] < keys[-1] < 2**63


def test_threads_never_share_a_key():
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda _: list(new_keys(500)), range(40)))
    keys = [key for part in parts for key in part]
    assert len(set(keys)) == len(keys)


def test_no_keys_and_less_than_none():
    assert list(new_keys(0)) == []
    with pytest.raises(ValueError, match="negative"):
        new_keys(-1)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("0", 0),
        ("456907789587864152", 456907789587864152),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("99999999999999999999", None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("１２", None),
        ("x", None),
    ],
)
def test_a_key_that_no_row_can_have_is_none(text, key):
    assert read_key(text) == key
