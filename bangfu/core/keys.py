"""Keys of rows: 64-bit whole numbers, ordered by time, made in Python.

A key exists before its row does, so that a sealed field can be bound to the row that holds it
(`core.sealing`) and a bulk insert needs no round trip to learn what it inserted.
"""

import secrets
import threading
import time
from uuid import UUID

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_LOW_BITS = 21
_LARGEST = 2**63 - 1
_MOST_DIGITS = len(str(_LARGEST))

_lock = threading.Lock()
_last = 0


def new_keys(count: int) -> range:
    """`count` fresh keys in rising order, none of them given out before by this process.

    Forty-one bits of milliseconds since 2020 (enough until 2089) stand above twenty-one bits that start
    at random in each call, so that processes do not meet; the primary key refuses the one chance in
    millions that they do. Raises ValueError when `count` is negative.
    """
    global _last  # noqa: PLW0603  the one counter of the process
    if count < 0:
        raise ValueError("count must not be negative")
    with _lock:
        now = time.time_ns() // 1_000_000 - _EPOCH_MS
        first = max(_last + 1, (now << _LOW_BITS) | secrets.randbits(_LOW_BITS))
        _last = max(_last, first + count - 1)
    return range(first, first + count)


def new_key() -> int:
    """One fresh key."""
    return new_keys(1)[0]


def read_key(text: str) -> int | None:
    """A key as a page or a command names it; None for a text that no row can have as its key."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        return None
    key = int(text)
    return key if key <= _LARGEST else None


def read_uuid(text: str) -> str | None:
    """The key that a form was given when it was shown, as 36 characters; None for a text that is none."""
    try:
        return str(UUID(text))
    except ValueError:
        return None
