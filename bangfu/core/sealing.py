"""Sealing: fields that must not be read from a stolen disk, and searching them all the same.

Sealed text is AES-256-GCM-SIV (RFC 8452: safe even where a nonce repeats), or SM4-GCM (GB/T 32907) where the key
was made for it. The associated data are the place of the field ("people.person.id_number") and the key of its row,
so that a value cut out of one row and pasted into another does not open. The first byte names key and cipher, so
that both open side by side while a rotation is under way. The blind index is HMAC-SHA256, or HMAC-SM3, under a key
of its own: equal values meet, and nothing else can be learnt without that key.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC

MOST_KEYS = 64  # numbers 0 to 63: the two high bits of the first byte name the cipher
_SM4_BIT = 0x40
_NONCE = 12
_TAG = 16
_INDEX_HEX = 32

# Both take (nonce, bytes, associated data); sealed bytes end with the tag.
Seal = Callable[[bytes, bytes, bytes], bytes]


class CannotOpen(Exception):
    """The sealed bytes belong to another row, another field or another key, or were changed."""


@dataclass(frozen=True)
class SealedColumn:
    """A column of the register whose values are sealed, as a room declares it for the rotation of keys.

    `model` is "app.Model"; `bound` the column whose number each value is bound to; `index` the column of the blind
    index of the same text and `kind` the kind it was made for, both "" where the column has none.
    """

    model: str
    column: str
    place: str
    bound: str = "id"
    index: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Keyring:
    """The keys of one installation: `sealing` by key number (below 64), `current` the one that seals.

    `sm4` holds the numbers of the keys that were made for SM4-GCM; `index_sm3` says that the blind index is HMAC-SM3.
    """

    sealing: dict[int, bytes]
    current: int
    index: bytes
    sm4: frozenset[int] = frozenset()
    index_sm3: bool = False

    @property
    def head(self) -> int:
        """The first byte of what is sealed now."""
        return self._head(self.current)

    @property
    def heads(self) -> dict[int, int]:
        """The number of each key by the first byte of what it seals."""
        return {self._head(number): number for number in self.sealing}

    def seal(self, place: str, pairs: Iterable[tuple[int, str]]) -> list[bytes]:
        """Seal many texts of one field: pairs of (row key, text), in their order."""
        return self.seal_bytes(place, ((row, text.encode()) for row, text in pairs))

    def seal_bytes(self, place: str, pairs: Iterable[tuple[int, bytes]]) -> list[bytes]:
        """The same for plain bytes, such as a staged part of a file."""
        encrypt, _ = self._cipher(self.current)
        head, where = bytes([self.head]), place.encode() + b"\0"
        listed = list(pairs)
        drawn = secrets.token_bytes(_NONCE * len(listed))  # asking the system once a value cost a third of the time
        sealed = []
        for at, (row, plain) in enumerate(listed):
            nonce = drawn[at * _NONCE : (at + 1) * _NONCE]
            sealed.append(head + nonce + encrypt(nonce, plain, where + row.to_bytes(8, "big")))
        return sealed

    def open(self, place: str, row: int, sealed: bytes) -> str:
        """The text behind `sealed`. Raises CannotOpen when row, field, key or bytes do not fit."""
        return self.open_many(place, [(row, sealed)])[0]

    def open_many(self, place: str, pairs: Sequence[tuple[int, bytes]]) -> list[str]:
        """Open many sealed texts of one field: pairs of (row key, sealed bytes). Raises CannotOpen."""
        return [plain.decode() for plain in self.open_bytes(place, pairs)]

    def open_bytes(self, place: str, pairs: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """The same for plain bytes."""
        where, opened = place.encode() + b"\0", []
        ciphers = {head: self._cipher(number)[1] for head, number in self.heads.items()}
        for row, value in pairs:
            sealed = bytes(value)
            decrypt = ciphers.get(sealed[0]) if sealed else None
            if decrypt is None:
                raise CannotOpen(place)
            try:
                plain = decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], where + row.to_bytes(8, "big"))
            except (InvalidTag, ValueError) as error:
                raise CannotOpen(place) from error
            opened.append(plain)
        return opened

    def reseal(self, place: str, pairs: Sequence[tuple[int, bytes]]) -> list[bytes]:
        """What was sealed under any key of the ring, sealed anew under the current one. Raises CannotOpen."""
        opened = self.open_bytes(place, pairs)
        return self.seal_bytes(place, ((row, plain) for (row, _), plain in zip(pairs, opened, strict=True)))

    def blind(self, kind: str, texts: Iterable[str]) -> list[str]:
        """The blind index of each text: 32 hexadecimal characters; `kind` keeps IDs and phones apart."""
        begun = HMAC(self.index, SM3() if self.index_sm3 else SHA256())
        begun.update(kind.encode() + b"\0")
        indexes = []
        for text in texts:
            one = begun.copy()  # the key and the kind are worked in once, not once a text
            one.update(text.encode())
            indexes.append(one.finalize().hex()[:_INDEX_HEX])
        return indexes

    def _head(self, number: int) -> int:
        return number | (_SM4_BIT if number in self.sm4 else 0)

    def _cipher(self, number: int) -> tuple[Seal, Seal]:
        key = self.sealing[number]
        if number in self.sm4:
            return _sm4(key)
        cipher = AESGCMSIV(key)
        return cipher.encrypt, cipher.decrypt


def _sm4(secret: bytes) -> tuple[Seal, Seal]:
    """SM4-GCM takes 128 bits: those of HMAC-SM3 under the secret. Random nonces hold for 2^32 values a key."""
    cipher = algorithms.SM4(hmac.digest(secret, b"sm4", "sm3")[:16])

    def encrypt(nonce: bytes, plain: bytes, bound: bytes) -> bytes:
        context = Cipher(cipher, modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(bound)
        return context.update(plain) + context.finalize() + context.tag

    def decrypt(nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
        context = Cipher(cipher, modes.GCM(nonce, sealed[-_TAG:])).decryptor()
        context.authenticate_additional_data(bound)
        return context.update(sealed[:-_TAG]) + context.finalize()

    return encrypt, decrypt


def new_secret() -> bytes:
    """Thirty-two fresh random bytes, fit for each key of a ring."""
    return secrets.token_bytes(32)
