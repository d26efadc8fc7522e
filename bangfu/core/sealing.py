"""Sealing: fields that must not be read from a stolen disk, and searching them all the same.

Sealed text is AES-256-GCM-SIV (RFC 8452: safe even where a nonce repeats). The associated data are the
place of the field ("people.person.id_number") and the key of its row, so that a value cut out of one row
and pasted into another does not open. The first byte names the key, for rotation. The blind index is
HMAC-SHA256 under a second key: equal values meet, and nothing else can be learnt without that key.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

_NONCE = 12
_INDEX_HEX = 32


class CannotOpen(Exception):
    """The sealed bytes belong to another row, another field or another key, or were changed."""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation: `sealing` by key number (0 to 255), `current` the one that seals."""

    sealing: dict[int, bytes]
    current: int
    index: bytes

    def seal(self, place: str, pairs: Iterable[tuple[int, str]]) -> list[bytes]:
        """Seal many texts of one field: pairs of (row key, text), in their order."""
        return self.seal_bytes(place, ((row, text.encode()) for row, text in pairs))

    def seal_bytes(self, place: str, pairs: Iterable[tuple[int, bytes]]) -> list[bytes]:
        """The same for plain bytes, such as a staged part of a file."""
        cipher = AESGCMSIV(self.sealing[self.current])
        head, where = bytes([self.current]), place.encode()
        sealed = []
        for row, plain in pairs:
            nonce = secrets.token_bytes(_NONCE)
            sealed.append(head + nonce + cipher.encrypt(nonce, plain, _bound(where, row)))
        return sealed

    def open(self, place: str, row: int, sealed: bytes) -> str:
        """The text behind `sealed`. Raises CannotOpen when row, field, key or bytes do not fit."""
        return self.open_many(place, [(row, sealed)])[0]

    def open_many(self, place: str, pairs: Sequence[tuple[int, bytes]]) -> list[str]:
        """Open many sealed texts of one field: pairs of (row key, sealed bytes). Raises CannotOpen."""
        return [plain.decode() for plain in self.open_bytes(place, pairs)]

    def open_bytes(self, place: str, pairs: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """The same for plain bytes."""
        where, opened = place.encode(), []
        ciphers = {number: AESGCMSIV(key) for number, key in self.sealing.items()}
        for row, value in pairs:
            sealed = bytes(value)
            cipher = ciphers.get(sealed[0]) if sealed else None
            if cipher is None:
                raise CannotOpen(place)
            try:
                plain = cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _bound(where, row))
            except InvalidTag as error:
                raise CannotOpen(place) from error
            opened.append(plain)
        return opened

    def blind(self, kind: str, texts: Iterable[str]) -> list[str]:
        """The blind index of each text: 32 hexadecimal characters; `kind` keeps IDs and phones apart."""
        head = kind.encode() + b"\0"
        key = self.index
        return [hmac.digest(key, head + text.encode(), "sha256").hex()[:_INDEX_HEX] for text in texts]


def _bound(place: bytes, row: int) -> bytes:
    return place + b"\0" + row.to_bytes(8, "big")


def new_secret() -> bytes:
    """Thirty-two fresh random bytes, fit for each key of a ring."""
    return secrets.token_bytes(32)
